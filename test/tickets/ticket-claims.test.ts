import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HelpdeskError, type OpenTicketResult } from '../../src/tickets/helpdesk-client.ts';
import { createDesk } from './desk-harness.ts';

/** How a call ends. */
const RESULTS: Record<string, OpenTicketResult> = {
  opened: { kind: 'opened', reference: 'KVO-530-1' },
  refused: { kind: 'refused', reason: 'No.' },
  unreachable: { kind: 'unreachable', cause: new HelpdeskError('connect', 'refused') },
  unconfirmed: { kind: 'unconfirmed', cause: new HelpdeskError('timeout', 'no answer') },
};

/** A few drafts of one person, with two texts among them. */
const DRAFTS = ['first text', 'second text', 'first text'] as const;

test('however submits race, one text is never sent twice at once, nor again once it may be a ticket', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(
        fc.record({ draft: fc.nat({ max: DRAFTS.length - 1 }), ends: fc.constantFrom(...Object.keys(RESULTS)) }),
        {
          minLength: 2,
          maxLength: 6,
        },
      ),
      async (scheduler, submits) => {
        const inFlight = new Set<string>();
        const settled = new Map<string, string[]>();
        const problems: string[] = [];
        let calls = 0;
        const setting = await createDesk({
          async openTicket({ subject }) {
            const ends = submits[calls]?.ends ?? 'refused';
            calls += 1;
            if (inFlight.has(subject)) problems.push(`${subject} was sent twice at once`);
            const before = settled.get(subject) ?? [];
            if (before.some((one) => one === 'opened' || one === 'unconfirmed'))
              problems.push(`${subject} was sent again`);
            inFlight.add(subject);
            await scheduler.schedule(Promise.resolve(), `the helpdesk answers: ${ends}`);
            inFlight.delete(subject);
            settled.set(subject, [...before, ends]);
            return RESULTS[ends] as OpenTicketResult;
          },
        });
        const drafts = DRAFTS.map((subject) => setting.draft(subject));
        const running = submits.map(async ({ draft }) => {
          const chosen = drafts[draft];
          if (!chosen) throw new Error('No such draft');
          await scheduler.schedule(Promise.resolve(), 'somebody presses submit');
          return { subject: chosen.fields.subject, outcome: await setting.submit(chosen) };
        });
        await scheduler.waitFor(Promise.all(running));
        const told = await Promise.all(running);

        expect(problems).toEqual([]);
        // Never both blocked: whoever stood back did so for one that was sent.
        for (const { subject, outcome } of told) {
          if (outcome !== 'again' && outcome.kind === 'in-progress') expect(settled.has(subject)).toBe(true);
        }
      },
    ),
    { numRuns: 150 },
  );
});

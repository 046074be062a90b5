import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openReusedStorage } from '../support/reused-storage.ts';
import { CALL_RESULTS, type CallEnding, createDesk, START } from './desk-harness.ts';

const MAY_BE_TICKETS = ['opened', 'unconfirmed'];

/** A few drafts of one person, with two texts among them. */
const DRAFTS = ['first text', 'second text', 'first text'] as const;

/** Somebody presses submit or, where they have been told that it may be open, Send anyway. */
const presses = fc.array(
  fc.record({
    draft: fc.nat({ max: DRAFTS.length - 1 }),
    anyway: fc.boolean(),
    ends: fc.constantFrom<CallEnding[]>('opened', 'refused', 'unreachable', 'unconfirmed'),
  }),
  { minLength: 2, maxLength: 8 },
);

const reused = await openReusedStorage(() => START);
afterAll(() => reused.close());

test('however submits race, one text is never sent twice at once, nor again once it may be a ticket, unless somebody wants that', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), presses, async (scheduler, pressed) => {
      const inFlight = new Set<string>();
      const settled = new Map<string, string[]>();
      /** For each text the attempts that the person was told of before they pressed Send anyway. */
      const despite = new Map<string, Set<string>>(DRAFTS.map((subject) => [subject, new Set()]));
      const problems: string[] = [];
      let calls = 0;
      const setting = await createDesk({
        storage: await reused.empty(),
        async openTicket({ subject }) {
          const ends = pressed[calls]?.ends ?? 'refused';
          calls += 1;
          if (inFlight.has(subject)) problems.push(`${subject} was sent twice at once`);
          const before = settled.get(subject) ?? [];
          const allowed = 1 + (despite.get(subject)?.size ?? 0);
          if (before.filter((one) => MAY_BE_TICKETS.includes(one)).length >= allowed) {
            problems.push(`${subject} was sent again`);
          }
          inFlight.add(subject);
          await scheduler.schedule(Promise.resolve(), `the helpdesk answers: ${ends}`);
          inFlight.delete(subject);
          settled.set(subject, [...before, ends]);
          return CALL_RESULTS[ends];
        },
      });
      const drafts = DRAFTS.map((subject) => setting.draft(subject));
      /** The last question under each draft. */
      const asked: (string | undefined)[] = [];
      const running = pressed.map(async ({ draft: number, anyway }) => {
        const draft = drafts[number];
        if (!draft) throw new Error('No such draft');
        const { subject } = draft.fields;
        await scheduler.schedule(Promise.resolve(), 'somebody presses a button');
        const question = anyway ? asked[number] : undefined;
        if (question) despite.get(subject)?.add(question);
        const outcome = await setting.submit(draft, undefined, { confirmed: question });
        if (outcome.attemptId) asked[number] = outcome.attemptId;
        return { subject, outcome };
      });
      await scheduler.waitFor(Promise.all(running));
      const told = await Promise.all(running);

      expect(problems).toEqual([]);
      // Never both blocked: whoever was a duplicate was one of something that was sent.
      for (const { subject, outcome } of told) {
        if (outcome.kind === 'in-progress') expect(settled.has(subject)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

import { expect, test } from 'vitest';
import { classifyReply } from '../../../sandbox/chaos/reply-classifier.ts';
import { asMessage } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import type { HelpdeskFaultName } from '../../../sandbox/helpdesk/faults.ts';
import { StorageError } from '../../../src/storage/record-store.ts';
import { type StorageBreakage, startBreakableConversation } from '../../support/breakable-storage.ts';
import { linkAccount } from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';

/** Changes of a person's record when all goes well: received, its turn, what the call came to, told. */
const CHANGES = 4;

/** Lets the n-th access go wrong, once. The accesses are listed in their order; `done` resolves when that one or all were made. */
function strike(breakage: StorageBreakage, at: number, mishap: 'fails' | 'lands') {
  const accesses: string[] = [];
  let resolve = () => {};
  const done = new Promise<void>((settle) => {
    resolve = settle;
  });
  breakage.around = async ({ namespaces, operation }, run) => {
    const namespace = namespaces.includes('people') ? 'people' : namespaces[0];
    accesses.push(`${operation} ${namespace}`);
    if (accesses.length === at) {
      if (mishap === 'lands') await run();
      resolve();
      throw new StorageError(`Access ${at}, ${operation} ${namespace}, failed.`);
    }
    if (accesses.filter((access) => access === 'change people').length === CHANGES) resolve();
    return run();
  };
  return { accesses, done };
}

/** Everything that stands under a text's message now, follow-ups included. */
const everything = (message: ShownMessage) => [message, ...message.followUps].map(({ text }) => text).join('\n');

test.each<[string, HelpdeskFaultName | undefined, 'fails' | 'lands']>([
  ['opens a ticket', undefined, 'fails'],
  ['opens a ticket', undefined, 'lands'],
  ['opens a ticket and says nothing', 'open-then-reset', 'fails'],
  ['opens a ticket and says nothing', 'open-then-reset', 'lands'],
  ['refuses', 'refused', 'fails'],
  ['refuses', 'refused', 'lands'],
])(
  'wherever the store goes wrong while the helpdesk %s, what is read is true and the text is there (%s, %s)',
  { timeout: 60_000 },
  async (_, fault, mishap) => {
    const { talk, breakage } = await startBreakableConversation({
      env: { TICKETS_PER_HOUR: '1000' },
      tuning: { queue: { retryDelaysMs: [], breakAfterFailures: 1000, breakForMs: 60_000 } },
    });
    const { ada, world } = talk;
    await linkAccount(ada, 'ada@example.org', world);

    async function submit(at: number) {
      const fields = { subject: `Text ${at}`, body: `This is text ${at}.` };
      const form = await ticketForm(ada);
      if (fault) world.helpdesk.fault(fault, { times: 1 });
      const { accesses, done } = strike(breakage, at, mishap);
      const told = asMessage(await form.submit(fields));
      return { fields, accesses, done, told };
    }
    const ticketsOf = (subject: string) => world.helpdesk.tickets.filter((one) => one.subject === subject).length;

    // The first one goes well and shows how many accesses there are: the last one is that the person was told.
    const well = await submit(Number.POSITIVE_INFINITY);
    await well.done;
    const last = well.accesses.length;
    breakage.around = undefined;
    expect(last).toBeGreaterThanOrEqual(6);

    for (let at = 1; at <= last; at += 1) {
      const { fields, accesses, done, told } = await submit(at);
      await done;
      breakage.around = undefined;
      world.helpdesk.clearFaults();
      const where = `${at}: ${accesses[at - 1]}`;
      const { kind } = classifyReply(told);
      const tickets = ticketsOf(fields.subject);
      if (kind === 'opened') expect({ where, tickets }).toEqual({ where, tickets: 1 });
      else if (kind === 'nothing') expect({ where, tickets }).toEqual({ where, tickets: 0 });
      else expect({ where, kind }).toEqual({ where, kind: 'maybe' });

      const labels = told.buttons.map(({ label }) => label);
      if (kind !== 'opened' && !everything(told).includes(fields.body)) {
        expect({ where, labels }).toEqual({ where, labels: expect.arrayContaining(['Show my text']) });
        expect(asMessage(await told.click('Show my text')).text).toContain(fields.body);
      }
      if (labels.includes('Try again')) {
        const again = asMessage(await told.click('Try again'));
        const after = classifyReply(again).kind;
        expect({ where, after, tickets: ticketsOf(fields.subject) }).toEqual({
          where,
          after: expect.stringMatching(/opened|maybe/),
          tickets: after === 'opened' ? 1 : tickets,
        });
      }
      // Who was told is not told again.
      await ticketForm(ada);
    }
  },
);

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MailResult } from '../../src/accounts/mailer.ts';
import { wrongCode } from '../support/wrong-code.ts';
import { ADA, codeOf, createVerification, EVE, MINUTE_MS } from './verification-harness.ts';

const PEOPLE = [ADA, EVE] as const;
const ADDRESSES = ['ada@example.org', 'victim@example.org'] as const;

const person = fc.constantFrom(...PEOPLE);
const act = fc.oneof(
  fc.record({
    kind: fc.constant('ask' as const),
    person,
    email: fc.constantFrom(...ADDRESSES),
    mail: fc.constantFrom<MailResult['kind']>('sent', 'sent', 'unconfirmed', 'refused', 'bot-refused', 'unreachable'),
  }),
  fc.record({ kind: fc.constant('ask again' as const), person }),
  /** A code of one of the last mails, whoever asked for it. */
  fc.record({ kind: fc.constant('enter' as const), person, mail: fc.nat({ max: 3 }) }),
  fc.record({ kind: fc.constant('guess' as const), person, times: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ kind: fc.constant('forget' as const), person }),
);

/** What a person may prove at the moment. */
interface Waiting {
  readonly email: string;
  /** Undefined when no mail with it was sent. */
  readonly code: string | undefined;
  readonly until: number;
  tries: number;
}

test('whatever is done in which order, an address is linked only by the code that was mailed to it last', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 30 }), async (acts) => {
      let answer: MailResult['kind'] = 'sent';
      const setting = await createVerification({ send: async () => ({ kind: answer }) });
      const { verification, links, clock, mails } = setting;
      /** What everybody can follow with paper and pencil. */
      const waiting = new Map<string, Waiting>();
      const linked = new Map<string, string>();

      const asked = (id: string, email: string) => {
        const code = answer === 'sent' || answer === 'unconfirmed' ? codeOf(mails.at(-1)) : undefined;
        if (answer === 'refused') waiting.delete(id);
        else waiting.set(id, { email, code, until: clock.now + 15 * MINUTE_MS, tries: 5 });
      };
      const entered = async (id: string, code: string) => {
        const pending = waiting.get(id);
        const counts = pending?.code !== undefined && clock.now < pending.until && pending.tries > 0;
        const isRight = counts && code === pending.code;
        if (isRight) {
          linked.set(id, pending.email);
          waiting.delete(id);
        } else if (counts) pending.tries -= 1;
        const { kind } = await verification.confirm(id, code);
        expect(kind === 'linked').toBe(isRight);
        expect(kind === 'wrong-code').toBe(counts && !isRight);
      };

      for (const one of acts) {
        switch (one.kind) {
          case 'ask':
            answer = one.mail;
            await verification.request(one.person, one.email);
            asked(one.person.id, one.email);
            break;
          case 'ask again': {
            answer = 'sent';
            const pending = waiting.get(one.person.id);
            const isKept = pending !== undefined && clock.now < pending.until;
            expect((await verification.requestAgain(one.person)).kind).toBe(isKept ? 'sent' : 'nothing-pending');
            if (isKept) asked(one.person.id, pending.email);
            break;
          }
          case 'enter': {
            const mail = mails.at(-1 - one.mail);
            if (mail) await entered(one.person.id, codeOf(mail));
            break;
          }
          case 'guess':
            for (let time = 1; time <= one.times; time += 1) {
              const code = waiting.get(one.person.id)?.code ?? '123456';
              await entered(one.person.id, wrongCode(code, time));
            }
            break;
          case 'wait':
            clock.now += one.minutes * MINUTE_MS;
            break;
          case 'forget':
            await verification.forget(one.person.id);
            waiting.delete(one.person.id);
            break;
        }
        for (const { id } of PEOPLE) expect((await links.find(id))?.email).toBe(linked.get(id));
      }
      await setting.storage.close();
    }),
    { numRuns: 150 },
  );
});

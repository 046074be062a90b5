import { InteractionType } from 'discord-api-types/v10';
import { describe, expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { openSqliteFile } from '../../../src/storage/backends/sqlite-database.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { createBreakableStorage, type StorageBreakage } from '../../support/breakable-storage.ts';
import { type Conversation, linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';
import { wrongCode } from '../../support/wrong-code.ts';

const ask = async (place: Place, email: string) =>
  asMessage(await asModal(await place.slash('link')).submit({ email }));
/** Submits a form that this person was never shown. */
const forge = async (place: Place, customId: string, fields: Record<string, string | string[]> = {}) =>
  asMessage(await place.sendRaw({ type: InteractionType.ModalSubmit, customId, fields }));
const isLinked = async (place: Place) =>
  asMessage(await place.slash('account')).text.includes('No account is linked') === false;

/** A person who asked for a code, the code, and eve, who wants the account. */
async function startWithEve(env: Record<string, string> = {}) {
  const talk = await startConversation({ env });
  const { ada, world } = talk;
  const eve = talk.join('eve');
  const sent = await ask(ada, 'ada@example.org');
  const code = codeIn(await world.mailbox.next('ada@example.org')) ?? '';
  return { talk, ada, eve, world, sent, code };
}

test('a code does nothing for anybody but the person who asked for it', async () => {
  const { ada, eve, world, sent, code } = await startWithEve();
  expect((await forge(eve, 'link-code', { code })).text).toContain('No code is waiting');
  // Nor by way of the other's own message, nor after asking for a code to the same address.
  expect((await eve.sendRaw({ customId: 'link-send-again', message: sent })).kind).not.toBe('modal');
  await ask(eve, 'ada@example.org');
  const second = codeIn(await world.mailbox.next('ada@example.org'));
  if (second !== code) expect((await forge(eve, 'link-code', { code })).text).toContain('Wrong code');
  expect(await isLinked(eve)).toBe(false);
  expect(asMessage(await eve.slash('ticket')).text).toContain('email first');
  expect((await forge(ada, 'link-code', { code })).text).toContain('is linked');
});

test('"Send again" without an address that waits mails nothing', async () => {
  const { eve, world, sent } = await startWithEve();
  const shown = asMessage(await eve.sendRaw({ customId: 'link-send-again', message: sent }));
  expect(shown.text).toContain('Nothing was sent');
  expect(world.mailbox.mails).toHaveLength(1);
});

test('a hundred guesses at once are five', async () => {
  const { ada, code } = await startWithEve();
  const guesses = Array.from({ length: 100 }, (_, index) =>
    forge(ada, 'link-code', { code: wrongCode(code, index + 1) }),
  );
  const answers = await Promise.all(guesses);
  expect(answers.filter(({ text }) => text.includes('Wrong code'))).toHaveLength(5);
  expect((await forge(ada, 'link-code', { code })).text).toContain('no longer works');
  expect(await isLinked(ada)).toBe(false);
});

test('while the mail server is down, asking and guessing for ever proves nothing', async () => {
  const { talk, ada, world, code } = await startWithEve();
  await world.mailbox.down();
  for (let round = 0; round < 5; round += 1) {
    await forge(ada, 'link', { email: 'victim@example.org' });
    expect((await forge(ada, 'link-code', { code })).text).toContain('no longer works');
  }
  expect(talk.logged.join()).not.toContain('victim');
  expect(await isLinked(ada)).toBe(false);
});

test('ten accounts fill no mailbox, however they spell the address', async () => {
  const { talk, world } = await startWithEve();
  const spell = [
    'victim',
    'VICTIM',
    'vic.tim',
    'victim+1',
    'victim+2',
    'v.i.c.t.i.m',
    'Victim+x',
    'vicTim',
    'v.ictim',
    'victim',
  ];
  await Promise.all(spell.map((name, index) => ask(talk.join(`sock${index}`), `${name}@example.com`)));
  expect(world.mailbox.mails.filter(({ to }) => to.join().endsWith('@example.com'))).toHaveLength(3);
});

describe('no mail goes anywhere for', () => {
  test.each([
    ['a second header', { email: 'ada@example.org\r\nBcc: eve@example.org' }],
    ['a list of addresses', { email: 'ada@example.org, eve@example.org' }],
    ['a display name', { email: '"ada@example.org" <eve@example.org>' }],
    ['a very long text', { email: `${'a'.repeat(4000)}@example.org` }],
    ['blanks', { email: '   ' }],
    ['no text at all', { email: '' }],
    ['a list in place of a text', { email: ['ada@example.org'] }],
    ['a field of another form', { code: 'ada@example.org' }],
    ['no field', {}],
  ] as const)('%s', async (_, fields) => {
    const { ada, world } = await startConversation();
    const shown = await forge(ada, 'link', fields as Record<string, string | string[]>);
    expect(shown.ephemeral).toBe(true);
    expect(shown.text).toContain("can't use that as an email address");
    expect(world.mailbox.mails).toEqual([]);
    expect(await isLinked(ada)).toBe(false);
  });
});

describe('no account is linked by', () => {
  test.each([
    ['a form for the code without a code', 'link-code', {}],
    ['a list in place of the code', 'link-code', { code: ['000000'] }],
    ['an empty code', 'link-code', { code: '' }],
    ['an address in the place of an ID', 'link-code:ada@example.org', { code: '000000' }],
    ['a form that does not exist', 'link-approve', { email: 'ada@example.org' }],
  ] as const)('%s', async (_, customId, fields) => {
    const { ada } = await startWithEve();
    await forge(ada, customId, fields as Record<string, string | string[]>);
    expect(await isLinked(ada)).toBe(false);
  });

  test.each(['link-approve', 'link-refuse', 'link-send-again', 'link-linked', 'account-escalation-on'])(
    'the button %s, which was never shown',
    async (name) => {
      const { ada, eve } = await startWithEve();
      const shown = await eve.sendRaw({ customId: `${name}:${eve.user.id}:x` });
      expect(shown.kind).toBe('message');
      await ada.sendRaw({ customId: `${name}:${ada.user.id}:x` });
      expect([await isLinked(ada), await isLinked(eve)]).toEqual([false, false]);
    },
  );
});

test('no code, no address and no name of a person stands in the log, whatever is done', async () => {
  const { talk, ada, world, code } = await startWithEve();
  await forge(ada, 'link', { email: 'ada@example.org\nBcc: eve@example.org' });
  world.mailbox.fault = 'refuse';
  await ask(ada, 'nobody@example.org');
  world.mailbox.fault = undefined;
  await ask(ada, 'ada@example.org');
  const second = codeIn(world.mailbox.mails.at(-1) as (typeof world.mailbox.mails)[number]) ?? '';
  await forge(ada, 'link-code', { code: second });
  await asMessage(await ada.slash('account')).click('Export my data');
  await asMessage(await ada.slash('account')).click('Unlink');
  await talk.stop();
  const log = talk.logged.join('\n');
  expect(log).not.toMatch(/@example|Bcc/);
  const messages = talk.logged.map((line) => ({ ...JSON.parse(line), time: 0 }));
  for (const secret of [code, second]) expect(JSON.stringify(messages)).not.toContain(`"${secret}"`);
});

describe('a store that was tampered with opens no ticket in another name', () => {
  /** Changes rows while the bot is stopped. */
  async function tamper(talk: Conversation, sql: string, ...values: string[]): Promise<void> {
    await talk.stop();
    const database = await openSqliteFile(talk.storeFile);
    await database.write((connection) => connection.run(sql, ...values));
    await database.close();
    await talk.start();
  }

  test("a victim's link that was moved to one's own key", async () => {
    const { talk, ada, eve, world } = await startWithEve();
    await linkAccount(ada, 'ada@example.org', world);
    await tamper(talk, "UPDATE records SET key = ? WHERE namespace = 'links' AND key = ?", eve.user.id, ada.user.id);
    expect(asMessage(await eve.slash('ticket')).text).toContain("The bot can't use its storage");
    const forged = await forge(eve, 'ticket:AAAAAAAAAAAAAAAA', { subject: 'Hello', product: '', body: 'I am ada' });
    expect(forged.text).toContain('interrupted');
    expect(world.helpdesk.tickets).toEqual([]);
  });

  test("a pending code whose address was changed to a victim's", async () => {
    const { talk, ada, world, code } = await startWithEve();
    await tamper(
      talk,
      "UPDATE records SET value = replace(value, 'ada@example.org', ?) WHERE namespace = 'codes'",
      'victim@example.org',
    );
    expect((await forge(ada, 'link-code', { code })).text).toContain('Wrong code');
    expect(await isLinked(ada)).toBe(false);
    expect(world.helpdesk.tickets).toEqual([]);
  });
});

describe('a store that fails', () => {
  async function startBreakable() {
    let breakage = {} as StorageBreakage;
    const talk = await startConversation({
      tuning: {
        async openStorage(options) {
          const breakable = createBreakableStorage(await openStorage(options));
          breakage = breakable.breakage;
          return breakable.storage;
        },
      },
    });
    const fail = (...broken: string[]) => {
      breakage.broken = new Set(broken);
    };
    return { talk, ada: talk.ada, world: talk.world, fail };
  }

  test('mails no code that it could not keep', async () => {
    const { ada, world, fail } = await startBreakable();
    for (const namespace of ['codes', 'limit-mails-of-person', 'limit-mails-to-address', 'links']) {
      fail(namespace);
      expect((await ask(ada, 'ada@example.org')).text).toContain("The bot can't use its storage");
    }
    expect(world.mailbox.mails).toEqual([]);
  });

  test('says so when a code is entered, and never that the person is linked or that they are not', async () => {
    const { ada, world, fail } = await startBreakable();
    await ask(ada, 'ada@example.org');
    const code = codeIn(await world.mailbox.next()) ?? '';
    fail('links');
    expect((await forge(ada, 'link-code', { code })).text).toContain("The bot can't use its storage");
    expect(asMessage(await ada.slash('account')).text).toContain("The bot can't use its storage");
    expect(asMessage(await ada.slash('ticket')).text).toContain("The bot can't use its storage");
    fail();
    expect(await isLinked(ada)).toBe(false);
    // The code was right, and is not used up by a store that failed.
    expect((await forge(ada, 'link-code', { code })).text).toContain('is linked');
    expect(world.mailbox.mails).toHaveLength(1);
    expect((await submitTicket(ada, { subject: 'It works', body: 'again' })).text).toContain('is open');
  });
});

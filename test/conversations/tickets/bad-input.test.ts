import { ComponentType, InteractionType } from 'discord-api-types/v10';
import { describe, expect, test } from 'vitest';
import type { Place, RawAct } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { World } from '../../../sandbox/world.ts';
import { startConversation } from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };

async function startLinked() {
  const talk = await startConversation({ env: { LINK_VERIFICATION: 'none' } });
  asMessage(await asModal(await talk.ada.slash('link')).submit({ email: 'ada@example.org' }));
  return { ada: talk.ada, world: talk.world };
}

/** Sends a form past Discord's client. @returns What is read, which must be private. */
async function send(place: Place, raw: RawAct): Promise<string> {
  const { text, ephemeral } = asMessage(await place.sendRaw({ type: InteractionType.ModalSubmit, ...raw }));
  expect(ephemeral).toBe(true);
  return text;
}

function expectNothingSent({ helpdesk }: World): void {
  expect(helpdesk.calls.filter(({ operation }) => operation === 'api_openTicket')).toEqual([]);
}

describe('a ticket form is answered privately, and nothing is sent, when', () => {
  test.each([
    ['blanks', '   \t '],
    ['blanks of all kinds', '\u00A0\u2003\u3000\u2028\u1680'],
    ['invisible characters', '\u200B\u200D\u2060\uFEFF\u00AD\u061C\u180E'],
    ['letters that look like nothing', '\u3164\u115F\u1160\uFFA0\u2800\u17B4\u034F'],
    ['variation selectors and tags', '\uFE0F\uFE0E\u{E0100}\u{E0041}'],
    ['direction marks', '\u202E\u2066\u2069\u200F'],
    ['control characters', '\u0000\u0007\u001B'],
    ['nothing', ''],
  ])('its subject is %s', async (_what, subject) => {
    const { ada, world } = await startLinked();
    const form = await ticketForm(ada);
    const told = asMessage(await form.submit({ ...FIELDS, subject }, { raw: true }));
    expect(told.ephemeral).toBe(true);
    expect(told.text).toContain('Please fix this first');
    expect(told.text).toContain('- The subject is empty.');
    expectNothingSent(world);
    const again = asModal(await told.click('Edit'));
    expect(again.field('body').value).toBe(FIELDS.body);
    expect(asMessage(await again.submit({ subject: FIELDS.subject })).text).toContain('is open');
  });

  test.each<[string, RawAct['fields'], string[]]>([
    ['all fields are missing', {}, ['The subject is empty.', 'The description is empty.']],
    ['the subject is missing', { body: 'x' }, ['The subject is empty.']],
    ['the body is missing', { subject: 'x' }, ['The description is empty.']],
    ['the body is an empty choice', { subject: 'x', body: [] }, ['The description is empty.']],
    ['the subject has a line break', { subject: 'x\nBcc: eve', body: 'x' }, ['The subject has a line break in it.']],
    ['the product has a line break', { ...FIELDS, product: 'a\rb' }, ['The product has a line break in it.']],
    [
      'the subject is too long',
      { subject: 'x'.repeat(151), body: 'x' },
      ['The subject is longer than 150 characters.'],
    ],
    [
      'the body is too long',
      { subject: 'x', body: 'x'.repeat(4001) },
      ['The description is longer than 4000 characters.'],
    ],
    [
      'the product is too long',
      { ...FIELDS, product: 'x'.repeat(101) },
      ['The product is longer than 100 characters.'],
    ],
  ])('%s', async (_what, fields, issues) => {
    const { ada, world } = await startLinked();
    const text = await send(ada, { customId: 'ticket:AAAAAAAAAAAAAAAA', fields: fields ?? {} });
    for (const issue of issues) expect(text).toContain(`- ${issue}`);
    expect(text).toContain('**Nothing was sent**');
    expectNothingSent(world);
  });

  test('its fields are of a kind that no form of ours has', async () => {
    const { ada, world } = await startLinked();
    const components = ['subject', 'body'].map((custom_id, id) => ({
      type: ComponentType.Label,
      id: 10 + id,
      component: { type: ComponentType.Checkbox, id: 20 + id, custom_id, value: true },
    }));
    const text = await send(ada, { customId: 'ticket:AAAAAAAAAAAAAAAA', data: { components } });
    expect(text).toContain('The subject is empty.');
    expectNothingSent(world);
  });
});

test.each(['x'.repeat(93), 'a/b', '../x', '', 'a:b:c', '\u0000', '😀'])(
  'a form with a draft ID that is none of ours (%j) becomes one ticket, told as such',
  async (draftId) => {
    const { ada, world } = await startLinked();
    const text = await send(ada, { customId: `ticket:${draftId}`, fields: FIELDS });
    expect(text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
    expect(world.helpdesk.tickets).toHaveLength(1);
  },
);

test.each(['ticket-retry', 'ticket-edit', 'ticket-text', 'ticket-anyway', 'escalate-onward', 'escalate-again'])(
  'a button %s with whatever in it does nothing, and says so',
  async (name) => {
    const { ada, world } = await startLinked();
    for (const id of ['x'.repeat(99 - name.length), 'AAAAAAAAAAAAAAAA', '', 'a/b', '\u0000']) {
      const { text } = asMessage(await ada.sendRaw({ customId: `${name}:${id}` }));
      expect(text).toMatch(/This text is gone|Only moderators/);
    }
    expectNothingSent(world);
  },
);

describe('an address is answered privately, and nothing is sent, when it', () => {
  test.each([
    ['has a line break', 'ada@example.org\r\nBcc: eve@example.org'],
    ['ends with a line break', 'ada@example.org\n'],
    ['is two addresses', 'ada@example.org,eve@example.org'],
    ['has a name', 'Ada <ada@example.org>'],
    ['is not in ASCII', 'ada@exämple.org'],
    ['is blank', '   '],
    ['is too long', `${'a'.repeat(250)}@example.org`],
    ['is missing', undefined],
  ])('%s', async (_what, email) => {
    const { ada, world } = await startConversation();
    const text = await send(ada, { customId: 'link', fields: email === undefined ? {} : { email } });
    expect(text).toContain("can't use that as an email address");
    expect(text).toContain('Nothing was sent');
    expect(world.mailbox.mails).toEqual([]);
  });

  test('is a choice of a menu', async () => {
    const { ada, world } = await startConversation();
    expect(await send(ada, { customId: 'link', fields: { email: ['ada@example.org'] } })).toContain(
      "can't use that as an email address",
    );
    expect(world.mailbox.mails).toEqual([]);
  });
});

test('a code that is missing or of another kind is no code', async () => {
  const { ada } = await startConversation();
  const forms: RawAct['fields'][] = [{}, { code: ['123456'] }, { code: '' }];
  for (const fields of forms) {
    expect(await send(ada, { customId: 'link-code', ...(fields && { fields }) })).toContain(
      'No code is waiting for you',
    );
  }
});

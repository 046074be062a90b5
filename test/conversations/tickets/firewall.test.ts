import { expect, test } from 'vitest';
import { asMessage } from '../../../sandbox/discord/people/shown.ts';
import { linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';

/** Two members, one of whom writes what a firewall in front of the helpdesk does not like. */
async function startBehindFirewall(status: number) {
  const conversation = await startConversation();
  const { ada, world } = conversation;
  const eve = conversation.join('eve');
  await linkAccount(ada, 'ada@example.org', world);
  await linkAccount(eve, 'eve@example.org', world);
  world.helpdesk.firewall = { dislikes: /\/etc\/passwd/, status };
  return { ...conversation, world, ada, eve };
}

const DESPITE_DOUBT = 'Send it again: it may become a second ticket';
const DISLIKED = { subject: 'What is this?', body: 'Somebody asks for /etc/passwd again and again.' };

test.each([400, 403, 406, 413, 415, 418, 429, 451])(
  'a text that is refused with %i shuts the helpdesk for nobody, whoever sends it how often',
  async (status) => {
    const { ada, eve, world } = await startBehindFirewall(status);
    for (let i = 0; i < 6; i += 1) {
      const told = await submitTicket(eve, { ...DISLIKED, subject: `What is this ${i}?` });
      expect(told.text).toContain(
        status === 429 ? "isn't taking more requests" : 'Something in front of the helpdesk blocked',
      );
      const first = told.text.includes('Probably not opened') ? DESPITE_DOUBT : 'Try again';
      expect(told.buttons.map(({ label }) => label)).toEqual([first, 'Edit', 'Show my text']);
    }
    expect((await submitTicket(ada, { subject: 'My server is down', body: 'Please.' })).text).toContain('is open');
    expect(world.helpdesk.tickets).toHaveLength(1);
  },
);

test.each([
  [403, 'Probably not opened'],
  [413, '**No ticket was opened**'],
])('a text that is refused with %i can be changed, and is sent then', async (status, words) => {
  const { eve, world } = await startBehindFirewall(status);
  const told = await submitTicket(eve, DISLIKED);
  expect(told.text).toContain(words);
  const form = await told.click('Edit');
  if (!('submit' in form)) throw new Error('No form');
  let after = asMessage(await form.submit({ ...DISLIKED, body: 'Somebody asks for a file again and again.' }));
  // Where the first text may be a ticket, that has to be said before a second one is opened.
  if (status === 403) after = asMessage(await after.click('Send it again'));
  expect(after.text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a ticket whose answer a firewall keeps back is a doubt', async () => {
  const { eve, world } = await startBehindFirewall(403);
  world.helpdesk.fault('forbidden-answer', { times: 1 });
  const told = await submitTicket(eve, { subject: 'My server is down', body: 'Please.' });
  expect(told.text).toContain('Probably not opened');
  expect(told.text).not.toMatch(/(nothing|no ticket) was opened/i);
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a firewall that lets the bot itself not in is an outage, and blames no text', async () => {
  const { ada, world } = await startBehindFirewall(403);
  world.helpdesk.fault('forbidden', { operation: 'api_login' });
  const told = await submitTicket(ada, { subject: 'My server is down', body: 'Please.' });
  expect(told.text).toContain("Can't reach the helpdesk right now");
});

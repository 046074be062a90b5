import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
const labels = (message: ShownMessage) => message.buttons.map(({ label }) => label);

/** Ada has written a ticket that the helpdesk refused, and has dismissed the message about it. */
async function startWithUnsent() {
  const talk = await startConversation();
  await linkAccount(talk.ada, 'ada@example.org', talk.world);
  talk.world.helpdesk.fault('refused', { times: 1 });
  const refused = await submitTicket(talk.ada, FIELDS);
  refused.dismiss();
  return { ...talk, talk, ada: talk.ada, world: talk.world };
}

test('a text whose message was dismissed is offered before the next form, also after a restart, and can be sent', async () => {
  const { talk, ada, world } = await startWithUnsent();
  await talk.stop();
  await talk.start();
  const shown = asMessage(await ada.slash('ticket'));
  expect(shown.ephemeral).toBe(true);
  expect(shown.text).toContain('You have an unsent ticket');
  expect(shown.text).toContain(FIELDS.subject);
  expect(shown.text).toMatch(/Written <t:\d+:R>, kept until <t:\d+:f>/);
  expect(labels(shown)).toEqual(['Send', 'Edit', 'Show my text', 'Delete', 'New ticket']);
  const opened = asMessage(await shown.click('Send'));
  expect(opened.text).toContain('is open');
  expect(world.helpdesk.tickets.map(({ subject }) => subject)).toEqual([FIELDS.subject]);
  asModal(await ada.slash('ticket'));
});

test('who wants to write another ticket can, and both stay', async () => {
  const { ada, world } = await startWithUnsent();
  const form = asModal(await asMessage(await ada.slash('ticket')).click('New ticket'));
  await form.submit({ subject: 'Another thing', body: 'Please.' });
  expect(world.helpdesk.tickets.map(({ subject }) => subject)).toEqual(['Another thing']);
  expect(asMessage(await ada.slash('ticket')).text).toContain(FIELDS.subject);
});

test('a deleted text is offered no more', async () => {
  const { ada } = await startWithUnsent();
  const shown = asMessage(await ada.slash('ticket'));
  const left = asMessage(await shown.click('Delete'));
  expect(left.text).toContain('No unsent tickets');
  asModal(await ada.slash('ticket'));
});

test('several texts are shown newest first, with the number of those that have no room', async () => {
  const { ada, world } = await startWithUnsent();
  for (const number of [2, 3, 4, 5]) {
    world.helpdesk.fault('refused', { times: 1 });
    await (await ticketForm(ada)).submit({ subject: `Ticket ${number}`, body: 'Please.' });
  }
  const shown = asMessage(await ada.slash('ticket'));
  expect(shown.text).toContain('You have 5 unsent tickets');
  expect(shown.text).toContain('The newest 4 are here');
  expect(shown.text.indexOf('Ticket 5')).toBeLessThan(shown.text.indexOf('Ticket 2'));
  expect(shown.text).not.toContain(FIELDS.subject);
});

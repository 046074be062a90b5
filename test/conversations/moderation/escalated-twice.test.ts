import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { createBreakableStorage, type StorageBreakage } from '../../support/breakable-storage.ts';
import { linkAccount } from '../../support/conversation.ts';
import { escalate, type Moderated, startModerated } from '../../support/moderated.ts';

const HOUR_MS = 3_600_000;
const references = ({ talk }: Moderated) => talk.world.helpdesk.tickets.map(({ reference }) => reference);
const labels = ({ buttons }: { buttons: readonly { label: string }[] }) => buttons.map(({ label }) => label);

test('the same message twice names the ticket and its moderator, and Escalate again opens a second one', async () => {
  const scene = await startModerated();
  const { ada, mia, max } = scene;
  const message = await ada.say('Help');
  asMessage(await (await escalate(mia, message)).submit({ behalf: ['community'] }));

  const known = asMessage(await max.messageCommand('Escalate to ticket', message));
  expect(known.ephemeral).toBe(true);
  expect(known.text).toContain(`Already escalated as ${references(scene)[0]}`);
  expect(references(scene)).toHaveLength(1);
  const form = asModal(await known.click('Open a second ticket'));
  asMessage(await form.submit({ behalf: ['community'], body: 'It is worse now' }));
  expect(references(scene)).toHaveLength(2);
  // The next one is told of the last ticket.
  const last = asMessage(await mia.messageCommand('Escalate to ticket', message));
  expect(last.text).toContain(`Already escalated as ${references(scene)[1]}`);
});

test('it is known after a restart, and when the message was edited in between', async () => {
  const scene = await startModerated();
  const { talk, ada, mia, max, restart } = scene;
  const message = await ada.say('Help');
  asMessage(await (await escalate(mia, message)).submit({ behalf: ['community'] }));
  const { world } = talk.world.discord;
  const posted = world.messages.get(message.id);
  if (!posted) throw new Error('The message is gone');
  world.edit(posted, { content: 'Help, it burns' });
  await restart();

  const known = asMessage(await max.messageCommand('Escalate to ticket', message));
  expect(known.text).toContain(`Already escalated as ${references(scene)[0]}`);
  const form = asModal(await known.click('Open a second ticket'));
  expect(form.field('body').value).toContain('> Help, it burns');
});

test('a form that was open meanwhile does not open a second ticket, whatever was changed in it', async () => {
  const scene = await startModerated();
  const { ada, mia, max } = scene;
  const message = await ada.say('Help');
  const late = await escalate(max, message);
  asMessage(await (await escalate(mia, message)).submit({ behalf: ['community'] }));
  const known = asMessage(await late.submit({ behalf: ['community'], subject: 'Other', body: 'words' }));
  expect(known.text).toContain(`Already escalated as ${references(scene)[0]}`);
  expect(labels(known)).toEqual(['Open a second ticket', 'Edit', 'Show my text']);
  expect(references(scene)).toHaveLength(1);
  expect(asMessage(await known.click('Open a second ticket')).text).toContain('is open');
  expect(references(scene)).toHaveLength(2);
});

test('a moderator’s own message that they and a colleague escalate is one ticket', async () => {
  const scene = await startModerated();
  const { mia, max } = scene;
  const message = await mia.say('The status page is down');
  asMessage(await (await escalate(mia, message)).submit({ behalf: ['community'] }));
  const known = asMessage(await max.messageCommand('Escalate to ticket', message));
  expect(known.text).toContain('Already escalated');
  expect(references(scene)).toHaveLength(1);
});

test('two moderators at the same moment open one ticket, and the other is told', async () => {
  const scene = await startModerated();
  const { talk, ada, mia, max } = scene;
  const message = await ada.say('Help');
  const forms = [await escalate(mia, message), await escalate(max, message)];
  talk.world.helpdesk.fault('hang', { times: 1 });
  const called = talk.world.helpdesk.nextCall('api_openTicket');
  const replies = forms.map((form) => form.submit({ behalf: ['community'] }));
  await called;
  const first = asMessage(await Promise.race(replies));
  expect(first.text).toContain('Being escalated right now');
  expect(references(scene)).toEqual([]);
  talk.world.helpdesk.release();
  const texts = (await Promise.all(replies)).map((reply) => asMessage(reply).text);
  expect(texts.filter((text) => text.includes('is open'))).toHaveLength(1);
  expect(references(scene)).toHaveLength(1);
  expect(asMessage(await first.click('Try again')).text).toContain(`Already escalated as ${references(scene)[0]}`);
  expect(references(scene)).toHaveLength(1);
});

test('two moderators who press Escalate again at the same moment open one ticket more', async () => {
  const scene = await startModerated();
  const { talk, ada, mia, max } = scene;
  const message = await ada.say('Help');
  asMessage(await (await escalate(mia, message)).submit({ behalf: ['community'] }));
  const again = async (moderator: typeof mia) =>
    asModal(
      await asMessage(await moderator.messageCommand('Escalate to ticket', message)).click('Open a second ticket'),
    );
  const forms = [await again(mia), await again(max)];
  talk.world.helpdesk.latencyMs = 50;
  const replies = await Promise.all(
    forms.map((form, i) => form.submit({ behalf: ['community'], subject: `Once more ${i}` })),
  );
  expect(replies.filter((reply) => asMessage(reply).text.includes('is open'))).toHaveLength(1);
  expect(references(scene)).toHaveLength(2);
});

test('who comes while a colleague escalates reads so, and opens nothing without having seen the form', async () => {
  const scene = await startModerated();
  const { talk, ada, mia, max } = scene;
  const message = await ada.say('Help');
  const form = await escalate(mia, message);
  // The helpdesk says no in the end, so the message is nobody's ticket.
  talk.world.helpdesk.fault('refused', { times: 1 });
  talk.world.helpdesk.latencyMs = 300;
  const called = talk.world.helpdesk.nextCall('api_openTicket');
  const refused = form.submit({ behalf: ['community'] });
  await called;
  const waiting = asMessage(await max.messageCommand('Escalate to ticket', message));
  expect(waiting.text).toContain('Being escalated right now');
  expect(labels(waiting)).toEqual(['Look again']);
  expect(asMessage(await refused).text).toContain('Nothing was opened');

  const own = asModal(await waiting.click('Look again'));
  expect(references(scene)).toEqual([]);
  asMessage(await own.submit({ behalf: ['community'] }));
  expect(references(scene)).toHaveLength(1);
});

test('a message whose escalation may be a ticket is asked about, by whom it was, before it is sent again', async () => {
  const scene = await startModerated();
  const { talk, ada, mia, max } = scene;
  const message = await ada.say('Help');
  const form = await escalate(mia, message);
  const late = await escalate(max, message);
  talk.world.helpdesk.fault('open-then-reset', { times: 1 });
  const unconfirmed = asMessage(await form.submit({ behalf: ['community'] }));
  expect(unconfirmed.text).toContain('Not sure it went through');

  for (const moderator of [mia, max]) {
    const asked = asMessage(await moderator.messageCommand('Escalate to ticket', message));
    expect(asked.text).toContain('This may be open already');
    expect(asked.text).toContain(moderator === mia ? 'by you' : `by <@${mia.user.id}>`);
    // Nobody has typed anything yet, and the mailbox is not the moderator's.
    expect(asked.text).not.toContain('your text');
    expect(asked.text).toContain("Ask whoever reads the account's email first");
    expect(asked.text).toContain('Otherwise send it again');
    expect(labels(asked)).toEqual(['Send it again: it may become a second ticket']);
  }
  const held = asMessage(await late.submit({ behalf: ['community'], body: 'Other words' }));
  expect(held.text).toContain('This may be open already');
  expect(unconfirmed.buttons[0]?.label).toContain('it may become a second ticket');
  expect(references(scene)).toHaveLength(1);
  expect(asMessage(await held.click('Send it again')).text).toContain('is open');
  expect(references(scene)).toHaveLength(2);
});

test('a form whose escalation became a ticket meanwhile is not sent on the own account, whatever is pressed', async () => {
  const { talk, ada, mia } = await startModerated();
  await linkAccount(mia, 'mia@example.org', talk.world);
  const form = await escalate(mia, await ada.say('Help'));
  asMessage(await form.submit({ behalf: ['community'] }));
  const expired = asMessage(await form.submit({ behalf: ['community'], body: 'More' }));
  // It looks once more whether what it has told still holds.
  await talk.stop();
  expect(expired.text).toContain('This escalation timed out');
  expect(expired.buttons.map(({ label }) => label)).toEqual(['Show my text']);
  expect(talk.world.helpdesk.tickets).toHaveLength(1);
});

test('a text whose escalation has expired is not sent by an older Try again, past the ticket of its message', async () => {
  const { talk, ada, mia, max } = await startModerated();
  await linkAccount(max, 'max@example.org', talk.world);
  const message = await ada.say('Help');
  const form = await escalate(max, message);
  talk.world.helpdesk.fault('refused', { times: 1 });
  const refused = asMessage(await form.submit({ behalf: ['community'], body: 'He says that it burns' }));
  const edit = asModal(await refused.click('Edit'));
  talk.passTime(25 * HOUR_MS);
  asMessage(await (await escalate(mia, message)).submit({ behalf: ['community'] }));
  const expired = asMessage(await edit.submit({ behalf: ['community'], body: 'He says that it burns still' }));
  expect(expired.text).toContain('This escalation timed out');
  expect(asMessage(await refused.click('Try again')).text).toContain('This escalation timed out');
  expect(asMessage(await refused.click('Show my text')).text).toContain('burns still');
  expect(talk.world.helpdesk.tickets).toHaveLength(1);
});

test('Escalate again on one device does not undo what is typed on another at the same moment', async () => {
  const breakage: StorageBreakage = { broken: undefined };
  const { talk, ada, mia, max } = await startModerated({
    tuning: { openStorage: async (options) => createBreakableStorage(await openStorage(options), breakage).storage },
  });
  const message = await ada.say('Help');
  asMessage(await (await escalate(mia, message)).submit({ behalf: ['community'] }));
  const known = asMessage(await max.messageCommand('Escalate to ticket', message));
  const form = asModal(await known.click('Open a second ticket'));
  const { held, letGo } = holdNextWrite(breakage);
  const other = known.click('Open a second ticket');
  await held;
  talk.world.helpdesk.fault('refused', { times: 1 });
  const refused = asMessage(await form.submit({ behalf: ['community'], subject: 'Typed', body: 'for half an hour' }));
  expect(refused.text).toContain('your text is saved');
  letGo();
  await other;
  expect(asMessage(await refused.click('Show my text')).text).toContain('for half an hour');
});

/** The next write of a person's record waits until it is let go. */
function holdNextWrite(breakage: StorageBreakage) {
  let letGo = () => {};
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const held = new Promise<void>((resolve) => {
    breakage.around = async ({ namespace, operation }, run) => {
      if (namespace === 'people' && operation === 'change') {
        breakage.around = undefined;
        resolve();
        await released;
      }
      return run();
    };
  });
  return { held, letGo };
}

import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { createBreakableStorage, type StorageBreakage } from '../../support/breakable-storage.ts';
import { type Moderated, startModerated } from '../../support/moderated.ts';

/** ada's request to link, in the audit channel. */
async function requestOf({ ada, entry }: Moderated): Promise<ShownMessage> {
  await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' });
  return entry('asks to link');
}

const decisions = [
  ['Approve', 'Approved', 'A moderator approved your request'],
  ['Refuse', 'Refused', 'A moderator refused your request'],
] as const;

test.each(decisions)(
  '%s stands in the audit channel although Discord does not take the change of the request',
  async (label, verb, told) => {
    const scene = await startModerated({ env: { LINK_VERIFICATION: 'moderator' } });
    const { talk, ada, mia, max, entries } = scene;
    const request = await requestOf(scene);
    talk.world.discord.fault('edit-reset-before');
    await request.click(label, { untilAcknowledged: true });
    const said = await request.followUp();
    talk.world.discord.clearFaults();

    const decision = `🛡️ ${verb} the link of <@${ada.user.id}> · <@${mia.user.id}>`;
    expect(entries().slice(1)).toEqual([decision]);
    expect(said.ephemeral).toBe(true);
    expect(said.text).toContain(`You ${verb.toLowerCase()} the link of <@${ada.user.id}>, and that stands`);
    expect(said.text).toContain('an entry of its own');
    // Whoever meets the request after that does not decide again.
    const late = asMessage((await max.user.find(request)?.click('Refuse')) ?? request);
    expect(late.text).toContain('Closed: decided');
    expect(late.buttons).toEqual([]);
    expect(asMessage(await ada.slash('ticket')).text).toContain(told);
  },
);

test('a decision that stands nowhere is counted and logged with who took it, and its moderator is asked to write it down', async () => {
  const scene = await startModerated({ env: { LINK_VERIFICATION: 'moderator' } });
  const { talk, ada, mia, entries } = scene;
  const request = await requestOf(scene);
  talk.world.discord.fault('edit-reset-before');
  talk.world.discord.fault('message-500');
  await request.click('Approve', { untilAcknowledged: true });
  expect((await request.followUp()).text).toContain('write it there yourself');

  expect(entries()).toHaveLength(1);
  expect((await talk.app.metrics.undelivered.get()).values).toEqual([{ labels: { what: 'audit' }, value: 1 }]);
  const logged = talk.logged.map((line) => JSON.parse(line)).filter(({ moderatorId }) => moderatorId !== undefined);
  expect(logged).toMatchObject([{ moderatorId: mia.user.id, userId: ada.user.id, approved: true }]);
});

test.each(decisions)(
  '%s stands in the audit channel although the store does not take its notice',
  async (label, verb) => {
    const breakage: StorageBreakage = { broken: undefined };
    const scene = await startModerated({
      env: { LINK_VERIFICATION: 'moderator' },
      tuning: { openStorage: async (options) => createBreakableStorage(await openStorage(options), breakage).storage },
    });
    const { talk, ada, mia } = scene;
    const request = await requestOf(scene);
    breakage.broken = new Set(['people']);
    const shown = asMessage(await request.click(label));
    expect(shown.text).toBe(`🛡️ ${verb} the link of <@${ada.user.id}> · <@${mia.user.id}>`);
    expect(shown.followUps).toEqual([]);
    expect(talk.logged.filter((line) => line.includes('will not be told to its person'))).toHaveLength(1);
    breakage.broken = undefined;
    const account = asMessage(await ada.slash('account')).text;
    expect(account.includes('ada@example.org')).toBe(verb === 'Approved');
  },
);

test('an account that was linked by a code is noted although Discord does not take the reply', async () => {
  const { talk, ada, entry } = await startModerated();
  const sent = asMessage(await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' }));
  const code = codeIn(await talk.world.mailbox.next('ada@example.org')) ?? '';
  const form = asModal(await sent.click('Enter code'));
  talk.world.discord.fault('edit-reset-before');
  await form.submit({ code }, { untilAcknowledged: true });
  expect((await entry('Linked')).text).toBe(`🔗 Linked by mailed code · <@${ada.user.id}>`);
});

test('an Unlink is noted although Discord does not take the reply', async () => {
  const { talk, ada, entry } = await startModerated({ env: { LINK_VERIFICATION: 'none' } });
  await linkUnproved(ada);
  const account = asMessage(await ada.slash('account'));
  talk.world.discord.fault('edit-reset-before');
  await account.click('Unlink', { untilAcknowledged: true });
  expect((await entry('Unlinked')).text).toBe(`🔗 Unlinked · <@${ada.user.id}>`);
});

async function linkUnproved(place: Place): Promise<void> {
  await asModal(await place.slash('link')).submit({ email: `${place.user.name}@example.org` });
}

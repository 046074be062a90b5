import { InteractionType } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { linkAccount } from '../../support/conversation.ts';
import { createElsewhere, type Elsewhere, escalate, type Moderated, startModerated } from '../../support/moderated.ts';
import { ticketForm } from '../../support/ticket-form.ts';

/** Sends a form past Discord's client. */
const submitRaw = async (place: Place, customId: string, fields: Record<string, string | readonly string[]>) =>
  asMessage(await place.sendRaw({ type: InteractionType.ModalSubmit, customId, fields }));

const requesters = ({ talk }: Moderated) => talk.world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail);

/** ada and eve are linked members; eve is up to no good. */
async function startWithEve(): Promise<Moderated & { eve: Place; elsewhere: Elsewhere }> {
  let elsewhere: Elsewhere | undefined;
  const scene = await startModerated({
    prepare(talk) {
      elsewhere = createElsewhere(talk);
    },
  });
  if (!elsewhere) throw new Error('There is one server only');
  const eve = scene.talk.join('eve');
  await linkAccount(scene.ada, 'ada@example.org', scene.talk.world);
  await linkAccount(eve, 'eve@example.org', scene.talk.world);
  return { ...scene, eve, elsewhere };
}

test('a member who adds "on whose behalf" to a form of their own gets no ticket in another name', async () => {
  const scene = await startWithEve();
  const { ada, eve } = scene;
  for (const behalf of ['author', 'community', ada.user.id]) {
    const form = await ticketForm(eve);
    await submitRaw(eve, form.customId, { subject: 'Give me', body: `the rest ${behalf}`, behalf: [behalf] });
  }
  // What is no name at all is an ordinary ticket of her own.
  expect(requesters(scene)).toEqual(['eve@example.org']);
});

test('a member who adds "on whose behalf" to a text that is saved already sends nothing by that', async () => {
  const scene = await startWithEve();
  const { eve, talk } = scene;
  const form = await ticketForm(eve);
  talk.world.helpdesk.fault('refused', { times: 1 });
  await form.submit({ subject: 'Refused', body: 'once' });
  const reply = await submitRaw(eve, form.customId, { subject: 'Refused', body: 'once', behalf: ['community'] });
  expect(reply.text).toContain('Nothing was sent');
  expect(requesters(scene)).toEqual([]);
});

test('the form of somebody else’s escalation is nothing but an empty one in other hands', async () => {
  const scene = await startWithEve();
  const { ada, eve, mia } = scene;
  const form = await escalate(mia, await ada.say('Help'));
  const refused = await submitRaw(eve, form.customId, { subject: 'Mine', body: 'now', behalf: ['author'] });
  expect(refused.text).toContain('Nothing was sent');
  expect(requesters(scene)).toEqual([]);
  // Not without that field either: what came with it is kept for its text, and sent by no button.
  const again = await submitRaw(eve, form.customId, { subject: 'Mine', body: 'now' });
  expect(again.text).toContain('Nothing was sent');
  expect(requesters(scene)).toEqual([]);
  // And the moderator's is untouched by that.
  asMessage(await form.submit({ behalf: ['author'] }));
  expect(requesters(scene)).toEqual(['ada@example.org']);
});

test('a custom ID that is none of ours gets an answer, and its ticket an entry in the audit channel', async () => {
  const { eve, entry } = await startWithEve();
  for (const [i, id] of ['x'.repeat(93), '', '../../links', `${'a'.repeat(15)}:b`].entries()) {
    const reply = await submitRaw(eve, `ticket:${id}`, { subject: `Odd ${i}`, body: 'words' });
    const reference = /Ticket (\S+) is open/.exec(reply.text)?.[1];
    expect(reference).toBeDefined();
    await entry(`🎫 **${reference}** · <@${eve.user.id}> · <#`);
  }
});

test('a role that is taken away while the form is open ends it, and gives the text back', async () => {
  const scene = await startWithEve();
  const { talk, ada, max, role } = scene;
  const form = await escalate(max, await ada.say('Help'));
  talk.guild.member(max.user).removeRole(role);
  const reply = asMessage(await form.submit({ behalf: ['author'], body: 'What I wrote' }));
  expect(reply.text).toContain('Only moderators can');
  expect(asMessage(await reply.click('Show my text')).text).toContain('What I wrote');
  expect(requesters(scene)).toEqual([]);

  // Whoever gets it back may go on.
  const draftId = form.customId.split(':')[1];
  for (const name of ['ticket-retry', 'ticket-anyway', 'ticket-edit', 'escalate-onward', 'escalate-again']) {
    const refused = asMessage(await max.sendRaw({ customId: `${name}:${draftId}`, message: reply }));
    expect(refused.text).toContain('Only moderators can');
  }
  talk.guild.member(max.user).addRole(role);
  const opened = asMessage(await max.sendRaw({ customId: `ticket-retry:${draftId}`, message: reply }));
  expect(opened.text).toContain('is open');
  expect(requesters(scene)).toEqual(['ada@example.org']);
});

test('a moderator of two servers escalates each message in its own server alone', async () => {
  const scene = await startWithEve();
  const { talk, ada, elsewhere, role } = scene;
  const { zoe } = elsewhere;
  talk.guild.addMember(zoe.user, { roles: [role] });
  const form = await escalate(zoe.user.in(talk.channel), await ada.say('Help'));
  const fields = { subject: 'Help', body: 'from elsewhere', behalf: ['author'] };
  for (const place of [zoe, zoe.user.inDirectMessage()]) {
    expect((await submitRaw(place, form.customId, fields)).text).toContain('Only moderators can');
  }
  expect(requesters(scene)).toEqual([]);
  expect((await submitRaw(zoe.user.in(talk.channel), form.customId, fields)).text).toContain('is open');
  expect(requesters(scene)).toEqual(['ada@example.org']);
});

test('in direct messages nobody is a moderator: neither command nor button does anything', async () => {
  const scene = await startWithEve();
  const { ada, mia } = scene;
  const there = mia.user.inDirectMessage();
  expect(there.commands.map(({ name }) => name).sort()).toEqual(['account', 'link', 'ticket', 'tickets']);
  const form = await escalate(mia, await ada.say('Help'));
  const draftId = form.customId.split(':')[1];
  for (const name of ['ticket-retry', 'ticket-anyway', 'ticket-edit', 'escalate-onward', 'escalate-again']) {
    const refused = asMessage(await there.sendRaw({ customId: `${name}:${draftId}` }));
    expect(refused.text).toContain('Only moderators can');
  }
  for (const name of ['link-approve', 'link-refuse']) {
    const refused = asMessage(await there.sendRaw({ customId: `${name}:${ada.user.id}:request` }));
    expect(refused.text).toContain('Only moderators can');
  }
  expect(requesters(scene)).toEqual([]);
});

test('of the accounts only those that were offered are used, whatever the form says', async () => {
  const scene = await startWithEve();
  const { mia, talk } = scene;
  const bob = talk.join('bob');
  const form = await escalate(mia, await bob.say('Help'));
  const body = { subject: 'Help', body: 'of bob' };
  // bob has no account, and neither has mia.
  expect((await submitRaw(mia, form.customId, { ...body, behalf: ['author'] })).text).toContain(
    "account can't be used any more",
  );
  expect((await submitRaw(mia, form.customId, { ...body, behalf: ['self'] })).text).toContain(
    'Link your email at the helpdesk first',
  );
  expect(requesters(scene)).toEqual([]);
});

test('an author who unlinks while the form is open is not used', async () => {
  const scene = await startWithEve();
  const { ada, mia } = scene;
  const form = await escalate(mia, await ada.say('Help'));
  await asMessage(await ada.slash('account')).click('Unlink');
  const reply = asMessage(await form.submit({ behalf: ['author'] }));
  expect(reply.text).toContain("The author's account can't be used any more");
  expect(requesters(scene)).toEqual([]);
});

test('with an empty MODERATOR_ROLE_IDS it is the permission that counts, and never everybody', async () => {
  const { ada, mia, restart } = await startWithEve();
  for (const value of ['', '   ']) {
    await restart({ MODERATOR_ROLE_IDS: value });
    const how = { overridePermissions: true };
    expect(asMessage(await ada.slash('helpdesk status', {}, how)).text).toContain('Only moderators');
    expect(asMessage(await mia.slash('helpdesk status')).text).toContain('The helpdesk is reachable');
  }
});

test('roles count by their ID alone: neither one of the same name elsewhere nor the permission helps', async () => {
  const scene = await startWithEve();
  const { talk, ada, mia, eve, elsewhere, restart } = scene;
  const helpers = talk.guild.createRole({ name: 'Helpers' });
  const namesake = elsewhere.guild.createRole({ name: 'Helpers' });
  await restart({ MODERATOR_ROLE_IDS: helpers.id });
  elsewhere.guild.addMember(eve.user, { roles: [namesake] });
  const message = await ada.say('Help');
  for (const place of [mia, eve, eve.user.in(elsewhere.channel)]) {
    expect(asMessage(await place.slash('helpdesk status')).text).toContain('Only moderators');
  }
  expect(asMessage(await mia.messageCommand('Escalate to ticket', message)).text).toContain('Only moderators');
  talk.guild.member(eve.user).addRole(helpers);
  asModal(await eve.messageCommand('Escalate to ticket', message));
  // In the other server the same role is nothing.
  expect(asMessage(await eve.user.in(elsewhere.channel).slash('helpdesk status')).text).toContain('Only moderators');
});

test('a server that the bot has joined since it connected has its moderators, and nobody else’s', async () => {
  const { talk, ada, mia, restart } = await startModerated();
  const { guild, zoe, welcome } = createElsewhere(talk);
  const helpers = guild.createRole({ name: 'Helpers' });
  const { bot } = talk.world.discord.world;
  guild.member(zoe.user).addRole(helpers);
  for (const roleIds of ['', helpers.id]) {
    // Discord tells the bot at its connection only in which servers it is.
    guild.removeMember(bot);
    await restart({ MODERATOR_ROLE_IDS: roleIds });
    guild.addMember(bot);
    const message = await welcome(ada.user).say(`Help ${roleIds}`);
    const how = { overridePermissions: true };
    for (const stranger of [welcome(ada.user), welcome(mia.user)]) {
      const refused = asMessage(await stranger.messageCommand('Escalate to ticket', message, how));
      expect(refused.text).toContain('Only moderators');
    }
    const form = await escalate(zoe, message);
    expect(asMessage(await form.submit({ behalf: ['community'] })).text).toContain('is open');
  }
});

test('what moderators do works only in servers that have let the bot in, not by somebody’s own installation', async () => {
  const { talk } = await startModerated();
  const published = talk.world.discord.commands.list();
  for (const name of ['Escalate to ticket', 'helpdesk']) {
    const { contexts, integration_types } = published.find((command) => command.name === name) ?? {};
    expect([contexts, integration_types]).toEqual([[0], [0]]);
  }
});

import { ButtonStyle, ChannelType, MessageFlags } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import type { SlashValues } from '../../../sandbox/discord/people/slash-options.ts';
import type { Channel } from '../../../sandbox/discord/world/discord-world.ts';
import type { Permission } from '../../../sandbox/discord/world/guild.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { linkAccount } from '../../support/conversation.ts';
import { createElsewhere, type Elsewhere, type Moderated, read, startModerated } from '../../support/moderated.ts';

/** Posts a panel. @returns It, as somebody sees it. */
async function post(moderator: Place, reader: Place, options: SlashValues = {}): Promise<ShownMessage> {
  expect(await read(moderator, 'helpdesk panel', options)).toContain('The panel is in');
  return panelOf(reader);
}

/** The panel that somebody sees at a place. */
function panelOf({ messages }: Place): ShownMessage {
  const panel = messages.findLast(({ ephemeral, buttons }) => !ephemeral && buttons.length > 0);
  if (!panel) throw new Error('No panel is here');
  return panel;
}

const fields = { subject: 'My server is down', body: 'Since this morning.' };

async function startLinked(options: Parameters<typeof startModerated>[0] = {}): Promise<Moderated> {
  const scene = await startModerated(options);
  await linkAccount(scene.ada, 'ada@example.org', scene.talk.world);
  return scene;
}

test('a panel is a public card of the server, from which everybody opens tickets', async () => {
  const { talk, ada, mia, entry } = await startLinked();
  const reply = asMessage(await mia.slash('helpdesk panel'));
  expect(reply.ephemeral).toBe(true);
  const panel = panelOf(ada);
  expect(reply.buttons).toMatchObject([
    { label: 'View panel', url: `https://discord.com/channels/${talk.guild.id}/${talk.channel.id}/${panel.id}` },
  ]);
  expect(panel.ephemeral).toBe(false);
  expect(panel.flags & MessageFlags.IsComponentsV2).not.toBe(0);
  expect(panel.text).toContain('Need help?');
  expect(panel.buttons).toMatchObject([
    { label: 'Open a ticket', style: ButtonStyle.Primary },
    { label: 'My tickets', style: ButtonStyle.Secondary },
    { label: 'My account', style: ButtonStyle.Secondary },
  ]);
  const opened = asMessage(await asModal(await panel.click('Open a ticket')).submit(fields));
  expect(opened.ephemeral).toBe(true);
  expect(talk.world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail)).toEqual(['ada@example.org']);
  await entry(`Posted a panel in <#${talk.channel.id}> · <@${mia.user.id}>`);
});

test('who is not linked learns it from the panel, and what they do leaves the panel as it is', async () => {
  const { talk, ada, mia } = await startModerated();
  const panel = await post(mia, ada);
  const told = asMessage(await panel.click('Open a ticket'));
  expect(told.ephemeral).toBe(true);
  const sent = asMessage(await asModal(await told.click('Link account')).submit({ email: 'ada@example.org' }));
  expect(sent.ephemeral).toBe(true);
  const mail = await talk.world.mailbox.next('ada@example.org');
  await asModal(await sent.click('Enter code')).submit({ code: codeIn(mail) ?? '' });
  await asModal(await panel.click('Open a ticket')).submit(fields);
  const account = asMessage(await panel.click('My account'));
  await account.click('Unlink');
  expect(panel.edits).toEqual([]);
  expect(panel.buttons).toHaveLength(3);
  expect(talk.world.helpdesk.tickets).toHaveLength(1);
});

test('My account shows in private what /account shows', async () => {
  const { ada, max, mia } = await startLinked();
  const panel = await post(mia, ada);
  const shown = asMessage(await panel.click('My account'));
  const command = asMessage(await ada.slash('account'));
  expect(shown.ephemeral).toBe(true);
  expect(shown.text).toBe(command.text);
  expect(shown.buttons).toEqual(command.buttons);
  // Each sees their own.
  expect(asMessage(await panelOf(max).click('My account')).text).not.toBe(shown.text);
});

test('a panel can stand in another channel, and says what its moderator wrote, with the formatting and without a ping', async () => {
  const { talk, ada, mia } = await startModerated();
  const support = talk.guild.createChannel({ name: 'support' });
  const text = `## **Hosting** help\\nRead <#${talk.channel.id}> first, @everyone and <@${ada.user.id}>`;
  const panel = await post(mia, ada.user.in(support), { channel: support.id, text });
  expect(panel.text).toBe(`## **Hosting** help\nRead <#${talk.channel.id}> first, @everyone and <@${ada.user.id}>`);
  expect(panel.pings).toEqual([]);
  expect(ada.messages).toEqual([]);
});

test('with HELPDESK_NAME, the panel and the status call it by its name', async () => {
  const { ada, mia } = await startModerated({ env: { HELPDESK_NAME: 'Example *Hosting*' } });
  expect((await post(mia, ada)).text).toContain('Example \\*Hosting\\* replies by email');
  expect(await read(mia, 'helpdesk status')).toContain('🟢 Example \\*Hosting\\* is reachable');
});

test('the longest text fits, and one of blanks is none', async () => {
  const { ada, mia } = await startModerated();
  const longest = await post(mia, ada, { text: '*'.repeat(2000) });
  expect(longest.text).toBe('*'.repeat(2000));
  expect((await post(mia, ada, { text: ' \\n ' })).text).toContain('Need help?');
});

test('a panel works after a restart', async () => {
  const { talk, ada, mia, restart } = await startLinked();
  const panel = await post(mia, ada);
  await restart();
  expect(asMessage(await panel.click('My account')).ephemeral).toBe(true);
  await asModal(await panel.click('Open a ticket')).submit(fields);
  expect(talk.world.helpdesk.tickets).toHaveLength(1);
});

test('a panel obeys pauses, blocks and limits', async () => {
  const { talk, ada, mia } = await startLinked({ env: { TICKETS_PER_HOUR: '1' } });
  const panel = await post(mia, ada);
  const refusal = async () => asMessage(await panel.click('Open a ticket'));

  const open = asModal(await panel.click('Open a ticket'));
  await read(mia, 'helpdesk pause', { notice: 'Moving until noon' });
  expect((await refusal()).text).toContain('Moving until noon');
  expect(asMessage(await open.submit(fields)).text).toContain('Moving until noon');
  await read(mia, 'helpdesk resume');

  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'Ten tickets about one thing' });
  const blocked = await refusal();
  expect(blocked.text).toContain('Ten tickets about one thing');
  expect(blocked.ephemeral).toBe(true);
  await read(mia, 'helpdesk unblock', { user: ada.user.id });
  expect(talk.world.helpdesk.tickets).toEqual([]);

  // What was written during the pause comes before an empty form.
  const unsent = asMessage(await panel.click('Open a ticket'));
  expect(asMessage(await unsent.click('Send')).text).toContain('is open');
  const more = await panel.click('Open a ticket');
  const limited =
    more.kind === 'modal' ? asMessage(await more.submit({ ...fields, subject: 'More' })) : asMessage(more);
  expect(limited.text).toMatch(/<t:\d+:R>/);
  expect(talk.world.helpdesk.tickets).toHaveLength(1);
});

const PLACES = ['this channel', 'another channel', 'a thread'] as const;

/** A place for a panel in which the bot has been denied something. @returns Where the command is used, and for which channel. */
function placeWithout({ talk, mia }: Moderated, kind: (typeof PLACES)[number], deny: readonly Permission[]) {
  const { guild } = talk;
  const channel = guild.createChannel({ name: 'support' });
  guild.overwrite(channel, talk.world.discord.world.bot, { deny });
  const thread =
    kind === 'a thread' && guild.createChannel({ name: 't', type: ChannelType.PublicThread, parent: channel });
  const target: Channel = thread || channel;
  const from = kind === 'this channel' ? mia.user.in(channel) : mia;
  const options: SlashValues = kind === 'this channel' ? {} : { channel: target.id };
  return { target, from, options };
}

test.each([
  ['this channel', ['ViewChannel'], '**View Channel**'],
  ['this channel', ['SendMessages', 'SendMessagesInThreads'], '**Send Messages**'],
  ['another channel', ['ViewChannel'], '**View Channel**'],
  ['another channel', ['SendMessages'], '**Send Messages**'],
  ['another channel', ['ViewChannel', 'SendMessages'], '**View Channel** and **Send Messages**'],
  ['a thread', ['SendMessagesInThreads'], '**Send Messages in Threads**'],
] as const)(
  'in %s without %s nothing is posted, and the moderator reads what to give where',
  async (kind, deny, words) => {
    const scene = await startModerated();
    const { target, from, options } = placeWithout(scene, kind, deny);
    const told = await read(from, 'helpdesk panel', options);
    expect(told).toContain("wasn't posted");
    expect(told).toContain(`The bot lacks ${words} in <#${target.id}>`);
    expect(told).toContain('**Edit Channel**');
    const posts = scene.talk.world.discord.requests.filter(({ route }) => route === '/channels/:channel/messages');
    expect(posts).toEqual([]);
  },
);

test('where Discord does not say which permission it is, its refusal does', async () => {
  const scene = await startModerated();
  // In a channel these are for its threads alone, and the bot does not know that it is none.
  const { target, from } = placeWithout(scene, 'this channel', ['SendMessages']);
  const told = await read(from, 'helpdesk panel');
  expect(told).toContain("wasn't posted");
  expect(told).toContain(`**Send Messages (in a thread: Send Messages in Threads)** in <#${target.id}>`);
});

test('a moderator gets no panel where they may not write themselves', async () => {
  const { talk, ada, mia } = await startModerated();
  const news = talk.guild.createChannel({ name: 'news', type: ChannelType.GuildAnnouncement });
  talk.guild.overwrite(news, talk.guild.everyone, { deny: ['SendMessages'] });
  talk.guild.overwrite(news, talk.world.discord.world.bot, { allow: ['SendMessages'] });
  const told = await read(mia, 'helpdesk panel', { channel: news.id });
  expect(told).toContain("You can't write in");
  expect(told).toContain('**Send Messages**');
  expect(ada.user.in(news).messages).toEqual([]);
});

test('a thread that is closed takes no panel', async () => {
  const { talk, mia } = await startModerated();
  const thread = talk.guild.createChannel({ name: 'old', type: ChannelType.PublicThread, parent: talk.channel });
  Object.assign(thread.thread ?? {}, { archived: true, locked: true });
  expect(await read(mia, 'helpdesk panel', { channel: thread.id })).toContain('is archived');
});

test('a panel that Discord does not confirm is to be looked for first', async () => {
  const { talk, mia } = await startModerated();
  talk.world.discord.fault('message-500');
  const told = await read(mia, 'helpdesk panel');
  expect(told).toContain("didn't say whether");
  expect(told).toContain(`Check <#${talk.channel.id}>`);
});

test('a forum, a category and a channel of another server cannot be chosen', async () => {
  let elsewhere: Elsewhere | undefined;
  const { talk, mia } = await startModerated({
    prepare(talk) {
      elsewhere = createElsewhere(talk);
    },
  });
  const forum = talk.guild.createChannel({ name: 'questions', type: ChannelType.GuildForum });
  await expect(mia.slash('helpdesk panel', { channel: forum.id })).rejects.toThrow('another type of channel');
  const id = elsewhere?.channel.id ?? '';
  await expect(mia.slash('helpdesk panel', { channel: id })).rejects.toThrow('is none of');
});

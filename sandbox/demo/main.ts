import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BotProcess } from '../bot/bot-process.ts';
import type { Place } from '../discord/people/place.ts';
import type { Guild } from '../discord/world/guild.ts';
import { codeIn } from '../mailbox.ts';
import { startWorld, type World } from '../world.ts';
import { Narrator } from './narrator.ts';

/** Milliseconds for all of it. It takes a few seconds; more means that something hangs. */
const DEMO_TIMEOUT_MS = 60_000;

/** Plays the two ways to a ticket with the real bot, and fails when anything is not as it should be. */
async function demo(world: World, folder: string): Promise<void> {
  const { discord, helpdesk } = world;
  const guild = discord.createGuild({ name: 'Example Hosting' });
  const help = guild.createChannel({ name: 'help' });
  const audit = guild.createChannel({ name: 'moderators' });
  guild.overwrite(audit, guild.everyone, { deny: ['ViewChannel'] });
  guild.overwrite(audit, discord.world.bot, { allow: ['ViewChannel', 'SendMessages'] });
  const moderators = guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  guild.overwrite(audit, moderators, { allow: ['ViewChannel'] });

  const bot = new BotProcess({
    ...world.settings,
    AUDIT_CHANNEL_ID: audit.id,
    ESCALATION_EMAIL: 'community@example.com',
    STORAGE_URL: `sqlite:${join(folder, 'openticket.sqlite')}`,
  });
  try {
    bot.start();
    await Promise.race([connected(world), endedTooEarly(bot)]);

    const narrator = new Narrator(discord, (line) => console.log(line));
    const ada = newMember(world, guild, 'ada').in(help);
    const mo = newMember(world, guild, 'mo', { roles: [moderators] }).in(help);
    await memberOpensTicket(world, narrator, ada);
    await moderatorEscalates(narrator, ada, mo);

    narrator.chapter('In the audit channel');
    const entries = mo.user.messages.filter(({ channelId }) => channelId === audit.id);
    for (const entry of entries) narrator.reads(entry);
    assert.equal(entries.length, 3, 'the link and both tickets stand in the audit channel');

    narrator.chapter('What the helpdesk has stored');
    for (const ticket of helpdesk.tickets) narrator.stored(ticket);
    checkTickets(world, ada, mo);
    assert.equal(await bot.stop(), 0, 'the bot ends well');
  } catch (error) {
    if (bot.lines.length > 0) console.error(`The last lines of the bot:\n${bot.lines.slice(-15).join('\n')}\n`);
    throw error;
  } finally {
    await bot.kill();
  }
}

async function memberOpensTicket(world: World, narrator: Narrator, ada: Place): Promise<void> {
  const email = 'ada@example.org';
  narrator.chapter('A member opens her first ticket');
  narrator.does('ada', 'uses /ticket');
  const notLinked = narrator.reads(await ada.slash('ticket'));
  narrator.does('ada', 'presses [Link account]');
  const linkForm = narrator.seesForm(await notLinked.click('Link account'));
  const sent = narrator.reads(await narrator.submits('ada', linkForm, { email }));
  const mail = await world.mailbox.next(email);
  narrator.receives('ada', mail);
  narrator.does('ada', 'presses [Enter code]');
  const codeForm = narrator.seesForm(await sent.click('Enter code'));
  const linked = narrator.reads(await narrator.submits('ada', codeForm, { code: codeIn(mail) ?? '' }));
  narrator.does('ada', 'presses [Open a ticket]');
  const form = narrator.seesForm(await linked.click('Open a ticket'));
  const receipt = narrator.reads(
    await narrator.submits('ada', form, {
      subject: 'My server does not answer',
      product: 'VPS 2',
      body: 'It has been unreachable since this morning.\nThe console shows a kernel panic. 🙏',
    }),
  );
  for (const message of [notLinked, sent, linked, receipt]) assert.ok(message.ephemeral, 'every answer is private');
  assert.match(receipt.text, /Ticket KVO-530-34143 is open/);
}

async function moderatorEscalates(narrator: Narrator, ada: Place, mo: Place): Promise<void> {
  narrator.chapter('A moderator escalates a message');
  const said = 'The invoice of May was charged twice!\nCan somebody look into that?';
  narrator.does('ada', 'writes');
  const message = narrator.reads(await ada.say(said));
  narrator.does('mo', 'chooses "Escalate to ticket" from the menu of this message');
  const form = narrator.seesForm(await mo.messageCommand('Escalate to ticket', message));
  const told = ada.user.inDirectMessage().nextMessage();
  const receipt = narrator.reads(await narrator.submits('mo', form, { subject: 'Invoice of May charged twice' }));
  assert.ok(receipt.ephemeral, 'the receipt is private');
  assert.match(receipt.text, /Ticket KVO-530-34144 is open/);
  narrator.does('ada', 'is told by direct message');
  narrator.reads(await told);
}

function checkTickets({ helpdesk }: World, ada: Place, mo: Place): void {
  const [first, second] = helpdesk.tickets;
  assert.equal(helpdesk.tickets.length, 2, 'two tickets were opened');
  assert.equal(first?.requesterEmail, 'ada@example.org');
  assert.equal(first?.subject, 'VPS 2 : My server does not answer');
  assert.ok(first?.body.includes(`Discord: ada (${ada.user.id}), #help in `));
  assert.equal(second?.requesterEmail, 'ada@example.org');
  assert.equal(second?.subject, 'Invoice of May charged twice');
  assert.ok(second?.body.includes(`https://discord.com/channels/${ada.channel.guild?.id}/${ada.channel.id}/`));
  assert.ok(second?.body.includes('> The invoice of May was charged twice!'));
  assert.ok(second?.body.includes(`by the moderator mo (${mo.user.id})`));
}

function newMember(world: World, guild: Guild, name: string, roles?: Parameters<Guild['addMember']>[1]) {
  const user = world.discord.createUser({ name });
  guild.addMember(user, roles);
  return user;
}

/** Resolves when the bot is at the gateway and its commands are published. */
async function connected({ discord }: World): Promise<void> {
  await discord.ready();
  if (discord.commands.list().length === 0) await once(discord.events, 'commands');
}

async function endedTooEarly(bot: BotProcess): Promise<never> {
  const code = await bot.ended();
  throw new Error(`The bot ended with code ${code}.`);
}

const tooLong = setTimeout(() => {
  console.error(`The demo did not end within ${DEMO_TIMEOUT_MS / 1000} seconds.`);
  process.exit(1);
}, DEMO_TIMEOUT_MS).unref();
const [world, folder] = await Promise.all([startWorld(), mkdtemp(join(tmpdir(), 'openticket-demo-'))]);
try {
  await demo(world, folder);
  console.log('\nEverything is as it should be.');
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  clearTimeout(tooLong);
  await world.close();
  await rm(folder, { recursive: true, force: true });
}

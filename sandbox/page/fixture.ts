import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Circuit, followCircuit } from '../bot/circuit.ts';
import { ObservedBotProcess } from '../bot/observed-bot-process.ts';
import type { SandboxUser } from '../discord/people/user.ts';
import type { Permission } from '../discord/world/guild.ts';
import { SkippingClock } from '../skipping-clock.ts';
import { startWorld, type World } from '../world.ts';

/** Somebody whom a visitor of the page can be. */
export interface CastMember {
  readonly user: SandboxUser;
  /** Who they are in this play. */
  readonly role: string;
}

/** The world outside with a bot in it, people to be, and something to talk about. */
export interface Fixture {
  readonly world: World;
  readonly bot: ObservedBotProcess;
  readonly circuit: Circuit;
  readonly cast: readonly CastMember[];
  /** How far the clocks are ahead of the machine's. */
  readonly aheadMs: number;
  /** Puts the clocks of the world and of the bot forward. */
  skip(ms: number): void;
  /** Ends everything and leaves nothing behind. */
  close(): Promise<void>;
}

export interface FixtureOptions {
  /** Where the page will be; tickets in receipts link there. */
  readonly pageUrl: string;
  /** Told after each change of the bot's attempts. */
  readonly onAttempts: () => void;
  /** Settings of the bot over those of the fixture. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What makes a visit lively: a helpdesk that hangs is given up before one is bored and after one could kill the bot, and nobody meets a limit while trying things out. */
const LIVELY_SETTINGS = {
  HELPDESK_TIMEOUT_SECONDS: '20',
  TICKETS_PER_HOUR: '100',
  LINK_MAILS_PER_HOUR: '30',
  TICKET_PRODUCTS: 'VPS, Web hosting, Domains',
  ESCALATION_EMAIL: 'community@example.com',
  ESCALATION_NOTICE: 'reply',
  LOG_LEVEL: 'debug',
};

/** Builds the server "Example Hosting" with its people, and starts the bot. */
export async function startFixture({ pageUrl, onAttempts, settings = {} }: FixtureOptions): Promise<Fixture> {
  const clock = new SkippingClock();
  const [world, folder] = await Promise.all([startWorld({ clock }), mkdtemp(join(tmpdir(), 'openticket-sandbox-'))]);
  const { cast, auditChannelId } = await createPeople(world);
  const bot = new ObservedBotProcess(
    {
      ...world.settings,
      ...LIVELY_SETTINGS,
      AUDIT_CHANNEL_ID: auditChannelId,
      HELPDESK_TICKET_URL: `${pageUrl}#{reference}`,
      STORAGE_URL: `sqlite:${join(folder, 'openticket.sqlite')}`,
      ...settings,
    },
    onAttempts,
  );
  const circuit = followCircuit(bot);
  bot.start();
  return {
    world,
    bot,
    circuit,
    cast,
    get aheadMs() {
      return clock.aheadMs;
    },
    skip(ms) {
      clock.skip(ms);
      bot.skip(ms);
    },
    async close() {
      await bot.kill();
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createPeople({ discord }: World): Promise<{ cast: CastMember[]; auditChannelId: string }> {
  const guild = discord.createGuild({ name: 'Example Hosting', owner: discord.createUser({ name: 'olga' }) });
  const help = guild.createChannel({ name: 'help' });
  const modLog = guild.createChannel({ name: 'mod-log' });
  const moderators = guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  const readAndWrite: Permission[] = ['ViewChannel', 'SendMessages'];
  guild.overwrite(modLog, guild.everyone, { deny: ['ViewChannel'] });
  guild.overwrite(modLog, moderators, { allow: ['ViewChannel'] });
  guild.overwrite(modLog, discord.world.bot, { allow: readAndWrite });
  const elsewhere = discord.createGuild({ name: 'Another Server', owner: discord.createUser({ name: 'otto' }) });
  const lounge = elsewhere.createChannel({ name: 'lounge' });

  const [ada, ben, mia, zoe] = ['ada', 'ben', 'mia', 'zoe'].map((name) => discord.createUser({ name }));
  if (!ada || !ben || !mia || !zoe) throw new Error('The cast is not complete');
  for (const member of [ada, ben]) guild.addMember(member);
  guild.addMember(mia, { roles: [moderators] });
  const elsewhereModerators = elsewhere.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  elsewhere.addMember(zoe, { roles: [elsewhereModerators] });

  await ben.in(help).say('Good morning! The new control panel is **so** much faster. 🚀');
  await ada
    .in(help)
    .say('My VPS does not come up since the update this morning.\nThe console stops at `Kernel panic - not syncing`.');
  await ben.in(help).say('Mine neither, here is what I see:', {
    attachments: [{ name: 'console.txt', text: 'Kernel panic - not syncing: VFS: Unable to mount root fs\n' }],
  });
  await zoe.in(lounge).say('Hello from another server.');
  return {
    auditChannelId: modLog.id,
    cast: [
      { user: ada, role: 'member' },
      { user: ben, role: 'member' },
      { user: mia, role: 'moderator' },
      { user: zoe, role: 'moderator of another server' },
    ],
  };
}

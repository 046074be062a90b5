import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import type { ShownModal } from '../../sandbox/discord/people/shown-modal.ts';
import type { SlashValues } from '../../sandbox/discord/people/slash-options.ts';
import type { SandboxUser } from '../../sandbox/discord/people/user.ts';
import type { Channel } from '../../sandbox/discord/world/discord-world.ts';
import type { Guild, Role } from '../../sandbox/discord/world/guild.ts';
import type { Tuning } from '../../src/create-services.ts';
import { type Conversation, startConversation } from './conversation.ts';

/** The account of the community. */
export const COMMUNITY = 'community@example.com';

/** A server with moderators and their channel, and perhaps another one. */
export interface Moderated {
  readonly talk: Conversation;
  /** A member. */
  readonly ada: Place;
  /** A moderator. */
  readonly mia: Place;
  /** Another moderator. */
  readonly max: Place;
  readonly role: Role;
  /** The audit channel. */
  readonly log: Channel;
  /** Stops the bot and starts it over the same store. @param env Settings that are new. */
  restart(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Waits for an entry of the audit channel that says this; one that is there already counts. */
  entry(words: string): Promise<ShownMessage>;
  /** All entries so far, as they are now. */
  entries(): string[];
}

/** A second server of the same bot, with a moderator of its own. */
export interface Elsewhere {
  readonly guild: Guild;
  readonly channel: Channel;
  /** Its moderator. */
  readonly zoe: Place;
  /** Lets somebody in. @returns Where they are there. */
  welcome(user: SandboxUser): Place;
}

/** @param options.prepare Makes what has to be there when the bot connects, such as another server. */
export async function startModerated(
  options: { env?: Readonly<Record<string, string>>; tuning?: Tuning; prepare?: (talk: Conversation) => void } = {},
): Promise<Moderated> {
  const talk = await startConversation({ tuning: options.tuning });
  await talk.stop();
  const log = talk.guild.createChannel({ name: 'mod-log' });
  const role = talk.guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  talk.guild.overwrite(log, talk.guild.everyone, { deny: ['ViewChannel'] });
  talk.guild.overwrite(log, role, { allow: ['ViewChannel'] });
  talk.guild.overwrite(log, talk.world.discord.world.bot, { allow: ['ViewChannel', 'SendMessages'] });
  const mia = talk.join('mia', { roles: [role] });
  const max = talk.join('max', { roles: [role] });
  options.prepare?.(talk);
  const env = { AUDIT_CHANNEL_ID: log.id, ESCALATION_EMAIL: COMMUNITY, ...options.env };
  await talk.start(env);
  return {
    talk,
    ada: talk.ada,
    mia,
    max,
    role,
    log,
    async restart(more) {
      await talk.stop();
      await talk.start({ ...env, ...more });
    },
    entry: (words) => mia.user.waitFor(({ channelId, text }) => channelId === log.id && text.includes(words)),
    entries: () =>
      mia.user.messages
        .filter(({ channelId, ephemeral }) => channelId === log.id && !ephemeral)
        .map(({ text }) => text),
  };
}

export function createElsewhere({ world }: Conversation): Elsewhere {
  const guild = world.discord.createGuild({ name: 'Elsewhere' });
  const channel = guild.createChannel({ name: 'lobby' });
  const user = world.discord.createUser({ name: 'zoe' });
  guild.addMember(user, { roles: [guild.createRole({ name: 'Moderators there', permissions: ['ModerateMembers'] })] });
  return {
    guild,
    channel,
    zoe: user.in(channel),
    welcome(other) {
      guild.addMember(other);
      return other.in(channel);
    },
  };
}

/** Right-click a message, Apps, Escalate to ticket. */
export async function escalate(moderator: Place, message: ShownMessage): Promise<ShownModal> {
  return asModal(await moderator.messageCommand('Escalate to ticket', message));
}

/** In whose name the form lets a moderator open it. */
export function choices(form: ShownModal): string[] {
  return form.field('behalf').options?.map(({ value }) => value) ?? [];
}

/** Uses a slash command. @returns What it says. */
export async function read(place: Place, command: string, options: SlashValues = {}): Promise<string> {
  return asMessage(await place.slash(command, options)).text;
}

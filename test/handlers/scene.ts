import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage, asModal, type Shown } from '../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import type { ShownModal } from '../../sandbox/discord/people/shown-modal.ts';
import type { Channel } from '../../sandbox/discord/world/discord-world.ts';
import type { Guild, Role } from '../../sandbox/discord/world/guild.ts';
import type { Conversation } from '../support/conversation.ts';

/** The columns of the table in docs/operations.md. */
export const PERSONS = ['Member', 'Moderator', 'Moderator of another server', 'Former moderator', 'Bot owner'] as const;
export type PersonKind = (typeof PERSONS)[number];

/** The two things that can make somebody a moderator: the permission or, with MODERATOR_ROLE_IDS, a role. */
export const WAYS = ['permission', 'role'] as const;
export type Way = (typeof WAYS)[number];

/** LINK_VERIFICATION. */
export const VERIFICATIONS = ['none', 'email', 'moderator'] as const;
export type Verification = (typeof VERIFICATIONS)[number];

/** The account of the community. */
export const COMMUNITY = 'community@example.com';

/** Somebody who tries something. */
export interface Actor {
  readonly kind: PersonKind;
  /** The address of their account. */
  readonly email: string;
  /** Where they stand when it counts. */
  readonly place: Place;
  /** Where the message is that they escalate. */
  readonly home: Place;
  /**
   * Lets them do something as a moderator while they are one, and takes the role away from those who are none any more.
   * Who never was one gets what a moderator made, to forge with.
   */
  asModerator<T>(act: (moderator: Place) => Promise<T>): Promise<T>;
}

export interface Scene {
  readonly talk: Conversation;
  /** A member. */
  readonly ada: Place;
  /** The same, once she has an account. */
  linkedAda(): Promise<Place>;
  /** Always a moderator. */
  readonly mia: Place;
  readonly auditChannel: Channel;
  readonly actors: readonly Actor[];
}

/** A bot with its servers. In each of them there are moderators; in the first one there is the audit channel. */
export interface Fixture {
  readonly talk: Conversation;
  readonly way: Way;
  readonly verification: Verification;
  readonly auditChannel: Channel;
  readonly moderatorRoles: Map<Guild, Role>;
}

/** @param talk Without a bot so far. */
export function createFixture(talk: Conversation, way: Way, verification: Verification): Fixture {
  const auditChannel = talk.guild.createChannel({ name: 'mod-log' });
  const fixture = { talk, way, verification, auditChannel, moderatorRoles: new Map() };
  addModeratorRole(fixture, talk.guild);
  return fixture;
}

/** Adds a server with a role for moderators. */
export function createServer(fixture: Fixture, name: string): Guild {
  const guild = fixture.talk.world.discord.createGuild({ name });
  addModeratorRole(fixture, guild);
  return guild;
}

const PERMITTED = { permissions: ['ModerateMembers'] as const };

function addModeratorRole({ way, moderatorRoles }: Fixture, guild: Guild): void {
  const role = guild.createRole({ name: 'Moderators', ...(way === 'permission' && PERMITTED) });
  moderatorRoles.set(guild, role);
}

/** Starts the bot. To be called when all servers are there. */
export async function startBot({ talk, way, verification, auditChannel, moderatorRoles }: Fixture): Promise<void> {
  const roleIds = [...moderatorRoles.values()].map(({ id }) => id);
  await talk.start({
    // What the disk does is tried elsewhere.
    STORAGE_URL: 'sqlite::memory:',
    LINK_VERIFICATION: verification,
    LINK_MAILS_PER_HOUR: '100',
    ESCALATION_EMAIL: COMMUNITY,
    AUDIT_CHANNEL_ID: auditChannel.id,
    TICKETS_PER_HOUR: '100',
    SERVER_TICKETS_PER_HOUR: '10000',
    ...(way === 'role' && { MODERATOR_ROLE_IDS: roleIds.join(',') }),
  });
}

function moderatorRole({ moderatorRoles }: Fixture, guild: Guild): Role {
  const role = moderatorRoles.get(guild);
  if (!role) throw new Error(`${guild.name} has no role for moderators`);
  return role;
}

/** People in one server. @param persons Who is there to try things. */
export function createScene(fixture: Fixture, guild: Guild, persons: readonly PersonKind[]): Scene {
  const { talk, auditChannel, way } = fixture;
  const { discord } = talk.world;
  const isFirst = guild === talk.guild;
  const channel = isFirst ? talk.channel : guild.createChannel({ name: 'help' });
  const moderators = moderatorRole(fixture, guild);
  // Where roles count, the permission is what a member has, for nothing.
  const members = guild.createRole({ name: 'Regulars', ...(way === 'role' && PERMITTED) });

  function join(name: string, role: Role): Place {
    const user = discord.createUser({ name: isFirst ? name : `${name}-${guild.id}` });
    guild.addMember(user, { roles: [role] });
    // Moderators read the audit channel, wherever they are.
    if (role === moderators && !isFirst) {
      talk.guild.addMember(user, { roles: [moderatorRole(fixture, talk.guild)] });
    }
    return user.in(channel);
  }

  const ada = join('ada-lovelace', members);
  const mia = join('mia', moderators);

  function actor(kind: PersonKind, index: number): Actor {
    const home = join(`actor${index}`, kind === 'Moderator' ? moderators : members);
    const { user } = home;
    let place = home;
    if (kind === 'Moderator of another server') {
      const other = createServer(fixture, 'Another server');
      other.addMember(user, { roles: [moderatorRole(fixture, other)] });
      place = user.in(other.createChannel({ name: 'lobby' }));
    }
    if (kind === 'Bot owner') discord.world.applicationOwner = user.account;
    const wasModerator = kind === 'Former moderator' || kind === 'Moderator of another server';
    return {
      kind,
      email: `${user.name}@example.org`,
      home,
      place,
      async asModerator(act) {
        if (kind === 'Moderator') return act(home);
        if (!wasModerator) return act(mia);
        guild.member(user).addRole(moderators);
        const result = await act(home);
        guild.member(user).removeRole(moderators);
        return result;
      },
    };
  }

  let linking: Promise<unknown> | undefined;
  const linkedAda = async () => {
    linking ??= link(ada);
    await linking;
    return ada;
  };
  return { talk, ada, linkedAda, mia, auditChannel, actors: persons.map(actor) };
}

/** Links whoever tries things. Whoever has been a moderator before the bot's eyes would be one still if it remembered that. */
export async function settle({ actors }: Scene, { verification }: Fixture): Promise<void> {
  if (verification === 'none') await Promise.all(actors.map(({ home }) => link(home)));
  const former = actors.find(({ kind }) => kind === 'Former moderator');
  await former?.asModerator(async (moderator) => {
    const shown = await moderator.slash('helpdesk status', {}, { overridePermissions: true });
    if (!says(shown, 'The helpdesk is reachable')) throw new Error('The bot has never met a moderator in this person');
  });
}

/** Links an account of the person's own, with LINK_VERIFICATION=none. Reads first what has to be told before. */
export async function link(place: Place, email = `${place.user.name}@example.org`): Promise<ShownMessage> {
  const shown = await place.slash('link');
  const form = shown.kind === 'message' ? await shown.click('Link account') : shown;
  return asMessage(await asModal(form).submit({ email }));
}

/** Whether a modal came. */
export function isModal(shown: Shown): boolean {
  return shown.kind === 'modal';
}

/** Whether a message came that says this. */
export function says(shown: Shown, words: string): boolean {
  return shown.kind === 'message' && shown.text.includes(words);
}

/** Whether somebody privately read a no: because of who they are, or because there is no such thing of theirs. */
export function isRefusal(shown: Shown): boolean {
  if (shown.kind !== 'message' || !shown.ephemeral) return false;
  return /Only moderators can|This text is gone|timed out/.test(shown.text);
}

export async function escalationForm(moderator: Place, message: ShownMessage): Promise<ShownModal> {
  return asModal(await moderator.messageCommand('Escalate to ticket', message));
}

/** The custom ID of a message's button. */
export function buttonId(message: ShownMessage, name: string): string {
  const button = message.buttons.find(({ customId }) => customId?.startsWith(`${name}:`));
  if (!button?.customId) throw new Error(`No button ${name} in: ${message.text}`);
  return button.customId;
}

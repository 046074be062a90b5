import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage, asModal, type Shown } from '../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import type { ShownModal } from '../../sandbox/discord/people/shown-modal.ts';
import type { Channel } from '../../sandbox/discord/world/discord-world.ts';
import { type Conversation, startConversation } from '../support/conversation.ts';

/** The columns of the table in docs/operations.md. */
export const PERSONS = ['Member', 'Moderator', 'Moderator of another server', 'Former moderator', 'Bot owner'] as const;
export type PersonKind = (typeof PERSONS)[number];

/** The two things that can make somebody a moderator: the permission or, with MODERATOR_ROLE_IDS, a role. */
export const WAYS = ['permission', 'role'] as const;
export type Way = (typeof WAYS)[number];

/** Somebody who tries an action. */
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
  /** A linked member with a message. */
  readonly ada: Place;
  readonly message: ShownMessage;
  /** Always a moderator. */
  readonly mia: Place;
  readonly auditChannel: Channel;
  readonly actors: readonly Actor[];
}

/** One server with everybody in it, and another one with its own moderator. */
export async function startScene(way: Way, env: Record<string, string> = {}): Promise<Scene> {
  const talk = await startConversation();
  await talk.stop();
  const { discord } = talk.world;
  // Where roles count, the permission is what a member has, for nothing.
  const permitted = { permissions: ['ModerateMembers'] as const };
  const role = talk.guild.createRole({ name: 'Moderators', ...(way === 'permission' && permitted) });
  const ordinary = talk.guild.createRole({ name: 'Regulars', ...(way === 'role' && permitted) });
  const auditChannel = talk.guild.createChannel({ name: 'mod-log' });
  const otherGuild = discord.createGuild({ name: 'Another server' });
  const otherChannel = otherGuild.createChannel({ name: 'lobby' });
  const otherRole = otherGuild.createRole({ name: 'Moderators there', ...(way === 'permission' && permitted) });
  const verification = env.LINK_VERIFICATION ?? 'none';
  const mia = talk.join('mia', { roles: [role] });

  function actor(kind: PersonKind, index: number): Actor {
    const home = talk.join(`actor${index}`, { roles: kind === 'Moderator' ? [role] : [ordinary] });
    const { user } = home;
    if (kind === 'Moderator of another server') otherGuild.addMember(user, { roles: [otherRole] });
    if (kind === 'Bot owner') discord.world.applicationOwner = user.account;
    const wasModerator = kind === 'Former moderator' || kind === 'Moderator of another server';
    return {
      kind,
      email: `${user.name}@example.org`,
      home,
      place: kind === 'Moderator of another server' ? user.in(otherChannel) : home,
      async asModerator(act) {
        if (kind === 'Moderator') return act(home);
        if (!wasModerator) return act(mia);
        talk.guild.member(user).addRole(role);
        const result = await act(home);
        talk.guild.member(user).removeRole(role);
        return result;
      },
    };
  }

  const actors = PERSONS.map(actor);
  await talk.start({
    LINK_VERIFICATION: 'none',
    ESCALATION_EMAIL: 'community@example.com',
    AUDIT_CHANNEL_ID: auditChannel.id,
    TICKETS_PER_HOUR: '100',
    ...(way === 'role' && { MODERATOR_ROLE_IDS: `${role.id},${otherRole.id}` }),
    ...env,
  });
  const { ada } = talk;
  const message = await ada.say('My server is down');
  if (verification === 'none') {
    for (const place of [ada, mia, ...actors.map(({ home }) => home)]) await link(place);
  }
  const former = actors.find(({ kind }) => kind === 'Former moderator');
  await former?.asModerator(async (moderator) => {
    // Whoever has been a moderator before the bot's eyes would be one still if it remembered that.
    const shown = await moderator.slash('helpdesk status', {}, { overridePermissions: true });
    if (!says(shown, 'The helpdesk is reachable')) throw new Error('The bot has never met a moderator in this person');
  });
  return { talk, ada, message, mia, auditChannel, actors };
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
  return /only moderators|is not stored any more|has expired/i.test(shown.text);
}

export async function escalationForm(moderator: Place, message: ShownMessage): Promise<ShownModal> {
  return asModal(await moderator.messageCommand('Escalate to ticket', message));
}

/** The IDs after the name in the custom ID of a message's button. */
export function buttonId(message: ShownMessage, name: string): string {
  const button = message.buttons.find(({ customId }) => customId?.startsWith(`${name}:`));
  if (!button?.customId) throw new Error(`No button ${name} in: ${message.text}`);
  return button.customId;
}

export { asMessage, asModal };

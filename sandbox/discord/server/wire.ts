import type { APIMessageTopLevelComponent } from 'discord-api-types/v10';
import { InteractionType, MessageType } from 'discord-api-types/v10';
import type { Account, Attachment, Channel, Message } from '../world/discord-world.ts';
import type { Guild, Member, Role } from '../world/guild.ts';

/** Turns what the world holds into the JSON that Discord sends. `origin` is where attachments can be fetched. */
export function messageJson(message: Message, origin: string) {
  const { interaction } = message;
  return {
    id: message.id,
    type: interaction?.type === InteractionType.ApplicationCommand ? MessageType.ChatInputCommand : MessageType.Default,
    channel_id: message.channel.id,
    author: accountJson(message.author),
    content: message.content,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.editedAt === undefined ? null : new Date(message.editedAt).toISOString(),
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: message.attachments.map((attachment) => attachmentJson(attachment, origin)),
    // What bots send is always of this type; Discord makes the others of links.
    embeds: message.embeds.map((embed) => ({ type: 'rich', ...embed })),
    components: message.components,
    pinned: false,
    flags: message.flags,
    ...(message.nonce !== undefined && { nonce: message.nonce }),
    ...(message.author.bot && { application_id: message.author.id, webhook_id: message.author.id }),
    ...(interaction && {
      interaction_metadata: {
        id: interaction.id,
        type: interaction.type,
        user: accountJson(interaction.user),
        authorizing_integration_owners: { '0': message.channel.guild?.id ?? '0' },
        ...(interaction.name !== undefined && { name: interaction.name }),
      },
    }),
    ...message.wire,
  };
}

/** What a forwarded message takes along: what it shows, and not who wrote it. */
const FORWARDED = [
  'type',
  'content',
  'embeds',
  'attachments',
  'components',
  'flags',
  'timestamp',
  'edited_timestamp',
  'mentions',
  'mention_roles',
  'sticker_items',
] as const;

/** A message as it is forwarded. */
export function snapshotJson(message: Message, origin: string) {
  const all: Readonly<Record<string, unknown>> = messageJson(message, origin);
  return { message: Object.fromEntries(FORWARDED.filter((name) => name in all).map((name) => [name, all[name]])) };
}

/** The signature that Discord puts behind links to attachments; they work for a day. As long as a real one. */
const SIGNATURE = `ex=67447a5f&is=674328df&hm=${'0123456789abcdef'.repeat(4)}&`;

export function attachmentJson(attachment: Attachment, origin: string) {
  const url = `${origin}/attachments/${attachment.id}/${encodeURIComponent(attachment.name)}?${SIGNATURE}`;
  return {
    id: attachment.id,
    filename: attachment.name,
    size: attachment.content.length,
    url,
    proxy_url: url,
    content_type: attachment.contentType,
    ...(attachment.description !== undefined && { description: attachment.description }),
  };
}

export function accountJson(account: Account) {
  return {
    id: account.id,
    username: account.name,
    global_name: account.bot ? null : account.name,
    discriminator: account.bot ? '0001' : '0',
    avatar: null,
    bot: account.bot,
    public_flags: 0,
  };
}

export function memberJson(member: Member, channel?: Channel) {
  return {
    user: accountJson(member.account),
    nick: null,
    avatar: null,
    banner: null,
    roles: [...member.roles].map((role) => role.id),
    joined_at: new Date(member.joinedAt).toISOString(),
    premium_since: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
    communication_disabled_until: null,
    permissions: member.guild.permissionsOf(member.account, channel).toString(),
  };
}

export function roleJson(role: Role) {
  return {
    id: role.id,
    name: role.name,
    permissions: role.permissions.toString(),
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    position: 0,
    managed: false,
    mentionable: false,
    flags: 0,
  };
}

export function channelJson(channel: Channel, reader?: Account) {
  if (!channel.guild) {
    return {
      id: channel.id,
      type: channel.type,
      last_message_id: null,
      flags: 0,
      recipients: channel.recipient ? [accountJson(channel.recipient)] : [],
    };
  }
  return {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guild.id,
    name: channel.name,
    position: 0,
    nsfw: false,
    topic: null,
    parent_id: channel.parent?.id ?? null,
    ...(channel.thread && {
      owner_id: channel.guild.owner.id,
      message_count: 0,
      member_count: 1,
      thread_metadata: {
        archived: channel.thread.archived,
        locked: channel.thread.locked,
        auto_archive_duration: 1440,
        archive_timestamp: new Date(0).toISOString(),
      },
    }),
    last_message_id: null,
    rate_limit_per_user: 0,
    permission_overwrites: [],
    flags: 0,
    ...(reader && { permissions: channel.guild.permissionsOf(reader, channel).toString() }),
  };
}

/** The large payload of GUILD_CREATE, for a bot that asked for the Guilds intent. */
export function guildJson(guild: Guild, bot: Account) {
  const self = guild.members.get(bot.id);
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    owner_id: guild.owner.id,
    preferred_locale: guild.locale,
    features: [],
    roles: [...guild.roles.values()].map(roleJson),
    channels: [...guild.channels.values()].map((channel) => channelJson(channel)),
    members: self ? [memberJson(self)] : [],
    member_count: guild.members.size,
    emojis: [],
    stickers: [],
    threads: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    joined_at: new Date(0).toISOString(),
    large: false,
    unavailable: false,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    system_channel_flags: 0,
    premium_progress_bar_enabled: false,
    afk_timeout: 300,
  };
}

/** Gives every component the number that Discord adds where the bot sent none, counting from 1. */
export function numberComponents<T extends APIMessageTopLevelComponent[] | unknown[]>(components: T): T {
  const taken = new Set<unknown>(JSON.stringify(components).match(/"id":\d+/g));
  let count = 0;
  const number = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object') return value;
    const part = { ...(value as Record<string, unknown>) };
    do count += 1;
    while (taken.has(`"id":${count}`));
    part.id ||= count;
    if (Array.isArray(part.components)) part.components = part.components.map(number);
    if (part.component) part.component = number(part.component);
    if (part.accessory) part.accessory = number(part.accessory);
    return part;
  };
  return components.map(number) as T;
}

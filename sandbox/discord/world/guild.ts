import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import type { Account } from './account.ts';

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly type: ChannelType;
  /** Absent in a direct message. */
  readonly guild?: Guild;
  /** The channel of a thread, or the category of a channel. */
  readonly parent?: Channel;
  /** Of a thread. Who writes into an archived one opens it again, unless it is locked. */
  readonly thread?: { archived: boolean; locked: boolean };
  /** The person at the other end of the bot's direct message. */
  readonly recipient?: Account;
}

/** What a guild needs of the world around it. */
export interface GuildWorld {
  readonly now: () => number;
  readonly newId: () => string;
  readonly bot: Account;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly channels: Map<string, Channel>;
}

export type Permission = keyof typeof PermissionFlagsBits;

export interface Role {
  readonly id: string;
  readonly name: string;
  permissions: bigint;
}

interface Overwrite {
  allow: bigint;
  deny: bigint;
}

const EVERYBODY: Permission[] = [
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'ReadMessageHistory',
  'EmbedLinks',
  'AttachFiles',
  'AddReactions',
  'UseApplicationCommands',
];

const ALL_PERMISSIONS = Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n);

function bits(permissions: readonly Permission[]): bigint {
  return permissions.reduce((sum, name) => sum | PermissionFlagsBits[name], 0n);
}

/** A person's place in one guild: their roles, which may change at any time. */
export class Member {
  readonly guild: Guild;
  readonly account: Account;
  readonly joinedAt: number;
  readonly roles = new Set<Role>();

  constructor(guild: Guild, account: Account, joinedAt: number) {
    this.guild = guild;
    this.account = account;
    this.joinedAt = joinedAt;
  }

  addRole(role: Role): void {
    this.roles.add(role);
  }

  removeRole(role: Role): void {
    this.roles.delete(role);
  }
}

/** A server: its channels, roles and members. The bot is a member from the start. */
export class Guild {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly owner: Account;
  readonly everyone: Role;
  readonly roles = new Map<string, Role>();
  readonly channels = new Map<string, Channel>();
  readonly members = new Map<string, Member>();
  private readonly world: GuildWorld;
  private readonly overwrites = new Map<string, Map<string, Overwrite>>();

  constructor(world: GuildWorld, options: { name: string; locale?: string; owner: Account }) {
    this.world = world;
    this.id = world.newId();
    this.name = options.name;
    this.locale = options.locale ?? 'en-US';
    this.owner = options.owner;
    this.everyone = { id: this.id, name: '@everyone', permissions: bits(EVERYBODY) };
    this.roles.set(this.everyone.id, this.everyone);
    this.addMember(this.owner);
    this.addMember(world.bot);
  }

  /** @param options.id Of a thread: that of the message that it is about. */
  createChannel(options: { name: string; type?: ChannelType; parent?: Channel; id?: string }): Channel {
    const { name, type = ChannelType.GuildText, parent, id = this.world.newId() } = options;
    const channel: Channel = {
      id,
      name,
      type,
      guild: this,
      ...(parent && { parent }),
      ...(isThread(type) && { thread: { archived: false, locked: false } }),
    };
    this.channels.set(channel.id, channel);
    this.world.channels.set(channel.id, channel);
    return channel;
  }

  createRole(options: { name: string; permissions?: readonly Permission[] }): Role {
    const role: Role = { id: this.world.newId(), name: options.name, permissions: bits(options.permissions ?? []) };
    this.roles.set(role.id, role);
    return role;
  }

  /** Lets somebody in. Who is a member already only gains the roles. */
  addMember(person: { readonly id: string }, options: { roles?: readonly Role[] } = {}): Member {
    const account = this.world.accounts.get(person.id);
    if (!account) throw new Error(`No account has the ID ${person.id}`);
    const member = this.members.get(account.id) ?? new Member(this, account, this.world.now());
    for (const role of options.roles ?? []) member.addRole(role);
    this.members.set(account.id, member);
    return member;
  }

  /** @throws {Error} when that person is not a member. */
  member(person: { readonly id: string }): Member {
    const member = this.members.get(person.id);
    if (!member) throw new Error(`${person.id} is not a member of ${this.name}`);
    return member;
  }

  removeChannel(channel: Channel): void {
    this.channels.delete(channel.id);
    this.world.channels.delete(channel.id);
  }

  removeMember(person: { readonly id: string }): void {
    this.members.delete(person.id);
  }

  /** Sets a channel's permission overwrite for a role or a person, the bot included. */
  overwrite(
    channel: Channel,
    target: { readonly id: string },
    change: { allow?: readonly Permission[]; deny?: readonly Permission[] },
  ): void {
    const ofChannel = this.overwrites.get(channel.id) ?? new Map<string, Overwrite>();
    ofChannel.set(target.id, { allow: bits(change.allow ?? []), deny: bits(change.deny ?? []) });
    this.overwrites.set(channel.id, ofChannel);
  }

  /** What a member may do, in one channel when it is given: roles first, then the channel's overwrites. */
  permissionsOf(person: { readonly id: string }, channel?: Channel): bigint {
    const member = this.members.get(person.id);
    if (!member) return 0n;
    if (person.id === this.owner.id) return ALL_PERMISSIONS;
    let permissions = this.everyone.permissions;
    for (const role of member.roles) permissions |= role.permissions;
    if (permissions & PermissionFlagsBits.Administrator) return ALL_PERMISSIONS;
    // A thread has no overwrites of its own.
    const place = channel?.thread && channel.parent ? channel.parent : channel;
    const ofChannel = place && this.overwrites.get(place.id);
    if (!ofChannel) return permissions;
    const apply = (list: (Overwrite | undefined)[]) => {
      let allow = 0n;
      let deny = 0n;
      for (const overwrite of list) {
        allow |= overwrite?.allow ?? 0n;
        deny |= overwrite?.deny ?? 0n;
      }
      permissions = (permissions & ~deny) | allow;
    };
    apply([ofChannel.get(this.everyone.id)]);
    apply([...member.roles].map((role) => ofChannel.get(role.id)));
    apply([ofChannel.get(person.id)]);
    return permissions;
  }

  can(person: { readonly id: string }, permission: Permission, channel?: Channel): boolean {
    const needed = PermissionFlagsBits[permission];
    return (this.permissionsOf(person, channel) & needed) === needed;
  }
}

export function isThread(type: ChannelType): boolean {
  return (
    type === ChannelType.PublicThread || type === ChannelType.PrivateThread || type === ChannelType.AnnouncementThread
  );
}

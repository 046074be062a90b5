import * as spec from 'discord-api-spec/zod';
import { ChannelType } from 'discord-api-types/v10';
import { BodyErrors, refusal } from '../rules/api-error.ts';
import { readCommands } from '../rules/command-rules.ts';
import { readMessage } from '../rules/message-rules.ts';
import { checkSchema } from '../rules/schema-check.ts';
import type { SentMessage, UploadedFile } from '../rules/sent-message.ts';
import type { Channel, DiscordWorld, Message } from '../world/discord-world.ts';
import type { Interaction } from '../world/interaction.ts';
import type { Interactions } from '../world/interactions.ts';
import { commandJson, type PublishedCommands } from '../world/published-commands.ts';
import type { Sharding } from './gateway.ts';
import { accountJson, channelJson, memberJson, messageJson, roleJson } from './wire.ts';

/** Posts have messages there, or channels; they themselves have none. */
const NOT_FOR_MESSAGES: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildCategory,
  ChannelType.GuildForum,
  ChannelType.GuildMedia,
]);

/** The groups that faults strike. */
export type RouteGroup = 'callback' | 'edit' | 'follow-up' | 'message' | 'guild-commands' | 'servers' | 'other';

export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
}

export interface Answer {
  readonly status: number;
  readonly json?: unknown;
}

export interface Route {
  readonly method: string;
  /** As in Discord's documentation, with `:name` for each parameter. */
  readonly template: string;
  readonly group: RouteGroup;
  /** False where the interaction's token in the address is the authority. */
  readonly needsBotToken: boolean;
  handle(call: Call): Answer;
}

export interface RouteDeps {
  readonly world: DiscordWorld;
  readonly commands: PublishedCommands;
  readonly interactions: Interactions;
  /** http://… without a path. */
  origin(): string;
  gatewayUrl(): string;
  readonly sharding: Sharding;
}

/** Every endpoint of the stand-in. */
export function createRoutes(deps: RouteDeps): Route[] {
  return [...applicationRoutes(deps), ...interactionRoutes(deps), ...guildRoutes(deps), ...channelRoutes(deps)];
}

/** What a bot may ask about a server that it is in, without any intent. */
function guildRoutes({ world }: RouteDeps): Route[] {
  const guildOf = ({ params }: Call) => {
    const guild = world.guilds.get(params.guild ?? '');
    if (!guild) throw refusal('unknownGuild');
    if (!guild.members.has(world.bot.id)) throw refusal('missingAccess');
    return guild;
  };
  return [
    bot(
      'GET',
      '/guilds/:guild',
      (call) => {
        const { id, name, owner, roles } = guildOf(call);
        return ok({ id, name, owner_id: owner.id, roles: [...roles.values()].map(roleJson) });
      },
      'servers',
    ),
    bot('GET', '/guilds/:guild/members/:user', (call) => {
      const member = guildOf(call).members.get(call.params.user ?? '');
      if (!member) throw refusal('unknownMember');
      // What a member may do in a channel is told with interactions alone.
      const { permissions: _, ...json } = memberJson(member);
      return ok(json);
    }),
  ];
}

function applicationRoutes({ world, commands, gatewayUrl, sharding }: RouteDeps): Route[] {
  const application = () => ({
    id: world.applicationId,
    name: world.bot.name,
    icon: null,
    description: '',
    bot_public: world.application.isPublic,
    interactions_endpoint_url: world.application.interactionsEndpointUrl ?? null,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    bot: accountJson(world.bot),
    owner: world.applicationOwner ? accountJson(world.applicationOwner) : null,
    team: null,
    summary: '',
  });
  const scope = ({ params }: Call): string | undefined => {
    if (params.app !== world.applicationId) throw refusal('missingAccess');
    if (params.guild === undefined) return undefined;
    if (!world.guilds.get(params.guild)?.members.has(world.bot.id)) throw refusal('missingAccess');
    return params.guild;
  };
  const list = (call: Call) => ok(commands.list(scope(call)).map((one) => commandJson(one, world.applicationId)));
  const replace = (call: Call) => {
    const guildId = scope(call);
    const published = commands.replace(readCommands(call.body), guildId);
    return ok(published.map((one) => commandJson(one, world.applicationId)));
  };
  const remove = (call: Call) => {
    if (!commands.remove(call.params.command ?? '', scope(call))) throw refusal('unknownCommand');
    return { status: 204 };
  };
  return [
    bot('GET', '/gateway/bot', () =>
      ok({
        url: gatewayUrl(),
        shards: sharding.shards,
        session_start_limit: {
          total: 1000,
          remaining: sharding.sessionsLeft,
          reset_after: sharding.sessionsLeft < 1000 ? 3_600_000 : 0,
          max_concurrency: sharding.maxConcurrency ?? 1,
        },
      }),
    ),
    bot('GET', '/users/@me', () => ok({ ...accountJson(world.bot), verified: true, mfa_enabled: true, email: null })),
    bot(
      'GET',
      '/users/@me/guilds',
      () => {
        const guilds = [...world.guilds.values()].filter((guild) => guild.members.has(world.bot.id));
        return ok(guilds.map(({ id, name }) => ({ id, name, icon: null, owner: false, features: [] })));
      },
      'servers',
    ),
    bot('GET', '/users/:user', ({ params }) => {
      const account = world.accounts.get(params.user ?? '');
      if (!account) throw refusal('unknownUser');
      return ok(accountJson(account));
    }),
    bot('GET', '/applications/@me', () => ok(application())),
    bot('GET', '/oauth2/applications/@me', () => ok(application())),
    bot('GET', '/applications/:app/commands', list),
    bot('PUT', '/applications/:app/commands', replace),
    bot('DELETE', '/applications/:app/commands/:command', remove),
    bot('GET', '/applications/:app/guilds/:guild/commands', list, 'guild-commands'),
    bot('PUT', '/applications/:app/guilds/:guild/commands', replace, 'guild-commands'),
    bot('DELETE', '/applications/:app/guilds/:guild/commands/:command', remove, 'guild-commands'),
  ];
}

function interactionRoutes({ world, interactions, origin }: RouteDeps): Route[] {
  const byWebhook = ({ params }: Call): Interaction => {
    const interaction = interactions.findByToken(params.token ?? '');
    if (params.app !== world.applicationId) throw refusal('unknownWebhook');
    if (!interaction) throw refusal('invalidToken');
    interaction.checkToken();
    return interaction;
  };
  const webhook = '/webhooks/:app/:token';
  const message = `${webhook}/messages/:message`;
  return [
    byToken('POST', '/interactions/:id/:token/callback', 'callback', (call) => {
      const interaction = interactions.find(call.params.id ?? '');
      if (!interaction || interaction.token !== call.params.token) throw refusal('unknownInteraction');
      interaction.respond(call.body, call.files);
      if (call.query.get('with_response') !== 'true') return { status: 204 };
      return ok(callbackJson(interaction, origin()));
    }),
    byToken('POST', webhook, 'follow-up', (call) => {
      return ok(messageJson(byWebhook(call).followUp(call.body, call.files), origin()));
    }),
    byToken('GET', message, 'other', (call) => {
      return ok(messageJson(byWebhook(call).messageById(call.params.message ?? ''), origin()));
    }),
    byToken('PATCH', message, 'edit', (call) => {
      return ok(messageJson(byWebhook(call).edit(call.params.message ?? '', call.body, call.files), origin()));
    }),
    byToken('DELETE', message, 'other', (call) => {
      byWebhook(call).remove(call.params.message ?? '');
      return { status: 204 };
    }),
  ];
}

function callbackJson(interaction: Interaction, origin: string) {
  const { id, type, original, channel, acknowledgement } = interaction;
  return {
    interaction: {
      id,
      type,
      channel_id: channel.id,
      ...(channel.guild && { guild_id: channel.guild.id }),
      ...(original && {
        response_message_id: original.id,
        response_message_loading: (original.flags & 128) !== 0,
        response_message_ephemeral: original.visibleTo !== undefined,
      }),
    },
    resource: { type: acknowledgement, ...(original && { message: messageJson(original, origin) }) },
  };
}

function channelRoutes({ world, origin }: RouteDeps): Route[] {
  const readable = ({ params }: Call): Channel => {
    const channel = world.channels.get(params.channel ?? '');
    if (!channel) throw refusal('unknownChannel');
    if (channel.guild && !channel.guild.can(world.bot, 'ViewChannel', channel)) throw refusal('missingAccess');
    return channel;
  };
  const writable = (call: Call): Channel => {
    const channel = readable(call);
    if (NOT_FOR_MESSAGES.has(channel.type)) throw refusal('notATextChannel');
    const permission = channel.thread ? 'SendMessagesInThreads' : 'SendMessages';
    if (channel.guild && !channel.guild.can(world.bot, permission, channel)) throw refusal('missingPermissions');
    if (channel.thread?.archived) {
      if (channel.thread.locked) throw refusal('threadArchived');
      channel.thread.archived = false;
    }
    if (channel.recipient && !acceptsDirectMessages(world, channel)) throw refusal('directMessagesClosed');
    return channel;
  };
  const messageIn = (call: Call): Message => {
    const channel = readable(call);
    const message = world.messages.get(call.params.message ?? '');
    // An ephemeral message belongs to its interaction; the channel does not know it.
    if (message?.channel !== channel || message.visibleTo !== undefined) throw refusal('unknownMessage');
    return message;
  };
  const one = '/channels/:channel/messages/:message';
  return [
    bot('GET', '/channels/:channel', (call) => ok(channelJson(readable(call)))),
    bot('POST', '/users/@me/channels', ({ body }) => {
      const errors = new BodyErrors();
      checkSchema(spec.CreatePrivateChannelRequestSchema, body, errors);
      const recipient = world.accounts.get(String((body as { recipient_id?: unknown } | undefined)?.recipient_id));
      if (!recipient) errors.add(['recipient_id'], 'BASE_TYPE_REQUIRED', 'Unknown recipient');
      errors.throwIfAny();
      if (!recipient || recipient.bot) throw refusal('directMessagesClosed');
      return ok(channelJson(world.directChannel(recipient)));
    }),
    bot(
      'POST',
      '/channels/:channel/messages',
      (call) => {
        const channel = writable(call);
        const { sent, ...shown } = readMessage('channel-message', call.body, call.files, world.newId);
        const nonce = sent.nonce === undefined || sent.nonce === null ? undefined : String(sent.nonce);
        const same = sent.enforce_nonce && nonce !== undefined ? findByNonce(world, channel, nonce) : undefined;
        const repliesTo = readReference(world, channel, sent);
        const message =
          same ??
          world.post({
            ...shown,
            channel,
            author: world.bot,
            ...(nonce !== undefined && { nonce }),
            ...(repliesTo !== undefined && { repliesTo }),
          });
        return ok(messageJson(message, origin()));
      },
      'message',
    ),
    bot('GET', one, (call) => ok(messageJson(messageIn(call), origin()))),
    bot('PATCH', one, (call) => {
      const message = messageIn(call);
      if (message.author !== world.bot) throw refusal('notTheAuthor');
      const { sent, ...shown } = readMessage('channel-edit', call.body, call.files, world.newId, message);
      world.edit(message, shown);
      return ok(messageJson(message, origin()));
    }),
    bot('DELETE', one, (call) => {
      const message = messageIn(call);
      const { guild } = message.channel;
      const mayDelete = message.author === world.bot || guild?.can(world.bot, 'ManageMessages', message.channel);
      if (!mayDelete) throw refusal('missingPermissions');
      world.remove(message);
      return { status: 204 };
    }),
  ];
}

/** Discord delivers a bot's direct message to people who share a server with it and have not closed them. */
function acceptsDirectMessages(world: DiscordWorld, { recipient }: Channel): boolean {
  if (!recipient?.directMessagesOpen) return false;
  return [...world.guilds.values()].some(({ members }) => members.has(recipient.id) && members.has(world.bot.id));
}

/**
 * The message that is replied to.
 * @throws {ApiError} 160002 where the bot may not read the history; 50035 for a message that is not there, unless the bot
 * allows for that.
 */
function readReference(world: DiscordWorld, channel: Channel, { message_reference }: SentMessage): string | undefined {
  const id = message_reference?.message_id ?? undefined;
  if (id === undefined) return undefined;
  const { guild } = channel;
  if (guild && !guild.can(world.bot, 'ReadMessageHistory', channel)) throw refusal('replyWithoutHistory');
  if (world.messages.get(id)?.channel === channel) return id;
  if (message_reference?.fail_if_not_exists === false) return undefined;
  const errors = new BodyErrors();
  errors.add(['message_reference'], 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
  throw errors.asRefusal();
}

function findByNonce(world: DiscordWorld, channel: Channel, nonce: string): Message | undefined {
  for (const message of world.messages.values()) {
    if (message.channel === channel && message.nonce === nonce && message.author === world.bot) return message;
  }
  return undefined;
}

function bot(method: string, template: string, handle: Route['handle'], group: RouteGroup = 'other'): Route {
  return { method, template, group, needsBotToken: true, handle };
}

function byToken(method: string, template: string, group: RouteGroup, handle: Route['handle']): Route {
  return { method, template, group, needsBotToken: false, handle };
}

function ok(json: unknown): Answer {
  return { status: 200, json };
}

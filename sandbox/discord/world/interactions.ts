import { randomBytes } from 'node:crypto';
import { type InteractionContextType, InteractionType } from 'discord-api-types/v10';
import type { SandboxClock } from '../../clock.ts';
import type { Gateway } from '../server/gateway.ts';
import { accountJson, channelJson, memberJson, messageJson } from '../server/wire.ts';
import type { Account, Channel, DiscordWorld, Message } from './discord-world.ts';
import { Interaction } from './interaction.ts';

/** Interactions remembered; the oldest are forgotten first. */
const MAX_INTERACTIONS = 20_000;
/** Bytes that a person may upload with one interaction without boosts. */
const ATTACHMENT_SIZE_LIMIT = 10 * 1024 * 1024;

/** What a person does, before it has an ID. */
export interface Act {
  readonly type: InteractionType;
  /** The command's name or the custom ID, for the record. */
  readonly name: string;
  readonly data: Record<string, unknown>;
  readonly message?: Message;
}

export interface InteractionLimits {
  deadlineMs: number;
  tokenLifetimeMs: number;
}

/** Sends what people do to the bot, and remembers it for the answers. */
export class Interactions {
  private readonly world: DiscordWorld;
  private readonly gateway: Gateway;
  private readonly limits: InteractionLimits;
  private readonly clock: SandboxClock;
  private readonly origin: () => string;
  private readonly byId = new Map<string, Interaction>();
  private readonly byToken = new Map<string, Interaction>();
  private readonly payloads = new Map<string, unknown>();

  constructor(deps: {
    world: DiscordWorld;
    gateway: Gateway;
    limits: InteractionLimits;
    clock: SandboxClock;
    origin: () => string;
  }) {
    this.world = deps.world;
    this.gateway = deps.gateway;
    this.limits = deps.limits;
    this.clock = deps.clock;
    this.origin = deps.origin;
  }

  list(): Interaction[] {
    return [...this.byId.values()];
  }

  find(id: string): Interaction | undefined {
    return this.byId.get(id);
  }

  findByToken(token: string): Interaction | undefined {
    return this.byToken.get(token);
  }

  /** Sends one interaction to the bot. Without any session on the gateway it fails at once. */
  start(person: Account, channel: Channel, act: Act): Interaction {
    const id = this.world.newId();
    const token = randomBytes(60).toString('base64url');
    const { type, name, message } = act;
    const interaction = new Interaction(
      this.world,
      { id, token, type, name, person, channel, ...(message && { message }) },
      { ...this.limits, clock: this.clock },
    );
    const payload = this.payload(interaction, act);
    this.byId.set(id, interaction);
    this.byToken.set(token, interaction);
    this.payloads.set(id, payload);
    if (this.byId.size > MAX_INTERACTIONS) this.forgetOldest();
    this.world.events.emit('interaction', interaction);
    // Discord then posts them to that address, and to nobody on the gateway.
    if (this.world.application.interactionsEndpointUrl !== undefined)
      interaction.fail('The address of the interactions endpoint did not answer.');
    else if (this.gateway.known === 0) interaction.fail('The application is not connected to the gateway.');
    else this.gateway.dispatch('INTERACTION_CREATE', payload, guildIn(payload));
    return interaction;
  }

  /** Dispatches the same interaction once more, as a gateway may. */
  redeliver(id: string): void {
    const payload = this.payloads.get(id);
    if (!payload) throw new Error(`No interaction has the ID ${id}`);
    this.gateway.dispatch('INTERACTION_CREATE', payload, guildIn(payload));
  }

  /** Ends every wait, so that no timer keeps the process alive. */
  close(): void {
    for (const interaction of this.byId.values()) interaction.fail('The stand-in was closed.');
  }

  private forgetOldest(): void {
    const [oldest] = this.byId.values();
    if (!oldest) return;
    this.byId.delete(oldest.id);
    this.byToken.delete(oldest.token);
    this.payloads.delete(oldest.id);
  }

  private payload(interaction: Interaction, act: Act) {
    const { person, channel } = interaction;
    const { guild } = channel;
    const member = guild?.members.get(person.id);
    const context: InteractionContextType = guild ? 0 : 1;
    return {
      id: interaction.id,
      application_id: this.world.applicationId,
      type: interaction.type,
      token: interaction.token,
      version: 1,
      data: act.data,
      channel_id: channel.id,
      channel: channelJson(channel, person),
      ...(guild && member
        ? {
            guild_id: guild.id,
            guild: { id: guild.id, locale: guild.locale, features: [] },
            guild_locale: guild.locale,
            member: memberJson(member, channel),
          }
        : { user: accountJson(person) }),
      ...(interaction.type !== InteractionType.ApplicationCommand &&
        act.message && { message: messageJson(act.message, this.origin()) }),
      locale: person.locale,
      app_permissions: guild ? guild.permissionsOf(this.world.bot, channel).toString() : '0',
      entitlements: [],
      authorizing_integration_owners: { '0': guild?.id ?? '0' },
      context,
      attachment_size_limit: ATTACHMENT_SIZE_LIMIT,
    };
  }
}

/** The server in which an interaction happens; undefined for a direct message. */
function guildIn(payload: unknown): string | undefined {
  const guildId =
    typeof payload === 'object' && payload !== null && 'guild_id' in payload ? payload.guild_id : undefined;
  return typeof guildId === 'string' ? guildId : undefined;
}

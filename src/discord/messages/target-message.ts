import {
  ApplicationCommandType,
  type Client,
  Events,
  GatewayDispatchEvents,
  type Interaction,
  InteractionType,
} from 'discord.js';
import { z } from 'zod';

/** Interactions that discord.js has not made yet, or never makes. */
const MAX_WAITING = 100;

const RAW = Symbol('the target message as Discord sent it');

const resolved = z.looseObject({ messages: z.record(z.string(), z.unknown()).optional().catch(undefined) });

/**
 * Takes the message that a message command is about out of each packet before discord.js reads it, and hands it over with
 * the interaction. discord.js keeps no starter message of a thread, throws the whole interaction away over a poll whose
 * channel it does not know, and does the same over any message of a shape that it has not learnt yet.
 */
export function keepTargetMessages(client: Client): void {
  const waiting = new Map<string, unknown>();
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (packet) => {
    if (packet.type !== InteractionType.ApplicationCommand) return;
    if (packet.data.type !== ApplicationCommandType.Message) return;
    const found = resolved.safeParse(packet.data.resolved).data?.messages?.[packet.data.target_id];
    Object.assign(packet.data, { resolved: {} });
    waiting.set(packet.id, found);
    const [oldest] = waiting.keys();
    if (waiting.size > MAX_WAITING && oldest !== undefined) waiting.delete(oldest);
  });
  client.on(Events.InteractionCreate, (interaction) => {
    if (!waiting.has(interaction.id)) return;
    Object.defineProperty(interaction, RAW, { value: waiting.get(interaction.id) });
    waiting.delete(interaction.id);
  });
}

/** The message that a message command is about, as Discord sent it, whatever that is. `targetMessage` of discord.js is not there. */
export function targetMessageOf(interaction: Interaction): unknown {
  return (interaction as { [RAW]?: unknown })[RAW];
}

import { type Client, Events, GatewayDispatchEvents, type GatewayInteractionCreateDispatchData } from 'discord.js';

/** Interactions that discord.js has not made yet, or never makes. */
const MAX_WAITING = 100;

/**
 * Takes something out of each interaction's packet before discord.js reads it, and hands it over with the interaction, as a
 * property under `key`. For what discord.js drops.
 * @param read Must not throw. What is undefined is not handed over.
 */
export function keepFromPackets(
  client: Client,
  key: symbol,
  read: (packet: GatewayInteractionCreateDispatchData) => unknown,
): void {
  const waiting = new Map<string, unknown>();
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (packet) => {
    const found = read(packet);
    if (found === undefined) return;
    waiting.set(packet.id, found);
    const [oldest] = waiting.keys();
    if (waiting.size > MAX_WAITING && oldest !== undefined) waiting.delete(oldest);
  });
  client.on(Events.InteractionCreate, (interaction) => {
    if (!waiting.has(interaction.id)) return;
    Object.defineProperty(interaction, key, { value: waiting.get(interaction.id) });
    waiting.delete(interaction.id);
  });
}

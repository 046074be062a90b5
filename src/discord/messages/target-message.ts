import { ApplicationCommandType, type Client, type Interaction, InteractionType } from 'discord.js';
import { z } from 'zod';
import { keepFromPackets } from '../packet-data.ts';

const RAW = Symbol('the target message as Discord sent it');

const resolved = z.looseObject({ messages: z.record(z.string(), z.unknown()).optional().catch(undefined) });

/**
 * Takes the message that a message command is about out of each packet before discord.js reads it, and hands it over with
 * the interaction. discord.js keeps no starter message of a thread, throws the whole interaction away over a poll whose
 * channel it does not know, and does the same over any message of a shape that it has not learnt yet.
 */
export function keepTargetMessages(client: Client): void {
  keepFromPackets(client, RAW, (packet) => {
    if (packet.type !== InteractionType.ApplicationCommand) return undefined;
    if (packet.data.type !== ApplicationCommandType.Message) return undefined;
    const found = resolved.safeParse(packet.data.resolved).data?.messages?.[packet.data.target_id];
    Object.assign(packet.data, { resolved: {} });
    return found;
  });
}

/** The message that a message command is about, as Discord sent it, whatever that is. `targetMessage` of discord.js is not there. */
export function targetMessageOf(interaction: Interaction): unknown {
  return (interaction as { [RAW]?: unknown })[RAW];
}

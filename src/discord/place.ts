import { type Client, Events, type Interaction } from 'discord.js';
import { z } from 'zod';
import type { Place } from '../tickets/ticket-request.ts';
import { keepFromPackets } from './packet-data.ts';
import { readableName } from './readable-name.ts';
import type { ServerNames } from './server-names.ts';

const CHANNEL_NAME = Symbol('the name of the channel');
const SERVER_NAME = Symbol('the name of the server');

const channel = z.object({ name: z.string().transform(readableName) });

/** Hands over with each interaction how its channel and its server are called, as far as that is known at once. */
export function keepPlaceNames(client: Client, servers: ServerNames): void {
  keepFromPackets(client, CHANNEL_NAME, (packet) => channel.safeParse(packet.channel).data?.name);
  client.on(Events.InteractionCreate, (interaction) => {
    const name = interaction.guildId ? servers.find(interaction.guildId) : undefined;
    Object.defineProperty(interaction, SERVER_NAME, { value: name });
  });
}

type FromPlace = Pick<Interaction, 'guildId' | 'channelId'>;

/** Where an interaction happens. Names are there when they are known; in a direct message there are none. */
export function placeOf(interaction: FromPlace): Place {
  const { guildId, channelId } = interaction;
  if (!guildId) return { channelId: channelId ?? undefined };
  const { [CHANNEL_NAME]: channelName, [SERVER_NAME]: guildName } = interaction as {
    readonly [CHANNEL_NAME]?: string;
    readonly [SERVER_NAME]?: string;
  };
  return { guildId, guildName, channelId: channelId ?? undefined, channelName };
}

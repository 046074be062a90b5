import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  Events,
  type Interaction,
  MessageFlags,
  type RESTOptions,
} from 'discord.js';
import type { SandboxDiscord } from '../../sandbox/discord/discord.ts';

export type Handler = (interaction: Interaction) => Promise<unknown>;

/** A bot of a few lines with the real client: every interaction goes to the handler of its name. */
export interface TestBot {
  readonly client: Client;
  /** What handlers rejected with, oldest first. */
  readonly errors: unknown[];
  handle(name: string, handler: Handler): void;
  /** Waits until every handler that has begun is through. */
  idle(): Promise<unknown>;
  publish(commands: unknown[], guildId?: string): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startBot(discord: SandboxDiscord, rest: Partial<RESTOptions> = {}): Promise<TestBot> {
  const client = new Client({
    intents: [],
    rest: { api: discord.url, retries: 0, timeout: 120_000, ...rest },
    allowedMentions: { parse: [] },
  });
  const handlers = new Map<string, Handler>();
  const errors: unknown[] = [];
  const begun: (Promise<unknown> | undefined)[] = [];
  client.on(Events.Error, (error) => errors.push(error));
  client.on(Events.InteractionCreate, (interaction) => {
    const name = interaction.isCommand()
      ? interaction.commandName
      : 'customId' in interaction
        ? interaction.customId
        : '';
    begun.push(
      handlers
        .get(name)?.(interaction)
        .catch((error) => errors.push(error)),
    );
  });
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.botToken);
  await ready;
  return {
    client,
    errors,
    handle: (name, handler) => handlers.set(name, handler),
    idle: () => Promise.all(begun),
    publish: async (commands, guildId) => {
      const path = guildId === undefined ? '' : `/guilds/${guildId}`;
      return client.rest.put(`/applications/${discord.applicationId}${path}/commands`, { body: commands });
    },
    stop: () => client.destroy(),
  };
}

export function row(...buttons: [customId: string, label: string][]) {
  return new ActionRowBuilder<ButtonBuilder>().addComponents(
    buttons.map(([customId, label]) =>
      new ButtonBuilder().setCustomId(customId).setLabel(label).setStyle(ButtonStyle.Primary),
    ),
  );
}

export const ephemeral = { flags: MessageFlags.Ephemeral } as const;

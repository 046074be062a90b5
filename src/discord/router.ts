import { type Interaction, MessageFlags } from 'discord.js';
import { isTooLate, LookUpTooSlowError } from './acknowledge.ts';
import { isModerator } from './authority.ts';
import type { Access, ButtonHandler, Command, CommandParts, ModalHandler } from './command.ts';
import { parseCustomId } from './custom-id.ts';

export interface RouterOptions {
  readonly commands: readonly Command[];
  readonly parts: CommandParts;
}

/** Milliseconds for which an interaction is known again: as long as Discord takes edits of its answer. */
const KNOWN_FOR_MS = 15 * 60_000;

/**
 * Brings each interaction to its handler and deals with what handlers throw: one log line, one count, one private
 * sentence with an ID to quote. Never rejects.
 */
export class Router {
  readonly #commands = new Map<string, Command>();
  readonly #buttons = new Map<string, ButtonHandler>();
  readonly #modals = new Map<string, ModalHandler>();
  readonly #running = new Set<Promise<void>>();
  readonly #options: RouterOptions;
  /** By ID, oldest first: when it came (performance.now()), and whether it has an answer. */
  readonly #known = new Map<string, { readonly at: number; isAnswered: () => boolean }>();
  #isStopped = false;

  constructor(options: RouterOptions) {
    this.#options = options;
    for (const command of options.commands) {
      add(this.#commands, `${command.kind} ${command.data(options.parts.config).name}`, command);
      for (const [name, handler] of Object.entries(command.buttons ?? {})) add(this.#buttons, name, handler);
      for (const [name, handler] of Object.entries(command.modals ?? {})) add(this.#modals, name, handler);
    }
  }

  /**
   * Handles one interaction. Resolves when everything about it is done. A resumed session delivers again what it has
   * delivered: what is answered stays so, or a code that was right would be told to be used up.
   */
  async route(interaction: Interaction): Promise<void> {
    if (this.#known.get(interaction.id)?.isAnswered()) return;
    const run = this.#route(interaction);
    this.#running.add(run);
    await run;
    this.#running.delete(run);
  }

  /** From now on interactions are told to come back in a minute. Forms are still taken: refusing one throws away its text. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Resolves when no handler runs, those included that began during the wait. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #route(interaction: Interaction): Promise<void> {
    const { metrics } = this.#options.parts;
    const arrivedAt = performance.now();
    const { name, handle } = this.#handlerOf(interaction);
    let result = 'done';
    const known = { at: arrivedAt, isAnswered: () => hasAnswer(interaction) };
    this.#forgetBefore(arrivedAt - KNOWN_FOR_MS);
    this.#known.set(interaction.id, known);
    try {
      if (this.#isStopped && !interaction.isModalSubmit()) await replyPrivately(interaction, RESTARTING);
      else await handle();
    } catch (error) {
      result = isTooLate(error) ? 'late' : 'failed';
      await this.#report(interaction, name, error);
    }
    // Without the interaction itself, which is large.
    const isAnswered = hasAnswer(interaction);
    known.isAnswered = () => isAnswered;
    metrics.interactions.inc({ handler: name, result });
    metrics.handlingSeconds.observe((performance.now() - arrivedAt) / 1000);
  }

  #forgetBefore(time: number): void {
    for (const [id, { at }] of this.#known) {
      if (at >= time) return;
      this.#known.delete(id);
    }
  }

  #handlerOf(interaction: Interaction): { name: string; handle: () => Promise<void> } {
    const { parts } = this.#options;
    if (interaction.isChatInputCommand()) {
      const command = this.#commands.get(`slash ${interaction.commandName}`);
      if (command?.kind === 'slash') {
        const handle = permitted(interaction, parts, command, () => command.execute(interaction, parts));
        return { name: interaction.commandName, handle };
      }
    }
    if (interaction.isMessageContextMenuCommand()) {
      const command = this.#commands.get(`message ${interaction.commandName}`);
      if (command?.kind === 'message') {
        const handle = permitted(interaction, parts, command, () => command.execute(interaction, parts));
        return { name: interaction.commandName, handle };
      }
    }
    if (interaction.isButton()) {
      const { name, ids } = parseCustomId(interaction.customId);
      const button = this.#buttons.get(name);
      if (button) {
        const handle = permitted(interaction, parts, button, () => button.handle(interaction, parts, ids));
        return { name: `button ${name}`, handle };
      }
    }
    if (interaction.isModalSubmit()) {
      const { name, ids } = parseCustomId(interaction.customId);
      const modal = this.#modals.get(name);
      if (modal) {
        const handle = permitted(interaction, parts, modal, () => modal.handle(interaction, parts, ids));
        return { name: `modal ${name}`, handle };
      }
    }
    return { name: 'unknown', handle: () => replyPrivately(interaction, UNKNOWN) };
  }

  async #report(interaction: Interaction, handler: string, error: unknown): Promise<void> {
    const { log } = this.#options.parts;
    log.error({ error, interactionId: interaction.id, handler }, 'an interaction failed');
    if (isTooLate(error)) return;
    try {
      await replyPrivately(interaction, error instanceof LookUpTooSlowError ? TOO_SLOW : failed(interaction.id));
    } catch (replyError) {
      log.error({ error: replyError, interactionId: interaction.id, handler }, 'the failure could not be told');
    }
  }
}

const NOT_MODERATOR = 'Only moderators of this server can do this. Nothing was done.';
const RESTARTING =
  'The bot is being restarted, so nothing was done. What was saved stays saved. Please try again in a minute.';
const UNKNOWN = 'This belongs to an older version of the bot and does nothing now. Use the command again.';
const TOO_SLOW =
  "The bot's storage is too slow right now, so nothing was done. What was saved stays saved. Please try again in a few minutes.";

function failed(interactionId: string): string {
  return `Something went wrong in the bot, so this could not be finished. What was saved before stays saved. Please try again; if it keeps failing, tell the people who run the bot and quote ${interactionId}.`;
}

/** The handler, or its refusal for somebody whom it is not for, as far as the interaction itself tells. */
function permitted(
  interaction: Interaction,
  { config }: CommandParts,
  access: Access,
  run: () => Promise<void>,
): () => Promise<void> {
  if (access.for !== 'moderators' || isModerator(interaction, config)) return run;
  return () => replyPrivately(interaction, access.refusal ?? NOT_MODERATOR);
}

/** Whether Discord has, or may have, a first response to it. */
function hasAnswer(interaction: Interaction): boolean {
  return interaction.isRepliable() && (interaction.deferred || interaction.replied);
}

/** Says something privately, in whatever state the interaction is: an edit of what is awaited, a follow-up to what was said, or a reply. */
async function replyPrivately(interaction: Interaction, content: string): Promise<void> {
  if (!interaction.isRepliable()) return;
  const message = { content, flags: MessageFlags.Ephemeral } as const;
  if (interaction.deferred && !interaction.replied && !interaction.isMessageComponent())
    await interaction.editReply({ content });
  else if (interaction.deferred || interaction.replied) await interaction.followUp(message);
  else await interaction.reply(message);
}

/** @throws {Error} when two commands claim one name: a bug, seen at the start. */
function add<T>(map: Map<string, T>, name: string, value: T): void {
  if (map.has(name)) throw new Error(`Two handlers are named ${name}.`);
  map.set(name, value);
}

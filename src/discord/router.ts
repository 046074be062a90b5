import type { Interaction } from 'discord.js';
import { type AnswerableInteraction, acknowledgeAs, isTooLate } from './acknowledge.ts';
import { isModerator } from './authority.ts';
import type { Access, ButtonHandler, Command, ModalHandler, Services } from './command.ts';
import { parseCustomId } from './custom-id.ts';
import { KnownInteractions } from './known-interactions.ts';
import { asMessage, ephemeral, type Reply } from './replies/reply.ts';
import { failureReply, onlyModeratorsReply, restartingReply, unknownReply } from './replies/router-reply.ts';
import { AnsweredElsewhereError, UnansweredError } from './rest-errors.ts';

export interface RouterOptions {
  readonly commands: readonly Command[];
  readonly services: Services;
  /** Whether other processes use the same store: then it is no news that one of them answers. */
  readonly hasOthers?: () => boolean;
}

/** Milliseconds between two warnings that another process answers: one for each interaction would be too many. */
const WARN_AGAIN_MS = 10 * 60_000;

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
  readonly #known: KnownInteractions;
  #isStopped = false;
  #isReplaced = false;
  /** When the last warning about another process was written (clock.elapsed()). */
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#known = new KnownInteractions(options.services.clock);
    for (const command of options.commands) {
      add(this.#commands, `${command.kind} ${command.data(options.services.config).name}`, command);
      for (const [name, handler] of Object.entries(command.buttons ?? {})) add(this.#buttons, name, handler);
      for (const [name, handler] of Object.entries(command.modals ?? {})) add(this.#modals, name, handler);
    }
  }

  /**
   * Handles one interaction. Resolves when everything about it is done. A resumed session delivers again what it has
   * delivered, also while the first one is being handled: that is known from its first moment, whatever its handler, or a code
   * that was right would be told to be used up.
   */
  async route(interaction: Interaction): Promise<void> {
    if (this.#isReplaced) return;
    if (this.#known.has(interaction.id)) return;
    const run = this.#route(interaction);
    this.#running.add(run);
    await run;
    this.#running.delete(run);
  }

  /**
   * From now on interactions are told to come back in a minute. Forms are still taken: refusing one throws away its text.
   * @param options.isReplaced Another process takes the same interactions: then all are left to that one.
   */
  stop({ isReplaced = false } = {}): void {
    this.#isStopped = true;
    this.#isReplaced = isReplaced;
  }

  /** Resolves when no handler runs, those included that began during the wait. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #route(interaction: Interaction): Promise<void> {
    const { metrics, clock, interactionLog } = this.#options.services;
    const { id } = interaction;
    const at = clock.elapsed();
    this.#known.begin(id);
    const { name, handle } = this.#handlerOf(interaction);
    interactionLog.begin(interaction, commandOf(interaction, name));
    let result: 'done' | 'late' | 'elsewhere' | 'failed' = 'done';
    let isOver = false;
    try {
      if (this.#isStopped && !interaction.isModalSubmit()) {
        interactionLog.refused(interaction, 'stopping');
        await replyEphemeral(interaction, restartingReply());
      } else {
        await handle();
      }
    } catch (error) {
      result = resultOf(error);
      isOver = result !== 'failed' || error instanceof UnansweredError;
      if (result === 'elsewhere') this.#warnOfOther(id, name);
      else await this.#report(interaction, error);
    }
    this.#known.end(id, isOver || result === 'done' || hasAnswer(interaction));
    metrics.interactions.inc({ handler: name, result });
    metrics.handlingSeconds.observe((clock.elapsed() - at) / 1000);
  }

  #handlerOf(interaction: Interaction): { name: string; handle: () => Promise<void> } {
    const { services } = this.#options;
    if (interaction.isChatInputCommand()) {
      const command = this.#commands.get(`slash ${interaction.commandName}`);
      if (command?.kind === 'slash') {
        const handle = guarded(interaction, services, command, () => command.execute(interaction, services));
        return { name: interaction.commandName, handle };
      }
    }
    if (interaction.isMessageContextMenuCommand()) {
      const command = this.#commands.get(`message ${interaction.commandName}`);
      if (command?.kind === 'message') {
        const handle = guarded(interaction, services, command, () => command.execute(interaction, services));
        return { name: interaction.commandName, handle };
      }
    }
    if (interaction.isButton()) {
      const { name, ids } = parseCustomId(interaction.customId);
      const button = this.#buttons.get(name);
      if (button) {
        const handle = guarded(interaction, services, button, () => button.handle(interaction, services, ids));
        return { name: `button ${name}`, handle };
      }
    }
    if (interaction.isModalSubmit()) {
      const { name, ids } = parseCustomId(interaction.customId);
      const modal = this.#modals.get(name);
      if (modal) {
        const handle = guarded(interaction, services, modal, () => modal.handle(interaction, services, ids));
        return { name: `modal ${name}`, handle };
      }
    }
    return { name: 'unknown', handle: () => replyEphemeral(interaction, unknownReply()) };
  }

  /** Says once in a while that another process answers, which no operator wants. */
  #warnOfOther(interactionId: string, handler: string): void {
    const { clock, log } = this.#options.services;
    const isExpected = this.#options.hasOthers?.() ?? false;
    const isNews = !isExpected && clock.elapsed() - this.#warnedAt > WARN_AGAIN_MS;
    if (isNews) this.#warnedAt = clock.elapsed();
    log[isNews ? 'warn' : 'debug']({ interactionId, command: handler }, OTHER_PROCESS);
  }

  async #report(interaction: Interaction, error: unknown): Promise<void> {
    const { log, interactionLog } = this.#options.services;
    const about = interactionLog.about(interaction);
    log.error({ error, ...about }, 'an interaction failed');
    if (isTooLate(error)) return;
    try {
      await replyEphemeral(interaction, failureReply(error, interaction.id));
    } catch (replyError) {
      log.error({ error: replyError, ...about }, 'the failure could not be told');
    }
  }
}

const OTHER_PROCESS =
  'another process has answered this interaction, so nothing was done here: it uses the same DISCORD_TOKEN and another store. Stop all but one, or give each a bot of its own; if it is not yours, reset the token';

/**
 * The handler after its first answer, or its refusal for somebody whom it is not for, as far as the interaction itself tells. The
 * first answer throws where Discord did not take it, or another process has given it: then nothing is done.
 */
function guarded(
  interaction: AnswerableInteraction,
  { config, interactionLog }: Services,
  access: Access,
  run: () => Promise<void>,
): () => Promise<void> {
  if (access.for === 'moderators' && !isModerator(interaction, config)) {
    return () => {
      interactionLog.refused(interaction, 'not-moderator');
      return replyEphemeral(interaction, onlyModeratorsReply(access.refusal));
    };
  }
  return async () => {
    await acknowledgeAs(interaction, access.acknowledge);
    await run();
  };
}

/** The handler as the log calls it: with the subcommand, which the metrics do without. */
function commandOf(interaction: Interaction, name: string): string {
  const subcommand = interaction.isChatInputCommand() ? interaction.options.getSubcommand(false) : null;
  return subcommand ? `${name} ${subcommand}` : name;
}

function resultOf(error: unknown): 'late' | 'elsewhere' | 'failed' {
  if (isTooLate(error)) return 'late';
  return error instanceof AnsweredElsewhereError ? 'elsewhere' : 'failed';
}

/** Whether Discord has, or may have, a first response to it. */
function hasAnswer(interaction: Interaction): boolean {
  return interaction.isRepliable() && (interaction.deferred || interaction.replied);
}

/** Says something to this person alone, in whatever state the interaction is: an edit of what is awaited, a follow-up to what was said, or a reply. */
async function replyEphemeral(interaction: Interaction, reply: Reply): Promise<void> {
  if (!interaction.isRepliable()) return;
  // A message that a form was to change keeps its buttons.
  const isAwaited = interaction.deferred && !interaction.replied && interaction.ephemeral !== null;
  if (isAwaited && !interaction.isMessageComponent()) await interaction.editReply(asMessage(reply));
  else if (interaction.deferred || interaction.replied) await interaction.followUp(ephemeral(reply));
  else await interaction.reply(ephemeral(reply));
}

/** @throws {Error} when two commands claim one name: a bug, seen at the start. */
function add<T>(map: Map<string, T>, name: string, value: T): void {
  if (map.has(name)) throw new Error(`Two handlers are named ${name}.`);
  map.set(name, value);
}

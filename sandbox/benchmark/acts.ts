import { ComponentType, InteractionType } from 'discord-api-types/v10';
import { classifyReply, wordsOf } from '../chaos/reply-classifier.ts';
import type { Place } from '../discord/people/place.ts';
import type { ModalBody } from '../discord/rules/modal-rules.ts';
import type { Message } from '../discord/world/discord-world.ts';
import type { Interaction } from '../discord/world/interaction.ts';
import type { Act } from '../discord/world/interactions.ts';
import type { World } from '../world.ts';

/** About 500 characters: what a person writes who is asked for details. */
const BODY =
  'Since this morning I cannot reach it, neither by SSH nor in the browser. I restarted it twice in the panel, and it says that it runs. '.repeat(
    4,
  );

/** What somebody saw after they had done something. Milliseconds by the clock of the wall. */
export interface Answered {
  /** Until the bot's first answer; undefined where Discord's three seconds were over before. */
  readonly acknowledgedAfterMs: number | undefined;
  /** Until there was nothing more to wait for. */
  readonly answeredAfterMs: number;
  /** The form, after a slash command. */
  readonly modal: ModalBody | undefined;
  /** What the last message says. */
  readonly words: string;
  readonly isOpened: boolean;
}

/** Nobody waits for longer than this: then something is wrong, and a benchmark ends instead of standing still. */
const LONGEST_MS = 180_000;

/** Who waits for what. */
interface Waiting {
  readonly startedAt: number;
  readonly interaction: Interaction;
  /** Whether the first answer is not what the person waits for. */
  readonly isForLastWord: boolean;
  readonly settle: (answered: Answered) => void;
  readonly fail: (error: Error) => void;
  readonly patience: NodeJS.Timeout;
}

/**
 * What people do in one world, followed by its events alone: a wait of `Activity` looks again at everything that happens, which
 * a thousand people at once would notice.
 */
export class Acts {
  readonly #waiting = new Map<string, Waiting>();
  #done = 0;

  constructor({ discord }: World) {
    discord.events.on('outcome', (interaction: Interaction) => {
      const waiting = this.#waiting.get(interaction.id);
      if (!waiting) return;
      if (waiting.isForLastWord && interaction.outcome?.kind === 'message')
        this.#look(waiting, interaction.outcome.message);
      else this.#settle(waiting);
    });
    discord.events.on('edit', (message: Message) => {
      const waiting = this.#waiting.get(message.interaction?.id ?? '');
      if (waiting?.isForLastWord) this.#look(waiting, message);
    });
  }

  /** The slash command that shows the form. */
  slash(place: Place): Promise<Answered> {
    const command = place.user.commands.available(place.channel).find(({ name }) => name === 'ticket');
    if (!command) throw new Error('The command ticket is not published.');
    const data = { id: command.id, name: 'ticket', type: command.type };
    return this.#begin(place, { type: InteractionType.ApplicationCommand, name: 'ticket', data }, false);
  }

  /** The form comes back. Every subject is another one. */
  submit(place: Place, modal: ModalBody): Promise<Answered> {
    this.#done += 1;
    const values: Record<string, string> = { subject: `Server ${this.#done} is away`, product: 'VPS', body: BODY };
    const components = modal.components.flatMap(({ component }, index) =>
      component?.type === ComponentType.TextInput
        ? [{ type: ComponentType.Label, id: index + 1, component: filled(component, values, index) }]
        : [],
    );
    const data = { custom_id: modal.custom_id, components };
    return this.#begin(place, { type: InteractionType.ModalSubmit, name: modal.custom_id, data }, true);
  }

  /** Nobody waits any longer. @param why Such as the end of the bot. */
  end(why: string): void {
    for (const { fail, patience } of this.#waiting.values()) {
      clearTimeout(patience);
      fail(new Error(why));
    }
    this.#waiting.clear();
  }

  #begin(place: Place, act: Act, isForLastWord: boolean): Promise<Answered> {
    const startedAt = performance.now();
    const interaction = place.user.begin(place.channel, act);
    return new Promise((settle, fail) => {
      const patience = setTimeout(() => {
        this.#waiting.delete(interaction.id);
        fail(new Error(`${act.name} was not answered within ${LONGEST_MS / 1000} s.`));
      }, LONGEST_MS);
      const waiting = { startedAt, interaction, isForLastWord, settle, fail, patience };
      this.#waiting.set(interaction.id, waiting);
      if (interaction.failed !== undefined) this.#settle(waiting);
    });
  }

  #look(waiting: Waiting, message: Message): void {
    const words = wordsOf(message);
    const { kind } = classifyReply(message);
    const isOpened = kind === 'opened' || /^Ticket .+ is open\.$/.test(words);
    const isOver = isOpened || kind === 'maybe' || kind === 'nothing' || kind === 'error';
    if (isOver) this.#settle(waiting, words, isOpened);
  }

  #settle({ startedAt, interaction, settle, patience }: Waiting, words = '', isOpened = false): void {
    clearTimeout(patience);
    this.#waiting.delete(interaction.id);
    const { acknowledgedAfterMs, outcome } = interaction;
    const modal = outcome?.kind === 'modal' ? outcome.modal : undefined;
    settle({ acknowledgedAfterMs, answeredAfterMs: performance.now() - startedAt, modal, words, isOpened });
  }
}

function filled(
  { type, custom_id: customId }: { readonly type: number; readonly custom_id?: string | null },
  values: Record<string, string>,
  index: number,
) {
  return { type, id: 100 + index, custom_id: customId, value: values[customId ?? ''] ?? '' };
}

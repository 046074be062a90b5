import {
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  DiscordAPIError,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
  type ModalMessageModalSubmitInteraction,
  type ModalSubmitInteraction,
  RESTJSONErrorCodes,
} from 'discord.js';
import { type Clock, TIMED_OUT, waitAtMost } from '../clock.ts';
import { ephemeral, type Reply } from './replies/reply.ts';
import { AnsweredElsewhereError, isNotTaken } from './rest-errors.ts';

/** Interactions that can be answered with a message later. */
export type AnswerableInteraction =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | ButtonInteraction
  | ModalSubmitInteraction;

/**
 * What is known of an acknowledgement. `unknown`: Discord may or may not have it, and edits are worth a try. `too-late`:
 * Discord did not take it, for its three seconds were over, the message is gone or it takes nothing at all; the person has
 * read that the interaction failed, and there is no way to answer. `answered-elsewhere`: another process with the same token
 * has answered and does what the person asked for.
 */
export type Acknowledgement = 'known' | 'unknown' | 'too-late' | 'answered-elsewhere';

/** Discord did not take the acknowledgement: the person has read that the interaction failed. */
class TooLateError extends Error {
  override name = 'TooLateError';

  constructor() {
    super('Discord did not take the acknowledgement, so nothing was done.');
  }
}

/**
 * Promises the person a private answer.
 * @throws {TooLateError} so that nothing is done of which they read that it failed.
 * @throws {AnsweredElsewhereError} so that nothing is done twice.
 */
export async function deferEphemeral(interaction: AnswerableInteraction): Promise<void> {
  throwUnlessOurs(await acknowledgeEphemeral(interaction));
}

/** Interactions that came from a message, which can be changed. */
export type UpdatableInteraction = ButtonInteraction | ModalMessageModalSubmitInteraction;

/** Promises to change the message under which the button was pressed, also when it opened a form. @throws as `deferEphemeral`. */
export async function deferUpdate(interaction: UpdatableInteraction): Promise<void> {
  throwUnlessOurs(await acknowledgeUpdate(interaction));
}

/**
 * What Discord hears first, within its three seconds. The router says it before the handler runs.
 *
 * - `private-reply`: that a private answer comes.
 * - `update`: that the message of the button, or of the form that it opened, changes.
 * - `private-update`: the same where that message is private. A public or direct one stays, and a private answer comes.
 * - `handler`: whatever the handler says. It opens a form, saves a text first, or answers at once.
 */
export type FirstAnswer = 'private-reply' | 'update' | 'private-update' | 'handler';

/** Gives the first answer that a handler declares. @throws as `deferEphemeral`. */
export async function acknowledgeAs(interaction: AnswerableInteraction, first: FirstAnswer): Promise<void> {
  switch (first) {
    case 'private-reply':
      return deferEphemeral(interaction);
    case 'update':
      return isUpdatable(interaction) ? deferUpdate(interaction) : deferEphemeral(interaction);
    case 'private-update':
      return isUpdatable(interaction) && interaction.message.flags.has(MessageFlags.Ephemeral)
        ? deferUpdate(interaction)
        : deferEphemeral(interaction);
    case 'handler':
      return;
  }
}

/** Whether there is a message that can change. A form of a command has none. */
function isUpdatable(interaction: AnswerableInteraction): interaction is UpdatableInteraction {
  return interaction.isButton() || (interaction.isModalSubmit() && interaction.isFromMessage());
}

function throwUnlessOurs(acknowledgement: Acknowledgement): void {
  switch (acknowledgement) {
    case 'known':
    case 'unknown':
      return;
    case 'too-late':
      throw new TooLateError();
    case 'answered-elsewhere':
      throw new AnsweredElsewhereError();
  }
}

/**
 * As `deferEphemeral`, for texts that must not be lost either way. Never throws for what can go wrong on the way to Discord.
 * @param first What the person reads until the answer is there; without it, that the bot is thinking.
 */
export async function acknowledgeEphemeral(
  interaction: AnswerableInteraction,
  first?: Reply,
): Promise<Acknowledgement> {
  const acknowledgement = await acknowledge(interaction, () =>
    first ? interaction.reply(ephemeral(first)) : interaction.deferReply({ flags: MessageFlags.Ephemeral }),
  );
  // As discord.js notes when it hears of it: an answer of our own is awaited, and no message of before is changed.
  if (acknowledgement === 'unknown') interaction.ephemeral = true;
  return acknowledgement;
}

/** As `deferUpdate`, and never throws. */
export function acknowledgeUpdate(interaction: UpdatableInteraction): Promise<Acknowledgement> {
  return acknowledge(interaction, () => interaction.deferUpdate());
}

async function acknowledge(interaction: AnswerableInteraction, send: () => Promise<unknown>): Promise<Acknowledgement> {
  try {
    await send();
    return 'known';
  } catch (error) {
    if (error instanceof AnsweredElsewhereError) return 'answered-elsewhere';
    if (isNotTaken(error)) return 'too-late';
    // The answer of Discord was lost: discord.js then believes that nothing was acknowledged, although the person may see
    // "thinking…". Believing the opposite makes the edit possible.
    interaction.deferred = true;
    return 'unknown';
  }
}

/** Discord gave up on the interaction: three seconds were over before the acknowledgement arrived. */
export function isTooLate(error: unknown): boolean {
  const isUnknown = error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownInteraction;
  return isUnknown || error instanceof TooLateError;
}

/** Milliseconds that an acknowledgement is held back for, so that what it confirms is safe first. */
const SAVE_FIRST_MS = 1000;

/**
 * Waits until something is done or has failed, but not longer than the acknowledgement can wait. Never throws.
 * @returns What came of it; undefined when it failed or takes longer.
 */
export async function waitForSave<T>(clock: Clock, saving: Promise<T>): Promise<T | undefined> {
  const saved = await waitAtMost(
    clock,
    SAVE_FIRST_MS,
    saving.catch(() => undefined),
  );
  return saved === TIMED_OUT ? undefined : saved;
}

/** Milliseconds of Discord's 3 seconds that may be spent on look-ups before the acknowledgement. */
const LOOK_UP_MS = 1800;

/** The look-ups before the acknowledgement took too long. */
export class LookUpTooSlowError extends Error {
  override name = 'LookUpTooSlowError';

  constructor() {
    super(`The look-ups before the acknowledgement took longer than ${LOOK_UP_MS} ms.`);
  }
}

/** Waits for a look-up, as long as there is time. @throws {LookUpTooSlowError} */
export type InTime = <T>(lookUp: Promise<T>) => Promise<T>;

/**
 * For a handler whose first response depends on look-ups: to be called when it begins. All its look-ups together get
 * LOOK_UP_MS: several that are each quick enough would still bring the response too late.
 */
export function lookUpDeadline(clock: Clock): InTime {
  const until = clock.elapsed() + LOOK_UP_MS;
  return async (lookUp) => {
    const found = await waitAtMost(clock, until - clock.elapsed(), lookUp);
    if (found === TIMED_OUT) throw new LookUpTooSlowError();
    return found;
  };
}

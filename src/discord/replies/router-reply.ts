import { StorageError } from '../../storage/record-store.ts';
import { LookUpTooSlowError } from '../acknowledge.ts';
import { card, type Reply } from './reply.ts';

/** For somebody whom a command or button is not for. @param words What they can do instead. */
export function onlyModeratorsReply(words = "You aren't a moderator of this server. Nothing was done."): Reply {
  return card('declined', '⛔ Only moderators can do that', [words]);
}

export function restartingReply(): Reply {
  return card('declined', '🔄 The bot is restarting', ['Try again in a minute. Nothing you saved is lost.']);
}

export function unknownReply(): Reply {
  return card('declined', '⌛ This button is out of date', [
    'It belongs to an older version of the bot and does nothing now. Use the command again.',
  ]);
}

/** A handler has failed. What it had told before stands where it was. */
export function failureReply(error: unknown, interactionId: string): Reply {
  if (error instanceof LookUpTooSlowError) {
    return card('failed', "🐌 The bot's storage is too slow right now", [
      'Nothing was done, and nothing you saved is lost. Try again in a few minutes.',
    ]);
  }
  const quote = `Does it keep failing? Tell the people who run the bot, and quote ${interactionId}.`;
  return error instanceof StorageError
    ? card('failed', "🛑 The bot can't use its storage right now", [
        "This couldn't be finished. Nothing saved before is lost. Try again in a few minutes.",
        quote,
      ])
    : card('failed', '🛑 Something went wrong in the bot', [
        "This couldn't be finished. Nothing saved before is lost. Please try again.",
        quote,
      ]);
}

import { DiscordAPIError, RateLimitError, RESTJSONErrorCodes } from 'discord.js';

/**
 * Discord has a first answer to the interaction, and this process has not sent it: another process uses the same token. That
 * one does what the person asked for, so this one does nothing.
 */
export class AnsweredElsewhereError extends Error {
  override name = 'AnsweredElsewhereError';

  constructor() {
    super('Another process has answered this interaction.');
  }
}

/** Discord may have got a first answer, and it is not known whether it did. */
export class UnansweredError extends Error {
  override name = 'UnansweredError';

  constructor(cause: unknown) {
    super('Discord did not say whether it has the first answer.', { cause });
  }
}

/** Discord may have taken a first try of the request, and certainly not the second one. */
export class MaybeTakenError extends Error {
  override name = 'MaybeTakenError';

  constructor(cause: unknown) {
    super('Discord did not say whether it has the first try of a request, and has not taken the second.', { cause });
  }
}

/** Discord lets a bot begin 1,000 sessions in 24 hours, and resets the token of one that begins more. */
export class SessionLimitError extends Error {
  override name = 'SessionLimitError';
  readonly resetAfterMs: number;

  constructor(resetAfterMs: number) {
    super('Discord lets this bot begin no more sessions for now: something has restarted it too often.');
    this.resetAfterMs = resetAfterMs;
  }
}

/** Errors of Node and undici at which nothing was sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Discord does not have the request: it has refused it, or it was never sent. */
export function isNotTaken(error: unknown): boolean {
  if (error instanceof DiscordAPIError) return error.status < 500;
  if (error instanceof RateLimitError) return true;
  return error instanceof Error && 'code' in error && NOT_SENT.has(String(error.code));
}

/** Whether the request was never sent. */
export function isNotSent(error: unknown): boolean {
  return isNotTaken(error) && !(error instanceof DiscordAPIError) && !(error instanceof RateLimitError);
}

/** There is a first answer already. */
export function isAlreadyAnswered(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged;
}

/** Milliseconds for which Discord wants to be left alone, when it has said so. */
export function waitOf(error: unknown): number | undefined {
  if (error instanceof RateLimitError) return Math.max(error.retryAfter, error.timeToReset, 0) || 0;
  return error instanceof SessionLimitError ? error.resetAfterMs : undefined;
}

import type { HelpdeskNames } from './helpdesk-words.ts';

/** What the words depend on besides the outcome. */
export interface TicketReplyContext {
  readonly draftId: string;
  /** The attempt that the outcome is about, where there is one. */
  readonly attemptId?: string | undefined;
  /** Who reads it. */
  readonly submitterId: string;
  readonly isEscalation: boolean;
  /** Nobody has seen the form of this draft yet, so there is no text of theirs to speak of. */
  readonly isUnwritten?: true;
  readonly helpdesk: HelpdeskNames;
  /** While the bot leaves the helpdesk alone: until when, in milliseconds since 1970. */
  readonly leftAloneUntil?: number | undefined;
}

export const CHANGE_THE_TEXT =
  "The same text probably won't get through: make it shorter with **Edit**, or leave out links, code and commands.";

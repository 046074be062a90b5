/**
 * What a message of the bot says about a text. `maybe` is every honest "we do not know"; `nothing` says that no ticket was
 * opened; `pending` that it is being dealt with; `gone` that the text is stored no more; `other` is about no text.
 */
export type ReplyClass =
  | { readonly kind: 'opened'; readonly reference: string | undefined }
  | { readonly kind: 'maybe' | 'nothing' | 'pending' | 'gone' | 'error' | 'other' };

/** Reads a message as a person does: what it says about an opened or possible ticket weighs more than what was not sent now. */
export function classifyReply(content: string): ReplyClass {
  const reference = /\bticket (KVO-[\d-]+\d)/i.exec(content)?.[1];
  if (reference || /ticket is open|a ticket whose number is unknown/.test(content))
    return { kind: 'opened', reference };
  if (/do not know whether|may be open already|may have become a ticket/.test(content)) return { kind: 'maybe' };
  if (/not stored any more/.test(content)) return { kind: 'gone' };
  if (/is being (sent already|escalated at this moment)|in the line/.test(content)) return { kind: 'pending' };
  // Said before the form is filled in, or to a click that did nothing.
  if (/ticket cannot be opened right now|is being restarted/.test(content)) return { kind: 'other' };
  if (/(nothing|no ticket) was (opened|sent|done)|has not been sent/i.test(content)) return { kind: 'nothing' };
  return { kind: /Something went wrong/.test(content) ? 'error' : 'other' };
}

/** One plain-text mail. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export type MailResult =
  | { readonly kind: 'sent' }
  /** The mail server takes no mail for this address; trying again will not help. */
  | { readonly kind: 'refused' }
  /** The mail server takes no mail from the bot, or the bot does not trust it. Nothing is wrong with the address. */
  | { readonly kind: 'bot-refused' }
  /** No mail server, no answer from it before it was given the mail, or "later". */
  | { readonly kind: 'unreachable' }
  /** The server was given the mail, and did not say whether it took it: it may arrive. */
  | { readonly kind: 'unconfirmed' };

/** Why no mail can be sent, and what to do. Neither holds credentials or addresses. */
export interface MailProblem {
  readonly message: string;
  readonly remedy: string;
}

/** Sends mail. Never rejects. */
export interface Mailer {
  send(mail: Mail): Promise<MailResult>;
  /** Goes as far as a mail goes before its text, and sends none. @returns undefined when the mail server takes mail from us. */
  check(): Promise<MailProblem | undefined>;
  close(): void;
}

/** One plain-text mail. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export type MailResult =
  | { readonly kind: 'sent' }
  /** The mail server said no to this address or this mail; trying again will not help. */
  | { readonly kind: 'refused' }
  /** No mail server, or no answer from it before it was given the mail. */
  | { readonly kind: 'unreachable' }
  /** The server was given the mail, and did not say whether it took it: it may arrive. */
  | { readonly kind: 'unconfirmed' };

/** Sends mail. Never rejects. */
export interface Mailer {
  send(mail: Mail): Promise<MailResult>;
  /** @returns undefined when the mail server takes mail from us, else why not, without credentials. */
  check(): Promise<string | undefined>;
  close(): void;
}

import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { parseEmailAddress } from '../email-address.ts';
import type { Grant, Limited, SlidingWindow } from '../sliding-window.ts';
import type { RecordStore } from '../storage/record-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { AccountLinks } from './account-links.ts';
import { mailboxOf, maskEmailAddress } from './email-address.ts';
import type { Mailer } from './mailer.ts';

/** Milliseconds that a code lives. */
const CODE_LIFETIME_MS = 15 * 60_000;
/** Tries that one code allows. With a million codes and 5 tries, a guess succeeds once in 200,000 mails. */
const CODE_TRIES = 5;

const pendingCode = z.object({
  userId: z.string(),
  email: z.string(),
  /** HMAC of user, address and code under the store's own secret. */
  codeDigest: z.string(),
  /** None before the mail is sent, after the last wrong try, and after the right one. */
  triesLeft: z.number(),
  expiresAt: z.number(),
});
type PendingCode = z.infer<typeof pendingCode>;

/** An address that waits for its code. */
export type PendingAddress = Omit<PendingCode, 'codeDigest'>;

export type RequestCodeResult =
  | {
      /** `mail-unconfirmed`: it is not known whether the mail server took the mail. If it arrives, its code counts. */
      readonly kind: 'sent' | 'mail-unconfirmed';
      readonly maskedEmail: string;
      readonly expiresAt: number;
      /** Another address is linked, and stays so until this one is proved. */
      readonly replacesLink: boolean;
    }
  | { readonly kind: 'invalid-email' }
  | { readonly kind: 'nothing-pending' }
  /** Too many mails to this person or this address. */
  | Limited
  /** `mail-refused`: that address takes no mail. `mail-bot-refused`: the mail server takes none from the bot. */
  | { readonly kind: 'mail-refused' | 'mail-bot-refused'; readonly maskedEmail: string }
  | { readonly kind: 'mail-unreachable'; readonly maskedEmail: string };

export type ConfirmCodeResult =
  | { readonly kind: 'linked'; readonly maskedEmail: string }
  | { readonly kind: 'wrong-code'; readonly triesLeft: number }
  /** The address waits, but its code does not count: its mail was not sent, or it was wrong too often. */
  | { readonly kind: 'void-code' }
  /** No address waits for a code: expired, used, or never asked for. */
  | { readonly kind: 'no-code' };

/** Proves that an address is a person's: mails a code to it and asks for the code back. */
export class EmailVerification {
  readonly #pending: RecordStore<PendingCode>;
  readonly #parts: EmailVerificationParts;

  constructor(storage: Storage, parts: EmailVerificationParts) {
    this.#pending = storage.records('codes', pendingCode);
    this.#parts = parts;
  }

  /** Mails a new code; an earlier one of this person is void. @param person Whom the mail names. */
  async request(person: { id: string; name: string }, typedEmail: string): Promise<RequestCodeResult> {
    const email = parseEmailAddress(typedEmail);
    if (!email) return { kind: 'invalid-email' };
    const link = await this.#parts.links.find(person.id);
    const replacesLink = link !== undefined && link.email !== email;
    const allowed = await this.#allow(person.id, email);
    if (allowed.kind === 'limited') return allowed;
    const code = newCode();
    const codeDigest = this.#digest(person.id, email, code);
    const expiresAt = this.#parts.now() + CODE_LIFETIME_MS;
    // Without tries until its mail is sent: mails are limited, so guesses are. While the mail server is down, mails are not
    // counted, and a code that could be tried would be tried for ever. A crash in between costs a mail, never a proof.
    const pending = { userId: person.id, email, codeDigest, triesLeft: 0, expiresAt };
    await this.#pending.save(person.id, pending, CODE_LIFETIME_MS);
    const maskedEmail = maskEmailAddress(email);
    const result = await this.#parts.mailer.send({ to: email, ...codeMail(person, code) });
    switch (result.kind) {
      case 'sent':
      case 'unconfirmed':
        await this.#pending.update(person.id, (current) =>
          current?.codeDigest === codeDigest ? { ...current, triesLeft: CODE_TRIES } : undefined,
        );
        return { kind: result.kind === 'sent' ? 'sent' : 'mail-unconfirmed', maskedEmail, expiresAt, replacesLink };
      case 'refused':
        // Nothing waits for a code that nobody can get.
        await this.#pending.update(
          person.id,
          (current) => (current?.codeDigest === codeDigest ? { ...current, expiresAt: 0 } : undefined),
          1,
        );
        return { kind: 'mail-refused', maskedEmail };
      case 'bot-refused':
      case 'unreachable':
        // Nothing that the person did or can mend.
        await Promise.all(allowed.grants.map(([window, grant]) => window.giveBack(grant)));
        return { kind: `mail-${result.kind}`, maskedEmail };
    }
  }

  /** Mails a new code to the address of the pending one. */
  async requestAgain(person: { id: string; name: string }): Promise<RequestCodeResult> {
    const pending = await this.#find(person.id);
    return pending ? this.request(person, pending.email) : { kind: 'nothing-pending' };
  }

  /** Links the pending address when the code is right. A code works once. */
  async confirm(userId: string, typedCode: string): Promise<ConfirmCodeResult> {
    const code = plainDigits(typedCode);
    let verdict = 'no-code' as 'no-code' | 'void-code' | 'wrong-code' | 'right-code';
    // One atomic step counts the try, compares, and ends a code that is right: however many guesses come at once, there is
    // no sixth try, no second use, and no try at a code that has replaced this one.
    const pending = await this.#pending.update(userId, (current) => {
      verdict = current && this.#isLive(current, userId) ? this.#judge(current, code) : 'no-code';
      if (!current || verdict === 'no-code' || verdict === 'void-code') return undefined;
      return { ...current, triesLeft: verdict === 'right-code' ? 0 : current.triesLeft - 1 };
    });
    if (!pending || verdict === 'no-code') return { kind: 'no-code' };
    if (verdict === 'void-code') return { kind: 'void-code' };
    if (verdict === 'wrong-code') return { kind: 'wrong-code', triesLeft: pending.triesLeft };
    // Gone when the person had everything erased meanwhile.
    if (!(await this.#pending.take(userId))) return { kind: 'no-code' };
    await this.#parts.links.save(userId, pending.email, 'email');
    return { kind: 'linked', maskedEmail: maskEmailAddress(pending.email) };
  }

  /** @returns The address that waits for its code, or undefined. */
  async pendingAddress(userId: string): Promise<PendingAddress | undefined> {
    const pending = await this.#find(userId);
    if (!pending) return undefined;
    const { codeDigest: _, ...address } = pending;
    return address;
  }

  async forget(userId: string): Promise<void> {
    await this.#pending.remove(userId);
  }

  async #find(userId: string): Promise<PendingCode | undefined> {
    const pending = await this.#pending.find(userId);
    return pending && this.#isLive(pending, userId) ? pending : undefined;
  }

  #judge(pending: PendingCode, code: string): 'void-code' | 'wrong-code' | 'right-code' {
    if (pending.triesLeft <= 0) return 'void-code';
    const digest = this.#digest(pending.userId, pending.email, code);
    return timingSafeEqual(Buffer.from(digest), Buffer.from(pending.codeDigest)) ? 'right-code' : 'wrong-code';
  }

  #isLive(pending: PendingCode, userId: string): boolean {
    return pending.userId === userId && this.#parts.now() < pending.expiresAt;
  }

  async #allow(
    userId: string,
    email: string,
  ): Promise<Limited | { kind: 'granted'; grants: [SlidingWindow, Grant][] }> {
    const { personLimit, addressLimit } = this.#parts;
    const forPerson = await personLimit.take(userId);
    if (forPerson.kind === 'limited') return forPerson;
    const forAddress = await addressLimit.take(mailboxOf(email));
    if (forAddress.kind === 'limited') {
      await personLimit.giveBack(forPerson);
      return forAddress;
    }
    return {
      kind: 'granted',
      grants: [
        [personLimit, forPerson],
        [addressLimit, forAddress],
      ],
    };
  }

  #digest(userId: string, email: string, code: string): string {
    return createHmac('sha256', this.#parts.digestKey)
      .update(JSON.stringify([userId, email, code]))
      .digest('base64url');
  }
}

export interface EmailVerificationParts {
  readonly links: AccountLinks;
  readonly mailer: Mailer;
  /** Mails for one Discord user. */
  readonly personLimit: SlidingWindow;
  /** Mails to one address, whoever asks. */
  readonly addressLimit: SlidingWindow;
  readonly digestKey: Buffer;
  readonly now: () => number;
}

/** Six digits from the system's CSPRNG, every one of the million equally likely. */
function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

/** What was typed, without the blanks and dashes that people put in between, and in plain digits. */
function plainDigits(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s-]/g, '');
}

function codeMail(person: { id: string; name: string }, code: string): { subject: string; text: string } {
  return {
    subject: 'Your code to link your account with Discord',
    text: [
      `${code} is the code that links this address with the Discord user ${person.name} (${person.id}).`,
      '',
      `Enter it in Discord within ${CODE_LIFETIME_MS / 60_000} minutes: press "Enter code" under the bot's message. If that message is gone, use /account there.`,
      '',
      'Whoever is linked opens tickets in the name of this address. Give the code to nobody, whoever asks for it.',
      'If you did not ask for it, do nothing: without the code nobody is linked.',
    ].join('\n'),
  };
}

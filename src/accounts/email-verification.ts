import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Grant, Limited, SlidingWindow } from '../sliding-window.ts';
import type { RecordStore } from '../storage/record-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { AccountLinks } from './account-links.ts';
import { mailboxOf, maskEmailAddress, parseEmailAddress } from './email-address.ts';
import type { Mailer } from './mailer.ts';

/** Milliseconds that a code lives. */
export const CODE_LIFETIME_MS = 15 * 60_000;
/** Tries that one code allows. With a million codes and 5 tries, a guess succeeds once in 200,000 mails. */
export const CODE_TRIES = 5;

const pendingCode = z.object({
  userId: z.string(),
  email: z.string(),
  /** HMAC of user, address and code under the store's own secret. */
  codeDigest: z.string(),
  triesLeft: z.number(),
  expiresAt: z.number(),
});
type PendingCode = z.infer<typeof pendingCode>;

export type RequestCodeResult =
  | { readonly kind: 'sent'; readonly maskedEmail: string; readonly expiresAt: number }
  | { readonly kind: 'invalid-email' }
  | { readonly kind: 'nothing-pending' }
  /** Too many mails to this person or this address. */
  | Limited
  | { readonly kind: 'mail-refused'; readonly maskedEmail: string }
  | { readonly kind: 'mail-unreachable'; readonly maskedEmail: string };

export type ConfirmCodeResult =
  | { readonly kind: 'linked'; readonly maskedEmail: string }
  | { readonly kind: 'wrong-code'; readonly triesLeft: number }
  /** No code is pending: expired, used, replaced, or wrong too often. */
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
    const allowed = await this.#allow(person.id, email);
    if (allowed.kind === 'limited') return allowed;
    const code = newCode();
    const expiresAt = this.#parts.now() + CODE_LIFETIME_MS;
    // The code is valid before the mail is on its way: a crash between the two costs a mail, never a proof.
    await this.#pending.save(
      person.id,
      { userId: person.id, email, codeDigest: this.#digest(person.id, email, code), triesLeft: CODE_TRIES, expiresAt },
      CODE_LIFETIME_MS,
    );
    const maskedEmail = maskEmailAddress(email);
    const result = await this.#parts.mailer.send({ to: email, ...codeMail(person, code) });
    switch (result.kind) {
      case 'sent':
        return { kind: 'sent', maskedEmail, expiresAt };
      case 'refused':
        return { kind: 'mail-refused', maskedEmail };
      case 'unreachable':
        await Promise.all(allowed.grants.map(([window, grant]) => window.giveBack(grant)));
        return { kind: 'mail-unreachable', maskedEmail };
    }
  }

  /** Mails a new code to the address of the pending one. */
  async requestAgain(person: { id: string; name: string }): Promise<RequestCodeResult> {
    const pending = await this.#find(person.id);
    return pending ? this.request(person, pending.email) : { kind: 'nothing-pending' };
  }

  /** Links the pending address when the code is right. A code works once. */
  async confirm(userId: string, typedCode: string): Promise<ConfirmCodeResult> {
    let counted = false;
    // The try is used up before the code is looked at, so that no number of concurrent guesses gets a sixth one.
    const pending = await this.#pending.update(userId, (current) => {
      counted = current !== undefined && this.#isLive(current, userId) && current.triesLeft > 0;
      return current && counted ? { ...current, triesLeft: current.triesLeft - 1 } : undefined;
    });
    if (!pending || !counted) return { kind: 'no-code' };
    const digest = this.#digest(userId, pending.email, typedCode.replace(/[\s-]/g, ''));
    if (!timingSafeEqual(Buffer.from(digest), Buffer.from(pending.codeDigest))) {
      if (pending.triesLeft > 0) return { kind: 'wrong-code', triesLeft: pending.triesLeft };
      await this.#pending.remove(userId);
      return { kind: 'no-code' };
    }
    // Taken, not removed: two devices with the right code link once.
    const taken = await this.#pending.take(userId);
    if (taken?.codeDigest !== pending.codeDigest) return { kind: 'no-code' };
    await this.#parts.links.save(userId, pending.email, 'email');
    return { kind: 'linked', maskedEmail: maskEmailAddress(pending.email) };
  }

  async isPending(userId: string): Promise<boolean> {
    return (await this.#find(userId)) !== undefined;
  }

  async forget(userId: string): Promise<void> {
    await this.#pending.remove(userId);
  }

  async #find(userId: string): Promise<PendingCode | undefined> {
    const pending = await this.#pending.find(userId);
    return pending && this.#isLive(pending, userId) ? pending : undefined;
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

function codeMail(person: { id: string; name: string }, code: string): { subject: string; text: string } {
  return {
    subject: 'Your code to link your account with Discord',
    text: [
      `${code} is the code that links this address with the Discord user ${person.name} (${person.id}).`,
      '',
      `Enter it in Discord within ${CODE_LIFETIME_MS / 60_000} minutes: press "Enter code" under the bot's message, or use /link again.`,
      '',
      'If you did not ask for it, do nothing: without the code nobody is linked. Give it to nobody.',
    ].join('\n'),
  };
}

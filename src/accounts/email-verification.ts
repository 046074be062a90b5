import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { Grant, Limited, SlidingWindow } from '../sliding-window.ts';
import { wasClockAhead } from '../storage/clock-ahead.ts';
import type { RecordStore } from '../storage/record-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { ReadAccountAddress } from './account-address.ts';
import type { AccountLinks } from './account-links.ts';
import { mailboxOf } from './email-address.ts';
import { linkCodeMail } from './link-code-mail.ts';
import type { Mailer } from './mailer.ts';
import type { TypedAddresses } from './typed-addresses.ts';

/** Milliseconds that a code lives. */
const CODE_LIFETIME_MS = 15 * 60_000;
/** Tries that one code allows. With a million codes and 5 tries, a guess succeeds once in 200,000 mails. */
const CODE_TRIES = 5;

const pendingCode = z.object({
  userId: z.string(),
  email: z.string(),
  /** HMAC of user, address and code under the store's own secret. */
  codeDigest: z.string(),
  /** None before the mail is sent, and after the last wrong try. */
  triesLeft: z.number(),
  /** Its code was right and is about to link: from then on only the same code counts. */
  proved: z.literal(true).optional(),
  /** It has linked; the address is blanked. */
  used: z.literal(true).optional(),
  expiresAt: z.number(),
});
type PendingCode = z.infer<typeof pendingCode>;

/** An address that waits for its code. */
export type PendingAddress = Omit<PendingCode, 'codeDigest' | 'proved' | 'used'>;

export type RequestCodeResult =
  | {
      /** `mail-unconfirmed`: it is not known whether the mail server took the mail. If it arrives, its code counts. */
      readonly kind: 'sent' | 'mail-unconfirmed';
      /** In full, for the person alone: nobody else may see it, and no log. */
      readonly email: string;
      readonly expiresAt: number;
      /** Another address is linked, and stays so until this one is proved. */
      readonly replacesLink: boolean;
    }
  | { readonly kind: 'invalid-email' }
  | { readonly kind: 'nothing-pending' }
  /** Too many mails to this person or this address. */
  | Limited
  /** `mail-refused`: that address takes no mail. `mail-bot-refused`: the mail server takes none from the bot. */
  | { readonly kind: 'mail-refused' | 'mail-bot-refused'; readonly email: string }
  | { readonly kind: 'mail-unreachable'; readonly email: string };

export type ConfirmCodeResult =
  | { readonly kind: 'linked'; readonly email: string }
  | { readonly kind: 'wrong-code'; readonly triesLeft: number }
  /** The address waits, but its code does not count: its mail was not sent, or it was wrong too often. */
  | { readonly kind: 'void-code' }
  /** No address waits for a code: expired, used, or never asked for. */
  | { readonly kind: 'no-code' };

/** Proves that an address is a person's: mails a code to it and asks for the code back. */
export class EmailVerification {
  readonly #pending: RecordStore<PendingCode>;
  readonly #deps: EmailVerificationDeps;

  constructor(storage: Storage, deps: EmailVerificationDeps) {
    this.#pending = storage.records('codes', pendingCode, { longestMs: CODE_LIFETIME_MS });
    this.#deps = deps;
  }

  /** Mails a new code; an earlier one of this person is void. @param person Whom the mail names. */
  async request(person: { id: string; name: string }, typedEmail: string): Promise<RequestCodeResult> {
    const email = this.#deps.readAddress(typedEmail);
    if (!email) return { kind: 'invalid-email' };
    const link = await this.#deps.links.find(person.id);
    const replacesLink = link !== undefined && link.email !== email;
    const allowed = await this.#allow(person.id, email);
    if (allowed.kind === 'limited') return allowed;
    const code = newCode();
    const codeDigest = this.#digest(person.id, email, code);
    const expiresAt = this.#deps.now() + CODE_LIFETIME_MS;
    // Without tries until its mail is sent: mails are limited, so guesses are. While the mail server is down, mails are not
    // counted, and a code that could be tried would be tried for ever. A crash in between costs a mail, never a proof.
    const pending = { userId: person.id, email, codeDigest, triesLeft: 0, expiresAt };
    await this.#pending.save(person.id, pending, CODE_LIFETIME_MS).catch((error) => giveBackAndThrow(allowed, error));
    const { helpdeskName } = this.#deps;
    const result = await this.#deps.mailer.send({
      to: email,
      ...linkCodeMail(person, { code, helpdeskName, minutes: CODE_LIFETIME_MS / 60_000 }),
    });
    switch (result.kind) {
      case 'sent':
      case 'unconfirmed':
        await this.#pending.update(person.id, (current) =>
          current?.codeDigest === codeDigest ? { ...current, triesLeft: CODE_TRIES } : undefined,
        );
        return { kind: result.kind === 'sent' ? 'sent' : 'mail-unconfirmed', email, expiresAt, replacesLink };
      case 'refused':
        // Nothing waits for a code that nobody can get.
        await this.#pending.update(
          person.id,
          (current) => (current?.codeDigest === codeDigest ? { ...current, expiresAt: 0 } : undefined),
          1,
        );
        return { kind: 'mail-refused', email };
      case 'bot-refused':
      case 'unreachable':
        // Nothing that the person did or can mend.
        await giveBack(allowed);
        return { kind: `mail-${result.kind}`, email };
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
    // One atomic step compares, counts a wrong try, and ends the guessing when a code is right: however many guesses come at
    // once, there is no sixth, and none at a code that has replaced this one. The right code is used up only when it has
    // linked: until then it can be entered again.
    const pending = await this.#pending.update(userId, (current) => {
      verdict = current && this.#isLive(current, userId) ? this.#judge(current, code) : 'no-code';
      if (!current || verdict === 'no-code' || verdict === 'void-code') return undefined;
      return verdict === 'right-code' ? { ...current, proved: true } : { ...current, triesLeft: current.triesLeft - 1 };
    });
    if (!pending || verdict === 'no-code') return { kind: 'no-code' };
    if (verdict === 'void-code') return { kind: 'void-code' };
    if (verdict === 'wrong-code') return { kind: 'wrong-code', triesLeft: pending.triesLeft };
    try {
      await this.#deps.links.save(userId, pending.email, 'email');
    } catch (error) {
      await this.#reopen(pending).catch(() => undefined);
      throw error;
    }
    switch (await this.#useUp(pending)) {
      case 'used-up':
        return { kind: 'linked', email: pending.email };
      case 'used-before':
        // Entered on two devices at once: the other one tells of the link.
        return { kind: 'no-code' };
      case 'erased':
        // The person had everything erased meanwhile, and this link came after it.
        await this.#deps.links.remove(userId);
        return { kind: 'no-code' };
    }
  }

  /** After a link that could not be saved: a wrong code is told so again. The right one counts whether this is done or not. */
  async #reopen({ userId, codeDigest }: PendingCode): Promise<void> {
    await this.#pending.update(userId, (current) => {
      if (current?.codeDigest !== codeDigest || current.used) return undefined;
      const { proved: _, ...unproved } = current;
      return unproved;
    });
  }

  /**
   * Ends a code that has linked. The record stays, without the address, so that it can be told from one that was erased. A
   * store that fails here takes nothing back: what is linked is linked, and the code ends with its lifetime.
   */
  async #useUp({ userId, codeDigest, expiresAt }: PendingCode): Promise<'used-up' | 'used-before' | 'erased'> {
    let before = 'used-up' as 'used-up' | 'used-before' | 'erased';
    try {
      await this.#pending.update(userId, (current) => {
        const isIt = current?.codeDigest === codeDigest;
        before = current === undefined && this.#deps.now() < expiresAt ? 'erased' : 'used-up';
        if (isIt && current.used) before = 'used-before';
        return isIt && !current.used ? { ...current, email: '', triesLeft: 0, used: true } : undefined;
      });
    } catch (error) {
      this.#deps.log.warn(
        { error, userId },
        'a code that has linked could not be ended; it counts until its time is over',
      );
      return 'used-up';
    }
    return before;
  }

  /** @returns The address that waits for its code, or undefined. */
  async pendingAddress(userId: string): Promise<PendingAddress | undefined> {
    const pending = await this.#find(userId);
    if (!pending) return undefined;
    const { codeDigest: _, proved: __, used: ___, ...address } = pending;
    return address;
  }

  async forget(userId: string): Promise<void> {
    this.#deps.typedAddresses.remove(userId);
    await this.#pending.remove(userId);
  }

  async #find(userId: string): Promise<PendingCode | undefined> {
    const pending = await this.#pending.find(userId);
    return pending && this.#isLive(pending, userId) ? pending : undefined;
  }

  #judge(pending: PendingCode, code: string): 'no-code' | 'void-code' | 'wrong-code' | 'right-code' {
    if (pending.triesLeft <= 0) return 'void-code';
    const digest = this.#digest(pending.userId, pending.email, code);
    if (timingSafeEqual(Buffer.from(digest), Buffer.from(pending.codeDigest))) return 'right-code';
    return pending.proved ? 'no-code' : 'wrong-code';
  }

  #isLive(pending: PendingCode, userId: string): boolean {
    const now = this.#deps.now();
    // Of a code that was mailed while the clock was ahead, nobody knows how old it is.
    const isAgeKnown = !wasClockAhead(pending.expiresAt - CODE_LIFETIME_MS, now);
    return pending.userId === userId && !pending.used && now < pending.expiresAt && isAgeKnown;
  }

  async #allow(userId: string, email: string): Promise<Limited | Allowed> {
    const { personLimit, addressLimit } = this.#deps;
    const forPerson = await personLimit.take(userId);
    if (forPerson.kind === 'limited') return forPerson;
    const person: Allowed = { kind: 'granted', grants: [[personLimit, forPerson]] };
    const forAddress = await addressLimit.take(mailboxOf(email)).catch((error) => giveBackAndThrow(person, error));
    if (forAddress.kind === 'limited') {
      await giveBack(person);
      return forAddress;
    }
    return { kind: 'granted', grants: [...person.grants, [addressLimit, forAddress]] };
  }

  #digest(userId: string, email: string, code: string): string {
    return createHmac('sha256', this.#deps.digestKey)
      .update(JSON.stringify([userId, email, code]))
      .digest('base64url');
  }
}

export interface EmailVerificationDeps {
  readonly links: AccountLinks;
  readonly readAddress: ReadAccountAddress;
  /** Forgotten with the pending address. */
  readonly typedAddresses: TypedAddresses;
  readonly mailer: Mailer;
  /** How the mails call the helpdesk. */
  readonly helpdeskName: string;
  /** Mails for one Discord user. */
  readonly personLimit: SlidingWindow;
  /** Mails to one address, whoever asks. */
  readonly addressLimit: SlidingWindow;
  readonly digestKey: Buffer;
  readonly now: () => number;
  readonly log: Log;
}

/** A mail that may be sent, with the uses of the limits that it takes. */
interface Allowed {
  readonly kind: 'granted';
  readonly grants: readonly (readonly [SlidingWindow, Grant])[];
}

async function giveBack({ grants }: Allowed): Promise<void> {
  await Promise.all(grants.map(([window, grant]) => window.giveBack(grant)));
}

/** A store that failed before a mail went out must not cost a mail. It may fail here too, and then it costs one. */
async function giveBackAndThrow(allowed: Allowed, error: unknown): Promise<never> {
  await giveBack(allowed).catch(() => undefined);
  throw error;
}

/** Six digits from the system's CSPRNG, every one of the million equally likely. */
function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

/** What was typed, without the blanks and dashes that people put in between, and in plain digits. */
function plainDigits(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s-]/g, '');
}

import { onTestFinished } from 'vitest';
import { accountAddressReader } from '../../src/accounts/account-address.ts';
import { AccountLinks, type LinkProof } from '../../src/accounts/account-links.ts';
import { EmailVerification } from '../../src/accounts/email-verification.ts';
import type { Mail, MailResult } from '../../src/accounts/mailer.ts';
import { TypedAddresses } from '../../src/accounts/typed-addresses.ts';
import { isMyAdminAddress } from '../../src/helpdesk/account-address.ts';
import { createLog } from '../../src/log.ts';
import { SlidingWindow } from '../../src/sliding-window.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const ADA = { id: '100000000000000001', name: 'ada' };
export const EVE = { id: '100000000000000002', name: 'eve' };

export interface VerificationOptions {
  readonly mailsPerHour?: number;
  readonly verification?: LinkProof;
  /** What the mail server does with a mail; it takes it by default. */
  readonly send?: (mail: Mail) => Promise<MailResult>;
  /** A store that another one has left; an empty one in memory by default. */
  readonly storage?: Storage;
}

/** Codes and links over a real store, with a mail server that is a function. */
export async function createVerification(options: VerificationOptions = {}) {
  const clock = { now: 1_800_000_000_000 };
  const now = () => clock.now;
  const opened = options.storage ?? (await openStorage({ url: 'sqlite::memory:', keys: [], now }));
  if (!options.storage) onTestFinished(() => opened.close());
  const digestKey = Buffer.alloc(32, 7);
  const mails: Mail[] = [];
  const window = (name: string) =>
    new SlidingWindow(opened, name, { limit: options.mailsPerHour ?? 1000, windowMs: HOUR_MS, now, digestKey });
  const links = new AccountLinks(opened, { verification: options.verification ?? 'email', now });
  const verification = new EmailVerification(opened, {
    links,
    mailer: {
      async send(mail) {
        mails.push(mail);
        return options.send ? options.send(mail) : { kind: 'sent' };
      },
      check: async () => undefined,
      close: () => undefined,
    },
    readAddress: accountAddressReader(isMyAdminAddress),
    typedAddresses: new TypedAddresses({ now }),
    helpdeskName: 'Example Hosting',
    personLimit: window('mails-of-person'),
    addressLimit: window('mails-to-address'),
    digestKey,
    now,
    log: createLog('silent'),
  });
  return {
    ...{ verification, links, mails, clock, storage: opened },
    /** The code in the mail that was sent last. */
    get lastCode(): string {
      return codeOf(mails.at(-1));
    },
  };
}

/** @throws {Error} when the mail has no code. */
export function codeOf(mail: Mail | undefined): string {
  const [code] = /(?<!\d)\d{6}(?!\d)/.exec(mail?.text ?? '') ?? [];
  if (!code) throw new Error(`No code in: ${mail?.text}`);
  return code;
}

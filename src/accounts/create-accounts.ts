import type { Log } from '../log.ts';
import type { SlidingWindow } from '../sliding-window.ts';
import type { Storage } from '../storage/storage.ts';
import { accountAddressReader, type ReadAccountAddress } from './account-address.ts';
import { AccountLinks, type LinkProof } from './account-links.ts';
import { EmailVerification } from './email-verification.ts';
import { LinkRequests } from './link-requests.ts';
import type { Mailer } from './mailer.ts';
import { TypedAddresses } from './typed-addresses.ts';

export interface AccountsDeps {
  readonly storage: Storage;
  /** LINK_VERIFICATION. */
  readonly verification: LinkProof;
  readonly mailer: Mailer;
  /** Whether the helpdesk takes a plain address for an account. */
  readonly takesAddress: (address: string) => boolean;
  /** How mails call the helpdesk (HELPDESK_NAME). */
  readonly helpdeskName: string;
  /** Mails that one person asks for, and that go to one address. */
  readonly personLimit: SlidingWindow;
  readonly addressLimit: SlidingWindow;
  /** Requests to moderators by one person. */
  readonly linkRequestLimit: SlidingWindow;
  readonly digestKey: Buffer;
  readonly now: () => number;
  readonly log: Log;
}

/** Who somebody is at the helpdesk, and how it is proved. */
export interface Accounts {
  readonly links: AccountLinks;
  readonly linkRequests: LinkRequests;
  readonly linkRequestLimit: SlidingWindow;
  readonly verification: EmailVerification;
  readonly typedAddresses: TypedAddresses;
  readonly readAddress: ReadAccountAddress;
}

/** Puts the accounts together. */
export function createAccounts(deps: AccountsDeps): Accounts {
  const { storage, mailer, helpdeskName, personLimit, addressLimit, linkRequestLimit, digestKey, now, log } = deps;
  const links = new AccountLinks(storage, { verification: deps.verification, now });
  const readAddress = accountAddressReader(deps.takesAddress);
  const typedAddresses = new TypedAddresses({ now });
  return {
    links,
    typedAddresses,
    readAddress,
    linkRequests: new LinkRequests(storage, { now }),
    linkRequestLimit,
    verification: new EmailVerification(storage, {
      links,
      readAddress,
      typedAddresses,
      mailer,
      helpdeskName,
      personLimit,
      addressLimit,
      digestKey,
      now,
      log,
    }),
  };
}

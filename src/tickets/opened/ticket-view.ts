import type { HelpdeskPost, HelpdeskTicket } from '../helpdesk-ticket.ts';
import type { SeenTicket } from './opened-tickets-record.ts';
import type { PostTexts } from './post-texts.ts';

/** Posts of the owner, and of others, whose text can be shown: the newest ones. */
export const SHOWN_POSTS = 2;
/** Posts of somebody else of which a digest is kept: the newest ones. */
const MOST_DIGESTS = 200;

/** One post, as a person may see it. */
export interface PostView {
  /** The helpdesk's own words for when. */
  readonly writtenAt: string;
  /** Missing where it is not the person's own: it may be an internal note. */
  readonly text?: string | undefined;
}

/** A ticket as its owner may see it. No address of anybody else stands in it. */
export interface TicketView {
  readonly reference: string;
  readonly subject: string;
  /** The helpdesk's own word. */
  readonly state: string;
  readonly isClosed: boolean;
  /** The helpdesk's own words for when. */
  readonly lastActivityAt: string;
  /** Oldest first. */
  readonly ownPosts: readonly PostView[];
  readonly otherPosts: readonly PostView[];
}

/** Whether two addresses are the same account: without case and blanks, as the helpdesk compares them. */
export function isSameAddress(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

export function isClosedState(state: string): boolean {
  return /^\s*(?:closed|resolved)\s*$/i.test(state);
}

/** What the owner of an address may see of a ticket. @param showPosts Whether posts of others are shown (HELPDESK_SHOW_POSTS). */
export function viewOf(
  ticket: HelpdeskTicket,
  email: string,
  { texts, showPosts }: { readonly texts: PostTexts; readonly showPosts: boolean },
): TicketView {
  const { reference, subject, state, lastActivityAt, posts } = ticket;
  const isOwn = (post: HelpdeskPost) => isSameAddress(post.email, email);
  return {
    reference,
    subject: withoutOthersAddresses(subject, email),
    state,
    isClosed: isClosedState(state),
    lastActivityAt,
    ownPosts: posts.filter(isOwn).map(({ writtenAt, contents }, index, all) => ({
      writtenAt,
      text: isShown(index, all) ? withoutOthersAddresses(texts.withoutQuotes(contents), email) : '',
    })),
    otherPosts: posts
      .filter((post) => !isOwn(post))
      .map(({ writtenAt, contents }, index, all) =>
        showPosts && isShown(index, all)
          ? { writtenAt, text: withoutOthersAddresses(texts.readable(contents), email) }
          : { writtenAt },
      ),
  };
}

/** Only the newest are read: to read all of a long ticket would keep everybody waiting. */
function isShown(index: number, { length }: readonly unknown[]): boolean {
  return index >= length - SHOWN_POSTS;
}

/** A signature may name the address of a member of the staff. */
function withoutOthersAddresses(text: string, own: string): string {
  return text.replace(/[^\s"'<>()[\],;:]+@[^\s"'<>()[\],;:]+/g, (address) =>
    isSameAddress(address, own) ? address : '(address)',
  );
}

/** How many posts of the owner say what has these words. */
export function countOwnPosts(ticket: HelpdeskTicket, email: string, words: string, texts: PostTexts): number {
  return ticket.posts.filter((post) => isSameAddress(post.email, email) && texts.says(post.contents, words)).length;
}

/**
 * What tells whether there is news: a digest of each post of somebody else, without its time. The helpdesk writes times as local
 * ones, and moves that of the last activity for what no customer sees.
 */
function digestsOfOthers(ticket: HelpdeskTicket, email: string, texts: PostTexts): string[] {
  return ticket.posts
    .filter((post) => !isSameAddress(post.email, email))
    .slice(-MOST_DIGESTS)
    .map((post) => texts.digestOf(post));
}

/** What is kept of a look. */
export function seenIn(ticket: HelpdeskTicket, email: string, texts: PostTexts, at: number): SeenTicket {
  const own = ticket.posts.filter((post) => isSameAddress(post.email, email)).length;
  return { at, state: ticket.state, posts: digestsOfOthers(ticket, email, texts), own };
}

type Compared = Pick<SeenTicket, 'state' | 'posts' | 'own'>;

/** Whether a look shows something that an earlier one did not: another state, or a post more of somebody else. */
export function hasNews(before: Compared, after: Compared): boolean {
  if (before.state !== after.state && !isOwnDoing(before, after)) return true;
  const known = new Map<string, number>();
  for (const digest of before.posts) known.set(digest, (known.get(digest) ?? 0) + 1);
  for (const digest of after.posts) {
    const count = known.get(digest) ?? 0;
    if (count === 0) return true;
    known.set(digest, count - 1);
  }
  return false;
}

/** Helpdesks open a ticket again when its requester writes. That is no news to them; any other state is somebody's doing. */
function isOwnDoing(before: Compared, after: Compared): boolean {
  if (before.own === undefined || after.own === undefined) return false;
  return after.own > before.own && /^\s*(?:re-?)?open(?:ed)?\s*$/i.test(after.state);
}

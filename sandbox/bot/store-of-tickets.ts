import { type ZodType, z } from 'zod';
import type { AccountLink } from '../../src/accounts/account-links.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { Attempt, PersonRecord, Request } from '../../src/tickets/lifecycle/person-record.ts';
import type { TicketDraft } from '../../src/tickets/ticket-drafts.ts';
import { EMPTY_FIELDS } from '../../src/tickets/ticket-fields.ts';

/**
 * Stores as the bot leaves them after many tickets, for what is measured over them. Each kind of record has one function
 * here, typed by what the bot reads: a kind that changes fails to compile, and is mended in one place.
 */

const DAY_MS = 24 * 3_600_000;
const LIFETIME_MS = 30 * DAY_MS;
/** Tickets of a month that one person's record holds. */
const TICKETS_OF_ONE = 5;
/** Writes that share one transaction. */
const AT_ONCE = 2000;

/** One record, ready to be saved. */
interface Filed {
  readonly namespace: string;
  readonly key: string;
  readonly record: unknown;
  readonly ttlMs?: number;
}

/** One ticket of somebody. */
interface Ticket {
  readonly submitterId: string;
  readonly id: string;
  readonly draftId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Fills a store with the records that finished tickets leave. @param count How many people, with some tickets each. */
export async function fillFinished(url: string, count: number): Promise<void> {
  await fill(url, count, (index) => {
    const tickets = Array.from({ length: TICKETS_OF_ONE }, (_, one) => ticketOf(30, index, one));
    return personOf(tickets, finished);
  });
}

/** Fills a store with links. @param count How many people have one. */
export async function fillLinks(url: string, count: number): Promise<void> {
  await fill(url, count, (index) => {
    const userId = linkedPerson(index);
    const email = `person${index}@example.org`;
    const record: AccountLink = { userId, email, linkedAt: Date.now(), proof: 'email', allowsEscalation: true };
    return { namespace: 'links', key: userId, record };
  });
}

/** The ID of somebody who has a link in a store that {@link fillLinks} has filled. */
export const linkedPerson = (index: number): string => numbered(90, index);

/** The ID of somebody who has tickets in a store that {@link fillFinished} has filled. */
export const personWithTickets = (index: number): string => ticketOf(30, index, 0).submitterId;

/** Adds tickets that were being sent when their process died. @param round Another one makes other tickets. */
export async function addOpen(url: string, tickets: number, round: number): Promise<void> {
  const all = Array.from({ length: tickets }, (_, index) => ticketOf(60, round * tickets + index, 0));
  const records = all.flatMap((ticket) => [personOf([ticket], open), openRequests(ticket), draft(ticket)]);
  await fill(url, records.length, (index) => records[index]);
}

/** A person's record with these tickets. */
function personOf(tickets: readonly Ticket[], attemptOf: (ticket: Ticket, sequence: number) => Attempt): Filed {
  const requests = tickets.map(
    (ticket, index): Request => ({
      id: ticket.draftId,
      attempts: [attemptOf(ticket, index + 1)],
      related: [],
      confirmed: [],
      textUntil: ticket.at,
    }),
  );
  const livesUntil = Date.now() + LIFETIME_MS;
  const record: PersonRecord = { requests, notifications: [], nextSequence: tickets.length + 1, livesUntil };
  return { namespace: 'people', key: tickets[0]?.submitterId ?? '', record, ttlMs: LIFETIME_MS };
}

function finished({ id, at }: Ticket, sequence: number): Attempt {
  const stage = { kind: 'opened', reference: `KVO-530-${id.slice(-6)}` } as const;
  const words = id.padStart(43, 'A');
  return { id, sequence, receivedAt: at, stage, stageAt: at, words, delivery: 'delivered', usesTakenAt: at };
}

function open({ id, at }: Ticket, sequence: number): Attempt {
  const reply = { applicationId: '100000000000000001', token: 'of-another-process', until: at + DAY_MS / 100 };
  const stage = { kind: 'sending' } as const;
  const words = id.padStart(43, 'A');
  const owner = 'a-process-that-is-gone';
  return { id, sequence, receivedAt: at, stage, stageAt: at, words, owner, delivery: 'pending', reply };
}

function openRequests({ submitterId }: Ticket): Filed {
  return { namespace: 'open-requests', key: submitterId, record: 'open' };
}

function draft({ submitterId, draftId, at }: Ticket): Filed {
  const record: TicketDraft = {
    id: draftId,
    submitter: { id: submitterId, name: 'ada' },
    place: { guildId: '400000000000000001', channelId: '400000000000000002' },
    fields: {
      ...EMPTY_FIELDS,
      subject: 'The server is away',
      product: 'VPS',
      body: 'Since this morning I cannot reach it. '.repeat(15),
    },
    behalf: 'self',
    createdAt: at,
  };
  return { namespace: 'drafts', key: `${submitterId}/${draftId}`, record, ttlMs: DAY_MS };
}

function numbered(first: number, number: number): string {
  return `${first}${String(number).padStart(15, '0')}`;
}

function ticketOf(from: number, person: number, one: number): Ticket {
  const number = person * TICKETS_OF_ONE + one;
  return {
    submitterId: numbered(from + 1, person),
    id: numbered(from + 2, number),
    draftId: String(number).padStart(16, 'A'),
    at: Date.now(),
  };
}

async function fill(url: string, count: number, filedAt: (index: number) => Filed | undefined): Promise<void> {
  const storage = await openStorage({ url, keys: [] });
  try {
    const save = saverTo(storage);
    for (let done = 0; done < count; done += AT_ONCE) {
      const batch = Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, index) => filedAt(done + index));
      await Promise.all(batch.map((filed) => filed && save(filed)));
    }
  } finally {
    await storage.close();
  }
}

function saverTo(storage: Storage) {
  const anything: ZodType<unknown> = z.unknown();
  const kinds = new Map<string, ReturnType<typeof storage.records<unknown>>>();
  return ({ namespace, key, record, ttlMs }: Filed): Promise<void> => {
    const kind = kinds.get(namespace) ?? storage.records(namespace, anything);
    kinds.set(namespace, kind);
    return kind.save(key, record, ttlMs);
  };
}

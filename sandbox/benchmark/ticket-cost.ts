import type { Answered } from './acts.ts';
import { median } from './figures.ts';
import { type Subject, TICKET_SUBJECTS } from './subject-process.ts';
import { SubjectWorld, type Used } from './subject-world.ts';

export interface TicketCostOptions {
  /** Tickets of each subject whose CPU time is measured. */
  readonly tickets: number;
  /** Tickets before that, of which nothing is measured. */
  readonly warmUp: number;
  /** Tickets that follow one upon the other before the next subject has its turn. */
  readonly block: number;
  /** Tickets after that, each counted by itself. */
  readonly counted: number;
}

/** What one ticket costs one of the subjects. */
export interface TicketCost {
  /** Milliseconds of CPU time for one ticket, turn by turn. */
  readonly cpuMs: readonly number[];
  readonly reads: Counted;
  readonly commits: Counted;
  /** Transactions that wrote nothing. */
  readonly emptyCommits: Counted;
  /** Commits before Discord was told anything of the form. */
  readonly commitsBeforeAcknowledgement: Counted;
  /** The mean over all blocks: a checkpoint serves many tickets. */
  readonly syncs: number;
  readonly writtenKilobytes: number | undefined;
  readonly discordRequests: Counted;
  readonly helpdeskCalls: Counted;
  /** Milliseconds by the clock of the wall, medians. */
  readonly acknowledgedAfterMs: number;
  readonly answeredAfterMs: number;
}

/** A count over several tickets. */
export interface Counted {
  readonly median: number;
  readonly most: number;
}

export type TicketCosts = { readonly [Of in Subject]: TicketCost };

/** Measures every subject in turns, so that all of them meet the same machine. */
export async function measureTickets(options: TicketCostOptions): Promise<TicketCosts> {
  const people = options.warmUp + options.tickets + options.counted;
  const all = await Promise.all(
    TICKET_SUBJECTS.map(async ({ id }) => ({ id, world: await SubjectWorld.start(id, people), blocks: [] as Block[] })),
  );
  try {
    for (const { world } of all) for (let i = 0; i < options.warmUp; i += 1) await world.openTicket();
    for (let done = 0; done < options.tickets; done += options.block) {
      const size = Math.min(options.block, options.tickets - done);
      for (const { world, blocks } of all) blocks.push(await measureBlock(world, size));
    }
    const costs: [Subject, TicketCost][] = [];
    for (const { id, world, blocks } of all) {
      costs.push([id, costOf(blocks, await countTickets(world, options.counted))]);
    }
    return Object.fromEntries(costs) as TicketCosts;
  } finally {
    await Promise.all(all.map(({ world }) => world.close()));
  }
}

/** What a block of tickets has used. */
export interface Block {
  readonly size: number;
  readonly used: Used;
  readonly answered: readonly Answered[];
}

/** Nobody talks to the subject's process between the two readings, so all that it uses is for the tickets. */
export async function measureBlock(world: SubjectWorld, size: number): Promise<Block> {
  const before = await world.used();
  const answered: Answered[] = [];
  for (let i = 0; i < size; i += 1) answered.push(await world.openTicket());
  return { size, used: difference(before, await world.used()), answered };
}

/** What one ticket has used. */
interface CountedTicket {
  readonly used: Used;
  readonly commitsBeforeAcknowledgement: number;
}

async function countTickets(world: SubjectWorld, count: number): Promise<CountedTicket[]> {
  const tickets: CountedTicket[] = [];
  for (let i = 0; i < count; i += 1) {
    const place = world.next();
    const before = await world.used();
    const form = await world.openForm(place);
    const atSubmit = await world.used();
    await world.openFrom(place, form);
    const after = await world.used();
    const commitsBeforeAcknowledgement = after.commitsAtCallback - atSubmit.commits;
    tickets.push({ used: difference(before, after), commitsBeforeAcknowledgement });
  }
  return tickets;
}

function difference(before: Used, after: Used): Used {
  const names = Object.keys(after) as (keyof Used)[];
  const entries = names.map((name) => [name, (after[name] ?? Number.NaN) - (before[name] ?? Number.NaN)]);
  return Object.fromEntries(entries) as unknown as Used;
}

function costOf(blocks: readonly Block[], tickets: readonly CountedTicket[]): TicketCost {
  const cpu = blocks.map(({ size, used }) => used.cpuMs / size);
  const size = blocks.reduce((sum, block) => sum + block.size, 0);
  const mean = (of: (used: Used) => number) => blocks.reduce((sum, { used }) => sum + of(used), 0) / size;
  const count = (of: (ticket: CountedTicket) => number): Counted => {
    const counts = tickets.map(of);
    return { median: median(counts), most: Math.max(...counts) };
  };
  const answered = blocks.flatMap((block) => block.answered);
  const writtenKilobytes = mean(({ writtenBytes }) => writtenBytes ?? Number.NaN) / 1024;
  return {
    cpuMs: cpu,
    reads: count(({ used }) => used.reads),
    commits: count(({ used }) => used.commits),
    emptyCommits: count(({ used }) => used.emptyCommits),
    commitsBeforeAcknowledgement: count((ticket) => ticket.commitsBeforeAcknowledgement),
    syncs: mean(({ syncs }) => syncs),
    writtenKilobytes: Number.isNaN(writtenKilobytes) ? undefined : writtenKilobytes,
    discordRequests: count(({ used }) => used.requests),
    helpdeskCalls: count(({ used }) => used.helpdeskCalls),
    acknowledgedAfterMs: median(answered.map(({ acknowledgedAfterMs }) => acknowledgedAfterMs ?? Number.NaN)),
    answeredAfterMs: median(answered.map(({ answeredAfterMs }) => answeredAfterMs)),
  };
}

import { median } from './figures.ts';
import { TicketOpener, type Used } from './ticket-opener.ts';

export interface TicketCostOptions {
  /** Tickets of each bot whose CPU time is measured. */
  readonly tickets: number;
  /** Tickets before that, of which nothing is measured. */
  readonly warmUp: number;
  /** Tickets that follow one upon the other before the other bot has its turn. */
  readonly block: number;
  /** Tickets after that, each counted by itself. */
  readonly counted: number;
}

/** What one ticket costs one of the bots. */
export interface TicketCost {
  /** Milliseconds of CPU time: the median of the blocks, and the ends. */
  readonly cpuMs: { readonly median: number; readonly lowest: number; readonly highest: number };
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

export interface TicketCosts {
  readonly bot: TicketCost;
  readonly bare: TicketCost;
  /** CPU time of the bot for each millisecond of the other: the median over turns that followed upon each other. */
  readonly cpuRatio: number;
}

/** Measures the bot and discord.js with `soap` alone, in turns, so that both meet the same machine. */
export async function measureTickets(options: TicketCostOptions): Promise<TicketCosts> {
  const people = options.warmUp + options.tickets + options.counted;
  const [bot, bare] = await Promise.all([TicketOpener.start('bot', people), TicketOpener.start('bare', people)]);
  try {
    for (const opener of [bot, bare]) for (let i = 0; i < options.warmUp; i += 1) await opener.openTicket();
    const turns: { readonly bot: Block; readonly bare: Block }[] = [];
    for (let done = 0; done < options.tickets; done += options.block) {
      const size = Math.min(options.block, options.tickets - done);
      turns.push({ bot: await measureBlock(bot, size), bare: await measureBlock(bare, size) });
    }
    const cost = async (which: 'bot' | 'bare', opener: TicketOpener) =>
      costOf(
        turns.map((turn) => turn[which]),
        await countTickets(opener, options.counted),
      );
    return {
      bot: await cost('bot', bot),
      bare: await cost('bare', bare),
      cpuRatio: median(turns.map((turn) => turn.bot.used.cpuMs / turn.bare.used.cpuMs)),
    };
  } finally {
    await Promise.all([bot.close(), bare.close()]);
  }
}

/** What a block of tickets has used. */
interface Block {
  readonly size: number;
  readonly used: Used;
  readonly waited: readonly Waited[];
}
type Waited = Awaited<ReturnType<TicketOpener['openTicket']>>;

/** Nobody talks to the bot's process between the two readings, so all that it uses is for the tickets. */
async function measureBlock(opener: TicketOpener, size: number): Promise<Block> {
  const before = await opener.used();
  const waited: Waited[] = [];
  for (let i = 0; i < size; i += 1) waited.push(await opener.openTicket());
  return { size, used: difference(before, await opener.used()), waited };
}

/** What one ticket has used. */
interface CountedTicket {
  readonly used: Used;
  readonly commitsBeforeAcknowledgement: number;
}

async function countTickets(opener: TicketOpener, count: number): Promise<CountedTicket[]> {
  const tickets: CountedTicket[] = [];
  for (let i = 0; i < count; i += 1) {
    const before = await opener.used();
    const form = await opener.openForm();
    const atSubmit = await opener.used();
    await opener.submit(form);
    const after = await opener.used();
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
  const waited = blocks.flatMap((block) => block.waited);
  const writtenKilobytes = mean(({ writtenBytes }) => writtenBytes ?? Number.NaN) / 1024;
  return {
    cpuMs: { median: median(cpu), lowest: Math.min(...cpu), highest: Math.max(...cpu) },
    reads: count(({ used }) => used.reads),
    commits: count(({ used }) => used.commits),
    emptyCommits: count(({ used }) => used.emptyCommits),
    commitsBeforeAcknowledgement: count((ticket) => ticket.commitsBeforeAcknowledgement),
    syncs: mean(({ syncs }) => syncs),
    writtenKilobytes: Number.isNaN(writtenKilobytes) ? undefined : writtenKilobytes,
    discordRequests: count(({ used }) => used.requests),
    helpdeskCalls: count(({ used }) => used.helpdeskCalls),
    acknowledgedAfterMs: median(waited.map(({ acknowledgedAfterMs }) => acknowledgedAfterMs)),
    answeredAfterMs: median(waited.map(({ answeredAfterMs }) => answeredAfterMs)),
  };
}

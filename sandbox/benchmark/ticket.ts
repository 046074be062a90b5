import { readCommandLine } from '../command-line.ts';
import type { Benchmark } from './benchmark.ts';
import { printTable, rounded } from './figures.ts';
import { type Counted, measureTickets, type TicketCost, type TicketCosts } from './ticket-cost.ts';

/** What one ticket may cost. */
const AIMS = { commits: 4, reads: 8, cpuRatio: 1.5, commitsBeforeAcknowledgement: 1 } as const;

/** Shows what one ticket costs the bot, beside discord.js and `soap` alone. */
export const ticketBenchmark: Benchmark = {
  says: 'CPU, reads, commits and syncs for one ticket, beside discord.js and soap alone',
  async run(args) {
    const {
      tickets = 300,
      warmup: warmUp = 300,
      block = 25,
      json = false,
    } = readCommandLine(
      'npm run bench ticket',
      {
        tickets: { type: 'number', says: 'how many tickets each bot opens, one at a time, 300 by default' },
        warmup: { type: 'number', says: 'how many it opens before that, while Node still compiles, 300 by default' },
        block: { type: 'number', says: 'after how many the other bot has its turn, 25 by default' },
        json: { type: 'flag', says: 'prints the figures as JSON' },
      },
      args,
    );
    const options = { tickets, warmUp, block, counted: Math.min(tickets, 25) };
    const costs = await measureTickets(options);
    if (json) {
      console.log(JSON.stringify({ ...options, node: process.version, ...costs, aims: AIMS }, undefined, 2));
      return;
    }
    console.log(`One ticket at a time on SQLite: ${tickets} after ${warmUp}, the two bots in turns of ${block}.\n`);
    print(costs);
  },
};

function print({ bot, bare, cpuRatio }: TicketCosts): void {
  const ms = (value: number) => `${rounded(value)} ms`;
  const count = ({ median, most }: Counted) =>
    most === median ? rounded(median) : `${rounded(median)}, at most ${rounded(most)}`;
  const row = (name: string, say: (cost: TicketCost) => string, aim = '') => [name, say(bot), say(bare), aim];
  const aim = (words: string, holds: boolean) => `${words}: ${holds ? 'reached' : 'missed'}`;
  const atMost = (limit: number, value: number) => aim(`at most ${limit}`, value <= limit);
  const { commits, reads, commitsBeforeAcknowledgement: before } = AIMS;
  printTable([
    ['For one ticket', 'the bot', 'discord.js and soap', 'aim'],
    row('CPU time, median of the turns', ({ cpuMs }) => ms(cpuMs.median)),
    row('CPU time, least and most', ({ cpuMs }) => `${ms(cpuMs.lowest)} to ${ms(cpuMs.highest)}`),
    ['CPU time, as a multiple', rounded(cpuRatio), '1', atMost(AIMS.cpuRatio, cpuRatio)],
    row('Durable commits', (cost) => count(cost.commits), atMost(commits, bot.commits.most)),
    row(
      '… before the form is acknowledged',
      (cost) => count(cost.commitsBeforeAcknowledgement),
      aim(String(before), bot.commitsBeforeAcknowledgement.most === before),
    ),
    row('Transactions that wrote nothing', (cost) => count(cost.emptyCommits)),
    row('Reads of records', (cost) => count(cost.reads), atMost(reads, bot.reads.most)),
    row('Syncs of the disk, reckoned', (cost) => rounded(cost.syncs)),
    row('Written to the disk', ({ writtenKilobytes: kB }) => (kB === undefined ? 'unknown' : `${rounded(kB)} kB`)),
    row('Requests to Discord', (cost) => count(cost.discordRequests)),
    row('Calls of the helpdesk', (cost) => count(cost.helpdeskCalls)),
    row('Form acknowledged after, median', (cost) => ms(cost.acknowledgedAfterMs)),
    row('Form answered after, median', (cost) => ms(cost.answeredAfterMs)),
  ]);
}

import type { Benchmark, Row, Table, Unit } from './benchmark.ts';
import { median, medianRatio } from './figures.ts';
import { TICKET_SUBJECTS } from './subject-process.ts';
import { measureTickets, type TicketCost, type TicketCosts } from './ticket-cost.ts';

/** Shows what one ticket costs the bot, beside bots that promise nothing. */
export const ticketBenchmark: Benchmark = {
  says: 'CPU, reads, commits and syncs for one ticket, slash command and form',
  async run({ quick }) {
    // So many turns that a neighbour on the same machine, who takes its cache for a while, is in few of them.
    const [warmUp, tickets] = quick ? [100, 100] : [200, 400];
    return [tableOf(await measureTickets({ tickets, warmUp, block: 25, counted: 15 }))];
  },
};

function tableOf(costs: TicketCosts): Table {
  const row = (id: string, name: string, unit: Unit, pick: (cost: TicketCost) => number | undefined): Row => {
    const values = TICKET_SUBJECTS.flatMap((subject) => {
      const value = pick(costs[subject.id]);
      return value === undefined ? [] : [[subject.id, value] as const];
    });
    return { id, name, unit, values: Object.fromEntries(values) };
  };
  return {
    id: 'ticket',
    title: 'One ticket at a time, medians',
    columns: TICKET_SUBJECTS,
    rows: [
      {
        ...row('cpu', 'CPU time', 'ms', ({ cpuMs }) => median(cpuMs)),
        ratio: { to: 'soap', value: medianRatio(costs.bot.cpuMs, costs.soap.cpuMs) },
      },
      {
        ...row('cpu-kept', 'CPU time, beside what makes as many commits', 'ms', ({ cpuMs }) => median(cpuMs)),
        ratio: { to: 'kept', value: medianRatio(costs.bot.cpuMs, costs.kept.cpuMs) },
      },
      row('commits', 'durable commits', '', ({ commits }) => commits.median),
      row('before', 'commits before the form is acknowledged', '', (cost) => cost.commitsBeforeAcknowledgement.median),
      row('empty', 'transactions that wrote nothing', '', ({ emptyCommits }) => emptyCommits.median),
      row('reads', 'reads of records', '', ({ reads }) => reads.median),
      row('syncs', 'syncs of the disk, reckoned', '', ({ syncs }) => syncs),
      row('written', 'written to the disk', 'kB', ({ writtenKilobytes }) => writtenKilobytes),
      row('requests', 'requests to Discord', '', ({ discordRequests }) => discordRequests.median),
      row('calls', 'calls of the helpdesk', '', ({ helpdeskCalls }) => helpdeskCalls.median),
      row('acknowledged', 'form acknowledged after', 'ms', ({ acknowledgedAfterMs }) => acknowledgedAfterMs),
      row('answered', 'form answered after', 'ms', ({ answeredAfterMs }) => answeredAfterMs),
    ],
  };
}

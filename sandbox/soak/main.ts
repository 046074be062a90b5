import { printTable, rounded } from '../benchmark/figures.ts';
import type { Vitals } from '../bot/vitals.ts';
import { endWithSignals, readCommandLine } from '../command-line.ts';
import { runSoak, type SoakResult } from './soak.ts';
import { compareEnds, problemsOf } from './verdict.ts';

endWithSignals();
const {
  minutes,
  seconds = (minutes ?? 30) * 60,
  rate: ticketsPerSecond = 2,
} = readCommandLine('npm run soak', {
  minutes: { type: 'number', says: 'for how long tickets are opened, 30 by default' },
  seconds: { type: 'number', says: 'the same in seconds, for a short one' },
  rate: { type: 'number', says: 'tickets a second, 2 by default' },
});
const PARTS = 10;
const MEGABYTE = 1024 * 1024;

const ticketsOfPart = Math.max(1, Math.round((seconds * ticketsPerSecond) / PARTS));
console.log(
  `${ticketsOfPart * PARTS} tickets in ${seconds} seconds, with a look at the bot after every ${ticketsOfPart}\n`,
);
const result = await runSoak({ ticketsOfPart, parts: PARTS, ticketsPerSecond, onLook: print });
printResult(result);
process.exit(problemsOf(result).length === 0 ? 0 : 1);

function print({ heapBytes, handles, sockets, delayMs }: Vitals, part: number): void {
  const heap = `${(heapBytes / MEGABYTE).toFixed(1)} MB heap`;
  console.log(`${part + 1}/${PARTS}: ${heap}, ${handles} handles, ${sockets} sockets, ${delayMs.toFixed(1)} ms delay`);
}

function printResult({ looks, told, tickets, reconnects, faults, duplicates }: SoakResult): void {
  console.log();
  printTable([
    ['', 'beginning', 'end', 'at most', ''],
    ...compareEnds(looks).map(({ what, unit, first, last, bound, holds }) => {
      const say = (value: number) => `${rounded(value)} ${unit}`.trim();
      return [what, say(first), say(last), say(bound), holds ? 'holds' : 'BROKEN'];
    }),
  ]);
  console.log();
  printTable([
    ['told: opened', String(told.opened)],
    ['told: perhaps opened', String(told.maybe)],
    ['told: not opened', String(told.nothing)],
    ['Discord said: did not respond', String(told.failed)],
    ['tickets at the helpdesk', String(tickets)],
    ['texts that became two', String(duplicates)],
    ['times that the gateway went away', String(reconnects)],
    ['times that the helpdesk failed', String(faults)],
  ]);
  for (const problem of problemsOf(result)) console.log(`\n${problem}`);
}

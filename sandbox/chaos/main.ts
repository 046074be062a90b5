import { randomBytes } from 'node:crypto';
import { endWithSignals, readCommandLine } from '../command-line.ts';
import { runChaos } from './chaos.ts';
import { digestOf, planChaos } from './schedule.ts';

endWithSignals();
const values = readCommandLine('npm run chaos', {
  seed: { type: 'text', says: 'the same seed gives the same schedule; another one each time by default' },
  kills: { type: 'number', says: 'how often the bot is killed, 300 by default: some ten minutes' },
  people: { type: 'number', says: 'how many write at once, 8 by default' },
  'show-log': { type: 'flag', says: 'prints the last lines of the bot' },
  'show-schedule': { type: 'flag', says: 'prints what is planned' },
});
const { seed = randomBytes(4).toString('hex'), kills = 300, people = 8 } = values;
const lives = planChaos(seed, kills);
const planned = lives.reduce((sum, { faults }) => sum + faults.length, 0);
console.log(
  `Seed ${seed}: ${people} people, ${kills} kills in ${lives.length} lives of the bot, ${planned} other faults.`,
);
console.log(`Schedule ${digestOf(lives)}. The same seed gives the same one.\n`);
if (values['show-schedule']) for (const life of lives) console.log(JSON.stringify(life));
const result = await runChaos({
  seed,
  kills,
  people,
  onKill: (count) => {
    if (count % 25 === 0) console.log(`${new Date().toISOString()} ${count} kills`);
  },
});

const { faults: count } = result;
for (const [name, figure] of [
  ['Submissions (texts)', result.texts],
  ['Submit pressed', result.submits],
  ['Bot killed (SIGKILL)', count.kills],
  ['  at one of its writes', count.killsAtWrites],
  ['Bot stopped (SIGTERM)', count.stops],
  ['Ended wrongly', count.badEnds.length],
  ['Interactions redelivered', count.redeliveries],
  ['Texts with a ticket', result.textsWithTicket],
  ['Tickets', result.tickets],
  ['Texts given back', result.recovered],
  ['Still in the open form', result.stillInForm],
  ['Duplicates', result.duplicates.length],
  ['Lost', result.lost.length],
  ['Untold or told wrongly', result.untold.length],
  ['Minutes', result.minutes.toFixed(1)],
] as const) {
  console.log(`${name.padEnd(26)}${String(figure).padStart(8)}`);
}
const faults = [...count.faults].sort(([a], [b]) => a.localeCompare(b));
console.log(`\nFaults: ${faults.map(([name, times]) => `${name} ${times}`).join(', ')}`);
for (const [name, list] of Object.entries({
  Duplicate: result.duplicates,
  Lost: result.lost,
  Untold: result.untold,
  'Ended wrongly': count.badEnds,
})) {
  for (const text of list) console.log(`${name}: ${text}`);
}
for (const story of result.stories) console.log(`\nWhat happened (UTC):\n${story.join('\n')}`);
if (values['show-log']) console.log(result.log.join('\n'));
const isGood =
  result.duplicates.length + result.lost.length + result.untold.length + count.badEnds.length === 0 && result.texts > 0;
console.log(isGood ? '\nEverything is accounted for.' : '\nNot everything is accounted for.');
process.exit(isGood ? 0 : 1);

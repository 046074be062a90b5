import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runTorture } from './torture.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    kills: { type: 'string', default: '300' },
    people: { type: 'string', default: '8' },
    'show-log': { type: 'boolean', default: false },
  },
});

const kills = Number(values.kills);
const people = Number(values.people);
console.log(`Seed ${values.seed}: ${people} people, ${kills} kills. The same seed draws the same schedule again.`);
const result = await runTorture({
  seed: values.seed,
  kills,
  people,
  onKill: (count) => {
    if (count % 25 === 0) console.log(`${new Date().toISOString()} ${count} kills`);
  },
});

const { trouble } = result;
for (const [name, figure] of [
  ['Submissions (texts)', result.texts],
  ['Submit pressed', result.submits],
  ['Bot killed (SIGKILL)', trouble.kills],
  ['Bot stopped (SIGTERM)', trouble.stops],
  ['  exit code not 0', trouble.badStops.length],
  ['Interactions redelivered', trouble.redeliveries],
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
const faults = [...trouble.faults].sort(([a], [b]) => a.localeCompare(b));
console.log(`\nFaults: ${faults.map(([name, times]) => `${name} ${times}`).join(', ')}`);
for (const [name, list] of Object.entries({
  Duplicate: result.duplicates,
  Lost: result.lost,
  Untold: result.untold,
  'Ended wrongly': trouble.badStops,
})) {
  for (const text of list) console.log(`${name}: ${text}`);
}
if (values['show-log']) console.log(result.log.join('\n'));
const isGood =
  result.duplicates.length + result.lost.length + result.untold.length + trouble.badStops.length === 0 &&
  result.texts > 0;
console.log(isGood ? '\nEverything is accounted for.' : '\nNot everything is accounted for.');
process.exit(isGood ? 0 : 1);

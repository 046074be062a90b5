import { randomBytes } from 'node:crypto';
import { endWithSignals, readCommandLine } from '../command-line.ts';
import { plannedStoreOf, runChaos } from './chaos.ts';
import { missingFor, STORE_KINDS, type StoreKind } from './chaos-store.ts';
import { digestOf, planChaos } from './schedule.ts';

endWithSignals();
const values = readCommandLine('npm run chaos', {
  seed: { type: 'text', says: 'the same seed gives the same schedule; another one each time by default' },
  kills: { type: 'number', says: 'how often the bot is killed, 300 by default: some ten minutes' },
  processes: { type: 'number', says: 'how many bots share the store and the token, 1 by default; not on SQLite' },
  store: { type: 'text', says: 'sqlite (the default), redis or postgres: a real server of its own' },
  people: { type: 'number', says: 'how many write at once, 8 by default' },
  'show-log': { type: 'flag', says: 'prints the last lines of the bot' },
  'show-schedule': { type: 'flag', says: 'prints what is planned' },
});
const { seed = randomBytes(4).toString('hex'), kills = 300, people = 8, processes = 1 } = values;
const store = readStore(values.store ?? 'sqlite', processes);
const lives = planChaos(seed, kills, plannedStoreOf(store));
const planned = lives.reduce((sum, { faults, outage }) => sum + faults.length + (outage ? 1 : 0), 0);
console.log(
  `Seed ${seed}: ${people} people, ${processes} bots on ${store}, ${kills} kills in ${lives.length} lives, ${planned} other faults.`,
);
console.log(`Schedule ${digestOf(lives)}. The same seed gives the same one.\n`);
if (values['show-schedule']) for (const life of lives) console.log(JSON.stringify(life));
const result = await runChaos({
  seed,
  kills,
  people,
  processes,
  store,
  onKill: (count) => {
    if (count % 25 === 0) console.log(`${new Date().toISOString()} ${count} kills`);
  },
});

const { faults: count } = result;
for (const [name, figure] of [
  ['Submissions (texts)', result.texts],
  ['  answers to tickets', result.answers],
  ['Submit pressed', result.submits],
  ["Send when it's back", result.whenBack.asked],
  ['Cancel', result.whenBack.cancelled],
  ['Bot killed (SIGKILL)', count.kills],
  ['  at one of its writes', count.killsAtWrites],
  ['Bot stopped (SIGTERM)', count.stops],
  ['Bot updated without a gap', count.updates],
  ['Ended wrongly', count.badEnds.length],
  ['Interactions redelivered', count.redeliveries],
  ['Texts with a ticket', result.textsWithTicket],
  ['Tickets', result.tickets],
  ['Answers in their ticket', result.answersPosted],
  ['Posts', result.posts],
  ['Texts given back', result.recovered],
  ['Still in the open form', result.stillInForm],
  ['Duplicates', result.duplicates.length],
  ['Lost', result.lost.length],
  ['Not delivered, or delivered wrongly', result.undelivered.length],
  ['Changes of tickets', result.news.changes],
  ['  told', result.news.told],
  ['  seen before that', result.news.seen],
  ['Changes nobody was told', result.news.lost.length],
  ['Told twice', result.news.toldTwice.length],
  ['Minutes', result.minutes.toFixed(1)],
] as const) {
  console.log(`${name.padEnd(26)}${String(figure).padStart(8)}`);
}
const faults = [...count.faults].sort(([a], [b]) => a.localeCompare(b));
console.log(`\nFaults: ${faults.map(([name, times]) => `${name} ${times}`).join(', ')}`);
for (const [name, list] of Object.entries({
  Duplicate: result.duplicates,
  Lost: result.lost,
  'Not delivered': result.undelivered,
  'Ended wrongly': count.badEnds,
  'Change that nobody was told': result.news.lost,
  'Told twice': result.news.toldTwice,
})) {
  for (const text of list) console.log(`${name}: ${text}`);
}
for (const story of result.stories) console.log(`\nWhat happened (UTC):\n${story.join('\n')}`);
if (values['show-log']) console.log(result.log.join('\n'));
const wrong = [
  ...[result.duplicates, result.lost, result.undelivered, count.badEnds],
  ...[result.news.lost, result.news.toldTwice],
];
const isGood = wrong.every((list) => list.length === 0) && result.texts > 0;
console.log(isGood ? '\nEverything is accounted for.' : '\nNot everything is accounted for.');
process.exit(isGood ? 0 : 1);

/** @returns The kind of store, when it can be used here. Otherwise says why not and ends with 1. */
function readStore(name: string, wanted: number): StoreKind {
  const kind = STORE_KINDS.find((one) => one === name);
  const problem =
    kind === undefined
      ? `--store is one of ${STORE_KINDS.join(', ')}, not "${name}".`
      : kind === 'sqlite' && wanted > 1
        ? 'A SQLite file belongs to one process. Use --store redis or --store postgres for several.'
        : missingFor(kind);
  if (kind !== undefined && problem === undefined) return kind;
  console.error(problem);
  process.exit(1);
}

import { parseArgs } from 'node:util';
import { type RaidOptions, type RaidResult, runRaid } from './raid.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    only: { type: 'string' },
  },
});
/** Discord's deadline for the first answer, in milliseconds. */
const DEADLINE_MS = 3000;
/** Megabytes. A thousand people who wait cost some; a leak or a cache of people would cost more. */
const MAX_RSS_MB = 320;

const common = { people: Number(values.people), withinSeconds: Number(values.seconds), concurrency: 8 };
const raids: Record<string, RaidOptions & { readonly title: string }> = {
  slow: { ...common, title: 'a helpdesk that takes 2 seconds for a call', helpdesk: { kind: 'slow', latencyMs: 2000 } },
  hang: { ...common, title: 'a helpdesk that never answers', helpdesk: { kind: 'hang', timeoutSeconds: 5 } },
};

let isGood = true;
for (const [name, options] of Object.entries(raids)) {
  if (values.only && values.only !== name) continue;
  console.log(`\n${options.people} people submit within ${options.withinSeconds} seconds, to ${options.title}`);
  const result = await runRaid(options);
  print(result);
  for (const [claim, holds] of claims(options, result)) {
    isGood &&= holds;
    console.log(`${holds ? 'holds ' : 'BROKEN'}  ${claim}`);
  }
}
process.exit(isGood ? 0 : 1);

function claims({ people, concurrency, helpdesk }: RaidOptions, result: RaidResult): [string, boolean][] {
  const { answers } = result;
  const latest = result.acknowledgedAfterMs.at(-1) ?? Number.POSITIVE_INFINITY;
  const common: [string, boolean][] = [
    ['every interaction was acknowledged within 3 seconds', result.failed === 0 && latest < DEADLINE_MS],
    [`at most ${concurrency} calls at the helpdesk at a time`, result.maxInFlight <= concurrency],
    ['everybody got an answer', answers.none === undefined],
    [`memory stayed below ${MAX_RSS_MB} MB`, result.rssMb.max < MAX_RSS_MB],
  ];
  if (helpdesk.kind === 'slow') {
    return [
      ...common,
      ['everybody got exactly one ticket', result.tickets === people && answers.opened === people],
      ['everybody who had to wait was told the place in the line', result.toldTheirPlace >= people - 4 * concurrency],
    ];
  }
  return [...common, ['nobody got a ticket, nobody was told so', result.tickets === 0 && answers.opened === undefined]];
}

function print(result: RaidResult): void {
  const { acknowledgedAfterMs: times, rssMb } = result;
  const percentile = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  for (const [name, figure] of [
    ['Interactions', times.length + result.failed],
    ['Acknowledged, p50', ms(percentile(0.5))],
    ['Acknowledged, p99', ms(percentile(0.99))],
    ['Acknowledged, at the latest', ms(percentile(1))],
    ['Not acknowledged', result.failed],
    ['Told their place in the line', result.toldTheirPlace],
    ['Calls in flight, at most', result.maxInFlight],
    ['Overtaken by, at most', `${result.maxOvertaken} places`],
    ['Tickets', result.tickets],
    ['Answers', JSON.stringify(result.answers)],
    ['Memory before, most, after', `${rssMb.before.toFixed(0)}, ${rssMb.max.toFixed(0)}, ${rssMb.after.toFixed(0)} MB`],
    ['Time until the last answer', `${result.seconds.toFixed(1)} s`],
  ] as const) {
    console.log(`${name.padEnd(30)}${String(figure).padStart(12)}`);
  }
}

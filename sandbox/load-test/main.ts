import { endWithSignals, readCommandLine } from '../command-line.ts';
import { claimsOf } from './claims.ts';
import { type LoadTestOptions, type LoadTestResult, runLoadTest } from './load-test.ts';

endWithSignals();
const {
  people = 1000,
  seconds: withinSeconds = 10,
  only,
} = readCommandLine('npm run load-test', {
  people: { type: 'number', says: 'how many submit, 1000 by default' },
  seconds: { type: 'number', says: 'within which they do, 10 by default' },
  only: { type: 'text', choices: ['slow', 'hang'], says: 'what the helpdesk does; both by default' },
});
const common = { people, withinSeconds, concurrency: 8 };
const loadTests: Record<string, LoadTestOptions & { readonly title: string }> = {
  slow: { ...common, title: 'a helpdesk that takes 2 seconds for a call', helpdesk: { kind: 'slow', latencyMs: 2000 } },
  hang: {
    ...common,
    title: 'a helpdesk that never answers, with HELPDESK_TIMEOUT_SECONDS=5',
    helpdesk: { kind: 'hang', timeoutSeconds: 5 },
  },
};

let isGood = true;
for (const [name, options] of Object.entries(loadTests)) {
  if (only && only !== name) continue;
  console.log(`\n${options.people} people submit within ${options.withinSeconds} seconds, to ${options.title}`);
  const result = await runLoadTest(options);
  print(result);
  for (const { what, holds } of claimsOf(options, result)) {
    isGood &&= holds;
    console.log(`${holds ? 'holds ' : 'BROKEN'}  ${what}`);
  }
}
process.exit(isGood ? 0 : 1);

function print(result: LoadTestResult): void {
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
    ['Overtaken by, at most', `${result.maxOvertaken} ${result.maxOvertaken === 1 ? 'place' : 'places'}`],
    ['Tickets', result.tickets],
    ['Answers', JSON.stringify(result.answers)],
    ['Memory before, most, after', `${rssMb.before.toFixed(0)}, ${rssMb.max.toFixed(0)}, ${rssMb.after.toFixed(0)} MB`],
    ['Time until the last answer', `${result.seconds.toFixed(1)} s`],
  ] as const) {
    console.log(`${name.padEnd(30)}${String(figure).padStart(12)}`);
  }
}

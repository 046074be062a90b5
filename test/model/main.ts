import { explore } from './explore.ts';
import { worldsOf } from './worlds.ts';

/** npm run model: visits all states of small worlds, and checks what is promised in each. Ends with 1 when a promise is broken. */
let isBroken = false;
let states = 0;
let steps = 0;
const startedAt = performance.now();
console.log(`${'World'.padEnd(64)}${'States'.padStart(10)}${'Steps'.padStart(12)}${'Seconds'.padStart(10)}`);
for (const world of worldsOf('full')) {
  const found = explore(world);
  states += found.states;
  steps += found.steps;
  const seconds = (found.milliseconds / 1000).toFixed(1);
  console.log(
    `${found.world.padEnd(64)}${String(found.states).padStart(10)}${String(found.steps).padStart(12)}${seconds.padStart(10)}`,
  );
  if (!found.violation) continue;
  isBroken = true;
  console.log(
    `\nBroken: ${found.violation.promise}\n${found.violation.trace.map((step, index) => `${index + 1}. ${step}`).join('\n')}\n`,
  );
}
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
console.log(`${'All'.padEnd(64)}${String(states).padStart(10)}${String(steps).padStart(12)}${seconds.padStart(10)}`);
console.log(isBroken ? '\nA promise is broken.' : '\nEvery promise holds in every state.');
process.exitCode = isBroken ? 1 : 0;

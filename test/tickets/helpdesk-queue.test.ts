import { expect, test } from 'vitest';
import { HelpdeskError, type HelpdeskErrorKind, type OpenTicketResult } from '../../src/tickets/helpdesk-client.ts';
import { HelpdeskQueue, type HelpdeskQueueOptions, SHORT_WAIT_MS } from '../../src/tickets/helpdesk-queue.ts';
import { ManualClock } from '../support/manual-clock.ts';

const opened: OpenTicketResult = { kind: 'opened', reference: 'KVO-530-1' };
const unreachable = (kind: HelpdeskErrorKind = 'connect'): OpenTicketResult => ({
  kind: 'unreachable',
  cause: new HelpdeskError(kind, 'nothing was sent'),
});
const unconfirmedBy = (kind: HelpdeskErrorKind): OpenTicketResult => ({
  kind: 'unconfirmed',
  cause: new HelpdeskError(kind, 'no answer'),
});
const unconfirmed = unconfirmedBy('timeout');

function createQueue(options: Partial<HelpdeskQueueOptions> = {}) {
  return new HelpdeskQueue({
    concurrency: 2,
    retryDelaysMs: [],
    retryWithinMs: 60_000,
    breakAfterFailures: 3,
    breakForMs: 60_000,
    maxWaitMs: 60_000,
    ...options,
  });
}

/** Ends calls one by one. */
function createCalls() {
  const running: ((result: OpenTicketResult) => void)[] = [];
  const calls: string[] = [];
  return {
    calls,
    running,
    call: (name: string) => () =>
      new Promise<OpenTicketResult>((resolve) => {
        calls.push(name);
        running.push(resolve);
      }),
  };
}

test.each([
  ['that could not be sent', unreachable(), 3],
  ['whose login was refused', unreachable('login'), 1],
  ['whose login a firewall refused', unreachable('login-blocked'), 1],
  ['that a firewall refused', unreachable('firewall'), 1],
  ['that was one too many', unreachable('rate-limited'), 1],
  ['that may have opened a ticket', unconfirmed, 1],
  ['that was refused', { kind: 'refused', reason: 'No.' } as const, 1],
])('a call %s is made so often: %o, %i', async (_, result, times) => {
  const queue = createQueue({ retryDelaysMs: [1, 1], breakAfterFailures: 10 });
  let made = 0;
  expect(
    await queue.run(async () => {
      made += 1;
      return result;
    }),
  ).toEqual(result);
  expect(made).toBe(times);
});

test('a call that has taken longer than anybody wants to wait is not made again', async () => {
  const queue = createQueue({ retryDelaysMs: [1, 1], retryWithinMs: 0 });
  const { call, calls, running } = createCalls();
  const outcome = queue.run(call('login that hangs'));
  running[0]?.(unreachable('timeout'));
  expect(await outcome).toMatchObject({ kind: 'unreachable', cause: { kind: 'timeout' } });
  expect(calls).toHaveLength(1);
});

test('so many calls run at a time, the others in their order, and each hears its place once', async () => {
  const clock = new ManualClock();
  const queue = createQueue({ clock });
  const { call, calls, running } = createCalls();
  const places: [string, number][] = [];
  const queued: string[] = [];
  const names = ['a', 'b', 'c', 'd', 'e'];
  const outcomes = names.map((name) =>
    queue.run(call(name), {
      onQueued: () => queued.push(name),
      onLongWait: (place) => places.push([name, place]),
    }),
  );
  expect(calls).toEqual(['a', 'b']);
  expect(queue.waiting).toBe(3);
  expect(queued).toEqual(['c', 'd', 'e']);
  clock.pass(SHORT_WAIT_MS);
  for (let i = 0; i < names.length; i += 1) {
    running[i]?.(opened);
    await outcomes[i];
  }
  expect(await Promise.all(outcomes)).toEqual(names.map(() => opened));
  expect(calls).toEqual(names);
  expect(places).toEqual([
    ['c', 1],
    ['d', 2],
    ['e', 3],
  ]);
});

test('whose turn comes within a second hears no place, and the others hear the one that they have then', async () => {
  const clock = new ManualClock();
  const queue = createQueue({ concurrency: 1, clock });
  const { call, running } = createCalls();
  const places: [string, number][] = [];
  const run = (name: string) => queue.run(call(name), { onLongWait: (place) => places.push([name, place]) });
  const view = () =>
    queue.run(async () => opened, { what: 'view', onLongWait: (place) => places.push(['view', place]) });
  const [first, second] = [run('first'), run('second')];
  const looking = view();
  const [third, fourth] = [run('third'), run('fourth')];
  clock.pass(SHORT_WAIT_MS - 1);
  running[0]?.(opened);
  await first;
  expect(places).toEqual([]);
  clock.pass(1);
  expect(places.filter(([name]) => name !== 'view')).toEqual([
    ['third', 1],
    ['fourth', 2],
  ]);
  for (const [index, outcome] of [second, third, fourth].entries()) {
    running[index + 1]?.(opened);
    await outcome;
  }
  await looking;
  clock.pass(SHORT_WAIT_MS);
  expect(places.filter(([name]) => name !== 'view')).toHaveLength(2);
});

test('a helpdesk that keeps failing is left alone, and all who wait hear at once that nothing was sent', async () => {
  const told: boolean[] = [];
  const queue = createQueue({ concurrency: 1, onDown: (down) => told.push(down) });
  const { call, calls, running } = createCalls();
  const outcomes = ['a', 'b', 'c', 'd', 'e'].map((name) => queue.run(call(name)));
  for (let i = 0; i < 3; i += 1) {
    running[i]?.(unconfirmed);
    await outcomes[i];
  }
  expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual([
    ...['unconfirmed', 'unconfirmed', 'unconfirmed'],
    ...['unreachable', 'unreachable'],
  ]);
  expect(calls).toEqual(['a', 'b', 'c']);
  expect(queue.down).toBe(true);
  expect(queue.waiting).toBe(0);
  expect(await queue.run(call('f'))).toMatchObject({ kind: 'unreachable' });
  expect(calls).toHaveLength(3);
  expect(told).toEqual([true]);
});

/** What a call can come to, and whether it says something about the helpdesk. */
const ENDINGS: [OpenTicketResult, boolean][] = [
  ...(
    ['connect', 'timeout', 'connection-lost', 'login', 'login-blocked', 'server-error', 'not-soap', 'fault'] as const
  ).map((kind): [OpenTicketResult, boolean] => [unreachable(kind), true]),
  ...(['timeout', 'server-error', 'fault'] as const).map((kind): [OpenTicketResult, boolean] => [
    unconfirmedBy(kind),
    true,
  ]),
  // Each of these can be the answer to one person's text.
  ...(['firewall', 'connection-lost', 'not-soap', 'bad-request', 'unexpected-status'] as const).map(
    (kind): [OpenTicketResult, boolean] => [unconfirmedBy(kind), false],
  ),
  ...(['firewall', 'rate-limited', 'no-turn'] as const).map((kind): [OpenTicketResult, boolean] => [
    unreachable(kind),
    false,
  ]),
  [{ kind: 'refused', reason: 'No.' }, false],
];

test.each(ENDINGS)('after many calls that ended with %o the helpdesk is left alone: %j', async (result, isDown) => {
  const queue = createQueue();
  for (let i = 0; i < 5; i += 1) await queue.run(async () => result);
  expect(queue.down).toBe(isDown);
});

test('after the pause one call is the trial, and a good one opens the way for all', async () => {
  const told: boolean[] = [];
  const queue = createQueue({ breakAfterFailures: 1, breakForMs: 0, onDown: (down) => told.push(down) });
  await queue.run(async () => unconfirmed);
  const { call, running, calls } = createCalls();
  const trial = queue.run(call('trial'));
  expect(calls).toEqual(['trial']);
  expect(queue.down).toBe(true);
  expect(await queue.run(call('too early'))).toMatchObject({ kind: 'unreachable' });
  running[0]?.(opened);
  expect(await trial).toEqual(opened);
  expect(queue.down).toBe(false);
  expect(await queue.run(async () => opened)).toEqual(opened);
  expect(told).toEqual([true, false]);
});

test('an attempt that throws is no failure of the helpdesk, and the next one is made', async () => {
  const queue = createQueue({ concurrency: 1, breakAfterFailures: 1 });
  await expect(
    queue.run(async () => {
      throw new Error('the store is broken');
    }),
  ).rejects.toThrow('the store is broken');
  expect(await queue.run(async () => opened)).toEqual(opened);
});

test('whoever waits too long is sent away with nothing sent', async () => {
  const queue = createQueue({ concurrency: 1, maxWaitMs: 1 });
  const { call, calls, running } = createCalls();
  const first = queue.run(call('first'));
  expect(await queue.run(call('second'))).toMatchObject({ kind: 'unreachable', cause: { kind: 'no-turn' } });
  running[0]?.(opened);
  expect(await first).toEqual(opened);
  expect(calls).toEqual(['first']);
});

test('a stop sends away who waits and who comes, lets what runs go on, and repeats nothing', async () => {
  const queue = createQueue({ concurrency: 1, retryDelaysMs: [1] });
  const { call, calls, running } = createCalls();
  const first = queue.run(call('first'));
  const second = queue.run(call('second'));
  queue.stop();
  expect(await second).toMatchObject({ kind: 'unreachable', cause: { kind: 'closed' } });
  expect(await queue.run(call('third'))).toMatchObject({ kind: 'unreachable', cause: { kind: 'closed' } });
  running[0]?.(unreachable());
  expect(await first).toMatchObject({ kind: 'unreachable', cause: { kind: 'closed' } });
  await queue.idle();
  expect(calls).toEqual(['first']);
});

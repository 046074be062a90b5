import { expect, it, onTestFinished } from 'vitest';
import { connectSqlite } from '../../src/storage/backends/sqlite-driver.ts';
import { SqliteWrites } from '../../src/storage/backends/sqlite-writes.ts';
import { ManualClock } from '../support/manual-clock.ts';

/** Writes into a real database on a disk whose sync takes as long as the test says, on an event loop that the test turns. */
async function openWrites(syncMs: number) {
  const connection = await connectSqlite(':memory:');
  onTestFinished(() => connection.close());
  connection.exec('CREATE TABLE written (number INTEGER)');
  const clock = new ManualClock();
  let due: (() => void)[] = [];
  let commits = 0;
  const writes = new SqliteWrites({
    connection,
    clock,
    nextTurn: (call) => due.push(call),
    commit() {
      connection.exec('COMMIT');
      commits += 1;
      clock.pass(syncMs);
    },
  });
  return {
    writes,
    commits: () => commits,
    /** Asks for one write. @returns A function that says after how many milliseconds it was safe; undefined while it is not. */
    write(number: number): () => number | undefined {
      const askedAt = clock.elapsed();
      let took: number | undefined;
      const change = () => connection.run('INSERT INTO written VALUES (?)', number);
      void writes.add(change).then(() => {
        took = clock.elapsed() - askedAt;
      });
      return () => took;
    },
    /** One turn of the event loop, with so much other work in it. */
    async turn(workMs: number): Promise<void> {
      clock.pass(workMs);
      const now = due;
      due = [];
      for (const call of now) call();
      await Promise.resolve();
    },
    written: () => connection.all('SELECT number FROM written').map((row) => row.number),
  };
}

it('what many people ask for in one turn of the event loop costs one sync, and nobody is told before it', async () => {
  const { write, turn, commits, written } = await openWrites(3);
  const asked = Array.from({ length: 200 }, (_, number) => write(number));
  expect([commits(), asked.some((took) => took() !== undefined)]).toEqual([0, false]);
  await turn(0);
  expect([commits(), written().length, asked.every((took) => took() === 3)]).toEqual([1, 200, true]);
});

it('on a quick disk each turn of the event loop commits what was asked for in it, however much else there is to do', async () => {
  const { write, turn, commits } = await openWrites(0.1);
  for (let number = 0; number < 50; number += 1) {
    write(number);
    await turn(5);
  }
  expect(commits()).toBe(50);
});

it('after a slow commit, what has arrived meanwhile goes first and shares the next one', async () => {
  const { write, turn, commits, written } = await openWrites(3);
  write(0);
  await turn(0);
  expect(commits()).toBe(1);
  for (const number of [1, 2, 3]) {
    write(number);
    await turn(1);
  }
  expect(commits()).toBe(1);
  await turn(0);
  expect([commits(), written()]).toEqual([2, [0, 1, 2, 3]]);
});

it('after a slow commit, an event loop that has nothing else to do commits at once', async () => {
  const { write, turn, commits } = await openWrites(100);
  for (let number = 0; number < 5; number += 1) {
    write(number);
    await turn(0);
  }
  expect(commits()).toBe(5);
});

it.each([
  { syncMs: 3, restMs: 9 },
  { syncMs: 10, restMs: 30 },
  { syncMs: 500, restMs: 50 },
])(
  'with syncs of $syncMs ms and never a free turn, a write waits for $restMs ms and its commit',
  async ({ syncMs, restMs }) => {
    const { write, turn, commits } = await openWrites(syncMs);
    const asked: (() => number | undefined)[] = [];
    const WORK_MS = 2;
    for (let number = 0; number < 1000; number += 1) {
      asked.push(write(number));
      await turn(WORK_MS);
    }
    const waits = asked.map((took) => took()).filter((took) => took !== undefined);
    expect(waits.length).toBeGreaterThan(900);
    expect(Math.max(...waits)).toBeLessThanOrEqual(restMs + WORK_MS + syncMs);
    // Each commit but the first serves all that arrived while the disk had a rest.
    expect(commits()).toBeLessThanOrEqual(1 + Math.ceil((1000 * WORK_MS) / restMs));
  },
);

it('what still waits is written when the store is closed', async () => {
  const { write, writes, commits, written } = await openWrites(3);
  write(1);
  write(2);
  writes.flush();
  expect([commits(), written()]).toEqual([1, [1, 2]]);
});

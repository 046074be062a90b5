import { expect, onTestFinished, test } from 'vitest';
import { readNamed } from '../../src/storage/named-records.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { DeskControls } from '../../src/tickets/desk-controls.ts';
import { DAY_MS, HOUR_MS } from './desk-harness.ts';

const GUILD = '200000000000000001';
const ADA = '100000000000000001';
const PLACE = { guildId: GUILD, channelId: '1' };

async function createControls() {
  const clock = { now: 1_800_000_000_000 };
  const now = () => clock.now;
  const storage = await openStorage({ url: 'sqlite::memory:', keys: [], now });
  onTestFinished(() => storage.close());
  const controls = new DeskControls(storage, { now });
  const block = (lengthMs?: number) =>
    controls.block(GUILD, ADA, { moderatorId: '9', reason: 'No', ...(lengthMs && { until: clock.now + lengthMs }) });
  const isBlocked = async () => {
    const records = await readNamed(storage, controls.at(PLACE, ADA));
    await controls.correct(PLACE, ADA, records.block);
    return controls.closedBy(records) !== undefined;
  };
  return { clock, controls, block, isBlocked };
}

test('a block ends when its moderator said', async () => {
  const { clock, block, isBlocked } = await createControls();
  await block(2 * HOUR_MS);
  clock.now += 2 * HOUR_MS - 1;
  expect(await isBlocked()).toBe(true);
  clock.now += 1;
  expect(await isBlocked()).toBe(false);
});

test('a block that was set while the clock was far ahead is over when that is put right, and does not come back', async () => {
  const { clock, controls, block, isBlocked } = await createControls();
  clock.now += 365 * DAY_MS;
  await block(2 * HOUR_MS);
  expect(await isBlocked()).toBe(true);
  clock.now -= 365 * DAY_MS;
  expect(await controls.blocksOf(ADA)).toEqual([]);
  expect(await isBlocked()).toBe(false);
  clock.now += 365 * DAY_MS;
  expect(await isBlocked()).toBe(false);
});

test('a block that was set while the clock was a little ahead holds as long as its moderator said, from when that is put right', async () => {
  const { clock, controls, block, isBlocked } = await createControls();
  clock.now += HOUR_MS;
  await block(7 * DAY_MS);
  clock.now -= HOUR_MS;
  const corrected = clock.now;
  expect(await isBlocked()).toBe(true);
  expect((await controls.blocksOf(ADA))[0]?.until).toBe(corrected + 7 * DAY_MS);
  clock.now += 7 * DAY_MS;
  expect(await isBlocked()).toBe(false);
});

test('a block without an end holds whatever the clock says, and one that replaces another is not taken away with it', async () => {
  const { clock, controls, block, isBlocked } = await createControls();
  clock.now += 365 * DAY_MS;
  await block();
  clock.now -= 365 * DAY_MS;
  expect(await isBlocked()).toBe(true);
  await controls.unblock(GUILD, ADA);
  clock.now += 365 * DAY_MS;
  await block(HOUR_MS);
  clock.now -= 365 * DAY_MS;
  await Promise.all([isBlocked(), block(HOUR_MS)]);
  expect(await isBlocked()).toBe(true);
});

test('the blocks of a server are listed as they hold now', async () => {
  const { clock, controls, block } = await createControls();
  await controls.block('200000000000000002', ADA, { moderatorId: '9', reason: 'Elsewhere' });
  expect(await controls.blocksIn(GUILD)).toEqual([]);
  clock.now += 365 * DAY_MS;
  await block(2 * HOUR_MS);
  expect(await controls.blocksIn(GUILD)).toMatchObject([{ userId: ADA, reason: 'No', until: clock.now + 2 * HOUR_MS }]);
  expect(await controls.blockOf(GUILD, ADA)).toMatchObject({ reason: 'No' });
  clock.now -= 365 * DAY_MS;
  expect(await controls.blocksIn(GUILD)).toEqual([]);
  expect(await controls.blockOf(GUILD, ADA)).toBeUndefined();
});

import { expect, onTestFinished, test } from 'vitest';
import { FAULTS } from '../../discord/faults.ts';
import { HELPDESK_FAULTS } from '../../helpdesk/faults.ts';
import { Switches } from '../faults/switches.ts';
import { startFixture } from '../fixture.ts';

async function startSwitches() {
  const fixture = await startFixture({ pageUrl: 'http://127.0.0.1:1/', onAttempts: () => {} });
  onTestFinished(() => fixture.close());
  await fixture.world.discord.ready();
  return { fixture, switches: new Switches(fixture) };
}

test('every fault of the stand-ins has a switch of its own, with words and no code name', async () => {
  const { switches } = await startSwitches();
  const all = switches.list().flatMap(({ switches: inGroup }) => inGroup);
  const names = all.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining([
      ...Object.keys(HELPDESK_FAULTS).map((name) => `helpdesk:${name}`),
      ...Object.keys(FAULTS).map((name) => `discord:${name}`),
    ]),
  );
  expect(new Set(all.map(({ label }) => label)).size).toBe(all.length);
  for (const { label } of all) expect(label).toMatch(/^[A-Z]/);
  expect(await switches.set('no-such-switch', true)).toBe(false);
});

test('whatever was turned on, Reset leaves a world in which nothing goes wrong', async () => {
  const { fixture, switches } = await startSwitches();
  const { helpdesk, discord, mailbox } = fixture.world;
  const lasting = switches
    .list()
    .flatMap(({ switches: inGroup }) => inGroup)
    .filter(({ kind }) => kind === 'lasting');
  for (const { name } of lasting) expect(await switches.set(name, true)).toBe(true);
  const on = () => switches.list().flatMap(({ switches: inGroup }) => inGroup.filter(({ isOn }) => isOn));
  expect(on().map(({ name }) => name)).toEqual(lasting.map(({ name }) => name));
  expect(fixture.bot.isRunning).toBe(false);
  expect(discord.activeFaults.length).toBeGreaterThan(20);
  expect(mailbox.fault).toBe('take-and-hang');

  const back = discord.nextReady();
  await switches.reset();
  expect(on()).toEqual([]);
  expect(helpdesk.faults).toEqual([]);
  expect(helpdesk.latencyMs).toBe(0);
  expect(discord.activeFaults).toEqual([]);
  expect(mailbox.fault).toBeUndefined();
  expect(fixture.bot.isReadOnly).toBe(false);
  await back;
});

test('a fault that is turned off leaves the others on', async () => {
  const { fixture, switches } = await startSwitches();
  const { helpdesk } = fixture.world;
  await switches.set('helpdesk:hang', true);
  await switches.set('helpdesk:view-nil', true);
  await switches.set('helpdesk:hang', false);
  expect(helpdesk.faults).toEqual([{ fault: 'view-nil', operation: 'api_viewTicket' }]);
});

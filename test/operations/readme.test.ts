import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Place } from '../../sandbox/discord/people/place.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import type { Ran } from './container.ts';
import { type Machine, startMachine } from './machine.ts';
import { inviteBot, link, openTicket, serving } from './people.ts';
import { createRepository } from './repository.ts';
import { whyNoOverlay } from './root-overlay.ts';

/** Follows the five steps of the README as somebody without rights, in a clone in their home. */

const CLONE = '/home/someone/discord-openticket';

/** What is typed in the steps of the README, by step. */
const steps = (() => {
  const readme = readFileSync('README.md', 'utf8');
  const [section = ''] = /^## A bot on your server in five steps$[\s\S]*?(?=^To leave it running)/m.exec(readme) ?? [];
  return section
    .split(/^(?=\d\. )/m)
    .map((step) => [...step.matchAll(/`((?:npm|install) [^`]+)`/g)].map(([, one]) => one ?? ''));
})();

const reason = whyNoOverlay();
describe.skipIf(reason)(`the five steps of the README${reason ? `: ${reason}` : ''}`, () => {
  let world: World;
  let machine: Machine;
  let ada: Place;

  /** As somebody types it, in the clone. */
  async function type(command: string): Promise<Ran> {
    // Where the machine's network has an authority of its own, npm needs it, too.
    const authority = process.env.NODE_EXTRA_CA_CERTS;
    const trust: Record<string, string> = authority
      ? { NODE_EXTRA_CA_CERTS: authority, npm_config_cafile: authority }
      : {};
    return machine.run(
      ['runuser', '-u', 'someone', '--', 'setsid', '--wait', 'sh', '-c', `echo $$ > ~/shell; exec ${command}`],
      {
        folder: CLONE,
        env: { ...trust, HOME: '/home/someone' },
      },
    );
  }

  beforeAll(async () => {
    world = await startWorld();
    machine = await startMachine((root) => createRepository(root.path(CLONE)));
    expect(await machine.run(['useradd', '--no-create-home', 'someone'])).toEqual({ code: 0, said: '' });
    expect(await machine.run(['chown', '-R', 'someone:', '/home/someone'])).toEqual({ code: 0, said: '' });
  });
  afterAll(async () => {
    await machine?.close();
    await world?.close();
  });

  test('name these commands', () => {
    expect(steps).toEqual([
      [],
      [],
      ['install -m 600 .env.example .env'],
      ['npm ci --omit=dev', 'npm run doctor'],
      ['npm run doctor'],
      ['npm start'],
    ]);
  });

  test('make settings that nobody else can read', async () => {
    expect(await type(steps[2]?.[0] ?? '')).toEqual({ code: 0, said: '' });
    const settings = machine.root.path(`${CLONE}/.env`);
    const filled = Object.entries(world.settings).reduce(
      (text, [name, value]) => text.replace(new RegExp(`^#?${name}=.*$`, 'm'), () => `${name}=${value}`),
      readFileSync(settings, 'utf8'),
    );
    writeFileSync(settings, filled);

    expect((await machine.run(['stat', '--format=%a %U', `${CLONE}/.env`])).said).toBe('600 someone\n');
  });

  test('leave one ✗ before the invitation, with the link, and none after it', async () => {
    for (const command of steps[3]?.slice(0, -1) ?? []) expect(await type(command)).toMatchObject({ code: 0 });
    const before = await type(steps[3]?.at(-1) ?? '');
    expect(before).toMatchObject({
      code: 1,
      said: expect.stringMatching(/✗ Discord[\s\S]*discord\.com\/oauth2\/authorize/),
    });
    expect(before.said.match(/✗/g)).toHaveLength(1);

    ada = inviteBot(world);
    const after = await type(steps[4]?.[0] ?? '');
    expect(after).toMatchObject({ code: 0, said: expect.not.stringContaining('✗') });
  });

  test('end with a bot that opens a ticket, until Ctrl+C', async () => {
    const running = type(steps[5]?.[0] ?? '');
    await Promise.race([serving(world), running.then(({ said }) => expect.fail(`It ended: ${said}`))]);
    await link(world, ada, 'ada@example.org');
    expect(await openTicket(ada, 'My server is down')).toContain('is open');

    // A terminal sends it to all that was started there: npm, and the bot.
    const group = readFileSync(machine.root.path('/home/someone/shell'), 'utf8').trim();
    await machine.run(['kill', '-INT', '--', `-${group}`]);
    expect((await running).said).toContain('stopping');
  });
});

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Place } from '../../sandbox/discord/people/place.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import type { Ran } from './container.ts';
import { type CommandBlock, commandBlocks, isShownToFail, matchesShown } from './fenced-blocks.ts';
import { freePort } from './free-port.ts';
import { type Machine, startMachine } from './machine.ts';
import { inviteBot, link, openTicket, serving } from './people.ts';
import { commitTo, createRepository } from './repository.ts';
import { whyNoOverlay } from './root-overlay.ts';

/** Follows the commands of docs/operations.md and docs/upgrading.md as they stand there, on a machine of its own. */

const INSTALL = 'On a server, with systemd';
const REPOSITORY = '/srv/discord-openticket';
const SETTINGS_FILE = '/opt/discord-openticket/.env';

const blocks = ['docs/operations.md', 'docs/upgrading.md'].flatMap((file) => commandBlocks(readFileSync(file, 'utf8')));

/** The commands of a section from one that has these words in it on, as far as another that has those. */
function commandsOf(section: string, from = '', before?: string): CommandBlock[] {
  const all = blocks.filter((block) => block.section === section);
  const start = all.findIndex(({ commands }) => commands.includes(from));
  const end =
    before === undefined ? all.length : all.findIndex(({ commands }, i) => i > start && commands.includes(before));
  expect([start, end], `${section} has "${from}" and then "${before}"`).not.toContain(-1);
  return all.slice(start, end);
}

/** What an operator's editor does: fills in values, of which each may stand in a comment. */
const EDITOR = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require('node:fs');
let text = readFileSync(process.argv[2], 'utf8');
for (const [name, value] of Object.entries(JSON.parse(readFileSync('/typed.json', 'utf8')))) {
  const line = new RegExp('^#?' + name + '=.*$', 'm');
  text = line.test(text) ? text.replace(line, () => name + '=' + value) : text + name + '=' + value + '\\n';
}
writeFileSync(process.argv[2], text);
`;

const reason = whyNoOverlay();
describe.skipIf(reason)(
  `the commands of the documentation, on a machine of its own${reason ? `: ${reason}` : ''}`,
  () => {
    let world: World;
    let machine: Machine;
    let ada: Place;
    let folder = '/root';
    /** Instead of 8080: the machine shares this one's network, where that may be taken. */
    let port: string;

    beforeAll(async () => {
      world = await startWorld();
      port = String(await freePort());
      machine = await startMachine((root) => {
        createRepository(root.path(REPOSITORY));
        writeFileSync(root.path('/usr/local/bin/operators-editor'), EDITOR);
        chmodSync(root.path('/usr/local/bin/operators-editor'), 0o755);
      });
    });
    afterAll(async () => {
      await machine?.close();
      await world?.close();
    });

    /** What an operator types into .env. */
    const typed = (values: Readonly<Record<string, string>>) =>
      writeFileSync(machine.root.path('/typed.json'), JSON.stringify(values));

    /** Runs one block as the documentation has it, in the folder to which the last one went. */
    async function follow(block: CommandBlock): Promise<Ran> {
      const remember = "trap 'pwd > /folder' EXIT";
      const env = { REPOSITORY, EDITOR: 'operators-editor' };
      const ran = await machine.run(['sh', '-euc', `${remember}\n${block.commands.replaceAll(':8080', `:${port}`)}`], {
        folder,
        env,
      });
      folder = readFileSync(machine.root.path('/folder'), 'utf8').trim();
      if (block.expected !== undefined) {
        expect(matchesShown(ran.said, block.expected), `${block.commands} said:\n${ran.said}`).toBe(true);
      }
      expect(ran.code === 0, `${block.commands} ended with ${ran.code}:\n${ran.said}`).toBe(!isShownToFail(block));
      return ran;
    }

    async function followAll(section: string, from?: string, before?: string): Promise<void> {
      for (const block of commandsOf(section, from, before)) await follow(block);
    }

    const said = async (...command: string[]) => (await machine.run(command)).said.trim();

    test('the program is installed without what only development needs', async () => {
      await followAll(INSTALL, 'useradd', 'EDITOR');

      expect(await said('ls', '/opt/discord-openticket/node_modules')).not.toMatch(/^(typescript|vitest)$/m);
    });

    test('the settings are readable for the user of the bot alone', async () => {
      typed({
        ...world.settings,
        STORAGE_URL: 'sqlite:/var/lib/openticket/openticket.sqlite',
        HEALTH_PORT: port,
      });
      await followAll(INSTALL, 'EDITOR', 'doctor');

      expect(await said('stat', '--format=%a %U', SETTINGS_FILE)).toBe('600 openticket');
    });

    test('the doctor names the missing invitation, and nothing after it', async () => {
      const [before, after] = commandsOf(INSTALL, 'doctor', 'daemon-reload') as [CommandBlock, CommandBlock];
      const { said } = await follow(before);
      expect(said.match(/✗/g)).toEqual(['✗']);
      ada = inviteBot(world);

      expect((await follow(after)).said).not.toContain('✗');
    });

    test('the service starts, takes work, and a ticket can be opened', async () => {
      await followAll(INSTALL, 'daemon-reload', 'curl');
      await serving(world);
      await followAll(INSTALL, 'curl', 'restart');
      await link(world, ada, 'ada@example.org');

      expect(await openTicket(ada, 'My server is down')).toContain('is open');
    });

    test('it runs as its own user, without rights, and writes only where it should', async () => {
      const pid = await said('systemctl', 'show', '--property=MainPID', '--value', 'openticket');
      expect(await said('ps', '-o', 'user=', '-p', pid)).toBe('openticket');
      expect(await said('grep', '-E', '^(CapEff|CapBnd|NoNewPrivs|Seccomp):', `/proc/${pid}/status`)).toMatch(
        /^CapEff:\s+0+\nCapBnd:\s+0+\nNoNewPrivs:\s+1\nSeccomp:\s+2$/,
      );
      const written = await said('find', '/var/lib/openticket', '-printf', '%m %u %y\\n');
      expect(new Set(written.split('\n'))).toEqual(new Set(['700 openticket d', '600 openticket f']));
    });

    test('after a change of the settings it comes back by a restart', async () => {
      const back = world.discord.nextReady();
      await followAll(INSTALL, 'restart');
      await back;

      expect(await openTicket(ada, 'Another server is down')).toContain('is open');
    });

    test('an update keeps what people have linked, and is undone by going back', async () => {
      const { version, ...rest } = JSON.parse(readFileSync('package.json', 'utf8'));
      commitTo(machine.root.path(REPOSITORY), 'package.json', JSON.stringify({ ...rest, version: `${version}-next` }));
      const versionNow = () => said('node', '-p', 'require("/opt/discord-openticket/package.json").version');
      const updated = world.discord.nextReady();
      await followAll('Update');
      await updated;
      expect(await versionNow()).toBe(`${version}-next`);
      expect(await openTicket(ada, 'After the update')).toContain('is open');

      const [goBack, restore] = commandsOf('Go back') as [CommandBlock, CommandBlock];
      const wentBack = world.discord.nextReady();
      await follow(goBack);
      await wentBack;
      expect(await versionNow()).toBe(version);
      expect(await openTicket(ada, 'After going back')).toContain('is open');

      const restored = world.discord.nextReady();
      await follow(restore);
      await restored;
      expect(await openTicket(ada, 'After the archive came back')).toContain('is open');
    });

    test('a wrong setting ends it with 78, and it is not started again', async () => {
      typed({ DISCORD_TOKEN: '' });
      await machine.run(['operators-editor', SETTINGS_FILE]);
      await machine.run(['systemctl', 'restart', 'openticket']);
      const ends =
        'grep --max-count=1 "Failed with result" < <(journalctl --follow --lines=all --unit=openticket 2>/dev/null)';
      await machine.run(['bash', '-c', ends]);
      const state = await said('systemctl', 'show', '--property=ExecMainStatus,NRestarts,ActiveState', 'openticket');

      expect(state.split('\n').sort()).toEqual(['ActiveState=failed', 'ExecMainStatus=78', 'NRestarts=0']);
      expect(await said('journalctl', '--unit=openticket', '--output=cat')).toContain('DISCORD_TOKEN: missing');
    });
  },
);

import { chmodSync, chownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Place } from '../../sandbox/discord/people/place.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type Container, startContainer } from './container.ts';
import { freePort } from './free-port.ts';
import { buildImage, context, type Image } from './image.ts';
import { inviteBot, link, openTicket, serving } from './people.ts';
import { whyNoOverlay } from './root-overlay.ts';

/** Runs the instructions of the Dockerfile, and then what it makes, as compose.yaml and deploy/kubernetes.yaml do. */

test('only what the Dockerfile copies is sent to Docker', () => {
  expect(context()).toEqual(['commands', 'package-lock.json', 'package.json', 'packages', 'scripts', 'src']);
});

const reason = whyNoOverlay();
describe.skipIf(reason)(`the image${reason ? `: ${reason}` : ''}`, () => {
  let world: World;
  let ada: Place;
  let image: Image;
  let container: Container;
  let env: Record<string, string>;
  let volume: string;

  /** Without rights, and with its environment, as the user of the image. */
  const asUser = () => {
    const [user = '', group = ''] = image.user.split(':');
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const rights = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--clear-groups'];
    return ['setpriv', `--reuid=${user}`, `--regid=${group}`, ...rights, 'env', '-i', ...variables];
  };

  beforeAll(async () => {
    world = await startWorld();
    ada = inviteBot(world);
    image = buildImage();
    mkdirSync(image.root.path('/empty'));
    volume = await mkdtemp(join(tmpdir(), 'openticket-volume-'));
    const port = await freePort();
    env = { PATH: '/usr/local/bin:/usr/bin:/bin', ...image.env, ...world.settings, HEALTH_PORT: String(port) };
    const mounts = image.volumes.map((path) => {
      // As Docker does: a new volume has the owner and the mode that its folder has in the image.
      const { uid, gid, mode } = statSync(image.root.path(path));
      chownSync(volume, uid, gid);
      chmodSync(volume, mode);
      return `--bind=${volume}:${path}`;
    });
    // Docker's read-only root has no /tmp that could be written to.
    const readOnly = ['--read-only', `--bind-ro=${image.root.path('/empty')}:/tmp`, `--chdir=${image.folder}`];
    container = startContainer(image.root, [...readOnly, ...mounts], [...asUser(), ...image.command]);
  });
  afterAll(async () => {
    await container?.kill();
    image?.close();
    await rm(volume, { recursive: true, force: true });
    await world?.close();
  });

  test('has what runs and nothing else', () => {
    const inFolder = (name: string) => readdirSync(image.root.path(`${image.folder}/${name}`));
    expect(inFolder('.').sort()).toEqual(['dist', 'node_modules', 'package.json']);
    expect(inFolder('node_modules')).not.toContain('typescript');
  });

  test('runs on a read-only root without any right, and a ticket can be opened', async () => {
    await Promise.race([
      serving(world),
      container.ended().then(({ code, said }) => expect.fail(`It ended with ${code}: ${said}`)),
    ]);
    await link(world, ada, 'ada@example.org');

    expect(await openTicket(ada, 'My server is down')).toContain('is open');
    expect(
      (await container.run(['touch', '/app/file', '/tmp/file'])).said.match(/Read-only file system/g),
    ).toHaveLength(2);
  });

  test('is healthy by its own check, which says why where it is not', async () => {
    const options = { folder: image.folder, env };
    expect(await container.run(image.healthCheck, options)).toEqual({ code: 0, said: '/healthz answers 200\n' });

    const elsewhere = { folder: image.folder, env: { ...env, HEALTH_PORT: String(await freePort()) } };
    expect(await container.run(image.healthCheck, elsewhere)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^Nothing answers on port/),
    });
    expect(await container.run(image.healthCheck, { folder: image.folder })).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^HEALTH_PORT is not set/),
    });
  });

  test('ends well when Docker stops it', async () => {
    container.signal('SIGTERM');

    expect(await container.ended()).toMatchObject({ code: 0 });
  });
});

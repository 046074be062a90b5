import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How a server is away: stopped by its operator, without an answer, or crashed. */
export const OUTAGES = ['stopped', 'frozen', 'crashed'] as const;
export type Outage = (typeof OUTAGES)[number];

/** A real store server, started for a test or a chaos run alone. */
export interface OwnServer {
  readonly port: number;
  readonly folder: string;
  stop(): Promise<void>;
  /** Takes it away, and has it back on the same port with the same data after so many milliseconds. */
  away(ms: number, how?: Outage): Promise<void>;
}

/** @returns The path of a program, or undefined where it is not installed. */
export function programPath(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', ...postgresFolders()];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Starts Redis on a free port. @param settings Lines of its configuration. */
export async function startRedis(settings: readonly string[] = []): Promise<OwnServer> {
  const [port, folder] = await Promise.all([freePort(), serverFolder()]);
  const lines = ['bind 127.0.0.1', `dir ${folder}`, 'save ""', ...settings];
  if (!settings.some((line) => line.startsWith('port '))) lines.unshift(`port ${port}`);
  await writeFile(join(folder, 'redis.conf'), lines.join('\n'));
  return ownServer({ port, folder }, async () => {
    const server = spawn(needed('redis-server'), [join(folder, 'redis.conf')], { stdio: ['ignore', 'pipe', 'ignore'] });
    await lineOf(server, 'Ready to accept connections');
    return server;
  });
}

/** Starts PostgreSQL on a free port, with a superuser `openticket` who needs no password on the socket in `folder`. */
export async function startPostgres(settings: readonly string[] = []): Promise<OwnServer> {
  const [port, folder] = await Promise.all([freePort(), serverFolder()]);
  const data = join(folder, 'data');
  const user = await unprivileged();
  const options = ['--username', 'openticket', '--auth-local', 'trust', '--auth-host', 'scram-sha-256', '--no-sync'];
  await run(needed('initdb'), ['--pgdata', data, '--encoding', 'UTF8', ...options], { ...user, cwd: folder });
  return startCluster(data, folder, port, settings);
}

/** Starts a standby of a server that {@link startPostgres} has started. */
export async function startPostgresStandby(primary: OwnServer): Promise<OwnServer> {
  const [port, folder] = await Promise.all([freePort(), serverFolder()]);
  const data = join(folder, 'data');
  const from = ['--host', primary.folder, '--port', String(primary.port), '--username', 'openticket'];
  const user = await unprivileged();
  const options = ['--write-recovery-conf', '--no-sync', '--checkpoint=fast'];
  await run(needed('pg_basebackup'), [...from, '--pgdata', data, ...options], { ...user, cwd: folder });
  return startCluster(data, folder, port, []);
}

async function startCluster(
  data: string,
  folder: string,
  port: number,
  settings: readonly string[],
): Promise<OwnServer> {
  const lines = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${folder}`, 'fsync=off'];
  const options = [...lines, ...settings].flatMap((line) => ['-c', line]);
  const user = await unprivileged();
  return ownServer(
    { port, folder },
    async () => {
      const server = spawn(needed('postgres'), ['-D', data, ...options], {
        ...user,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      await lineOf(server, 'ready to accept');
      return server;
    },
    'SIGINT',
    // Ends its processes at once, without a word to anybody. SIGKILL would leave them and its shared memory behind.
    'SIGQUIT',
  );
}

/** Starts PgBouncer in transaction mode, with its defaults, in front of a PostgreSQL server that {@link startPostgres} has started. */
export async function startPgBouncer(target: OwnServer, settings: readonly string[] = []): Promise<OwnServer> {
  const [port, folder] = await Promise.all([freePort(), serverFolder()]);
  const lines = [
    '[databases]',
    `postgres = host=${target.folder} port=${target.port} user=openticket`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = plain',
    `auth_file = ${join(folder, 'users')}`,
    'pool_mode = transaction',
    ...settings,
  ];
  await writeFile(join(folder, 'pgbouncer.ini'), lines.join('\n'));
  await writeFile(join(folder, 'users'), '"openticket" "pooled"\n');
  const user = await unprivileged();
  return ownServer({ port, folder }, async () => {
    const server = spawn(needed('pgbouncer'), [join(folder, 'pgbouncer.ini')], {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await lineOf(server, 'process up');
    return server;
  });
}

/** Makes a certificate for 127.0.0.1 that nobody vouches for, and its key. Both belong to whoever runs the servers. */
export async function selfSignedCertificate(folder: string): Promise<{ key: string; certificate: string }> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const request = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1';
  await run(needed('openssl'), [...request.split(' '), '-keyout', key, '-out', certificate]);
  const { uid, gid } = await stat(folder);
  for (const file of [key, certificate]) await chown(file, uid, gid);
  await chmod(key, 0o600);
  return { key, certificate };
}

async function ownServer(
  { port, folder }: { port: number; folder: string },
  start: () => Promise<ChildProcess>,
  signal: NodeJS.Signals = 'SIGTERM',
  crash: NodeJS.Signals = 'SIGKILL',
): Promise<OwnServer> {
  let server = await start();
  async function end(how: NodeJS.Signals = signal): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(how);
    await exited;
  }
  /** The server and the processes that it has started. */
  async function signalAll(name: 'STOP' | 'CONT'): Promise<void> {
    server.kill(`SIG${name}`);
    // Ends with 1 when there is none.
    await run('pkill', [`-${name}`, '-P', String(server.pid)]).catch(() => {});
  }
  return {
    port,
    folder,
    async away(ms, how = 'stopped') {
      if (how === 'frozen') {
        await signalAll('STOP');
        await delay(ms);
        return signalAll('CONT');
      }
      await end(how === 'crashed' ? crash : signal);
      await delay(ms);
      server = await start();
    },
    async stop() {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the server has written this. @throws When it ends before that, with all that it has written. */
async function lineOf(server: ChildProcess, text: string): Promise<void> {
  let said = '';
  const stream = server.stdout ?? server.stderr;
  await new Promise<void>((resolve, reject) => {
    stream?.on('data', (bytes) => {
      said += bytes;
      if (said.includes(text)) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
}

/** PostgreSQL and PgBouncer refuse to run as root. */
async function unprivileged(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function serverFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'openticket-server-'));
  await chmod(folder, 0o755);
  const { uid, gid } = programPath('initdb') ? await unprivileged() : {};
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  return folder;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}

function needed(program: string): string {
  const path = programPath(program);
  if (path === undefined) throw new Error(`${program} is not installed`);
  return path;
}

/** Debian keeps the programs of PostgreSQL apart for each version. @returns The newest first. */
function postgresFolders(): string[] {
  const all = '/usr/lib/postgresql';
  const versions = existsSync(all) ? readdirSync(all) : [];
  return versions.sort((one, other) => Number(other) - Number(one)).map((version) => join(all, version, 'bin'));
}

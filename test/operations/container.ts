import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RootOverlay } from './root-overlay.ts';

/** What a command said, on both of its outputs, and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly said: string;
}

export interface RunOptions {
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Before the command, such as setpriv with its options. */
  readonly prefix?: readonly string[];
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Starts a program as the first process of a container on this root. It has this machine's network. */
export function startContainer(root: RootOverlay, nspawnOptions: readonly string[], command: readonly string[]) {
  const options = ['--quiet', '--register=no', '--keep-unit', '--console=pipe', '--directory', root.path('/')];
  return new Container(spawn('systemd-nspawn', [...options, ...nspawnOptions, ...command], { stdio: 'pipe' }));
}

export class Container {
  readonly #nspawn: ChildProcess;
  readonly #ended: Promise<Ran>;
  #said = '';

  constructor(nspawn: ChildProcess) {
    this.#nspawn = nspawn;
    for (const stream of [nspawn.stdout, nspawn.stderr]) stream?.on('data', (chunk) => (this.#said += String(chunk)));
    this.#ended = once(nspawn, 'close').then(([code]) => ({ code: code as number | null, said: this.#said }));
  }

  /** Resolves when its first process has ended. */
  ended(): Promise<Ran> {
    return this.#ended;
  }

  /** The process ID, on this machine, of its first process. It is there once that has done anything. */
  firstProcess(): number {
    const { pid, exitCode } = this.#nspawn;
    if (exitCode !== null) throw new Error(`The container has ended with ${exitCode}: ${this.#said}`);
    const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
    // A signal to process 0 would go to this one's whole group.
    if (!child) throw new Error(`The container has no process any more: ${this.#said}`);
    return child;
  }

  /** Runs a command beside what runs in it, with no environment but this one. */
  async run(command: readonly string[], { folder = '/', env = {}, prefix = [] }: RunOptions = {}): Promise<Ran> {
    const enter = [
      '--all',
      `--target=${this.firstProcess()}`,
      '--root',
      `--wd=/proc/${this.firstProcess()}/root${folder}`,
    ];
    const variables = Object.entries({ PATH, HOME: '/root', ...env }).map(([name, value]) => `${name}=${value}`);
    const child = spawn('nsenter', [...enter, ...prefix, 'env', '-i', ...variables, ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, said };
  }

  /** Sends a signal to its first process, as Docker does, or to systemd-nspawn. */
  signal(signal: NodeJS.Signals): void {
    process.kill(this.firstProcess(), signal);
  }

  /** Ends it without asking, and everything that runs in it: nothing outlives the first process of a container. */
  async kill(): Promise<void> {
    if (this.#nspawn.exitCode === null) this.signal('SIGKILL');
    await this.#ended;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a {@link BotProcess} runs with Node. */
export interface BotProgram {
  readonly args: readonly string[];
  /** Whether it talks with this process over a channel of its own. */
  readonly hasChannel: boolean;
}

/** The bot as it runs in production: `npm run build` makes it. */
const COMPILED_BOT: BotProgram = {
  args: ['--enable-source-maps', fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))],
  hasChannel: false,
};
/** Log lines that are kept. */
const MAX_LINES = 5000;

/** Bots that would go on without this process, and look for its world at a port that soon is another one's. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The real bot as a process of its own, configured by its settings alone, to be stopped, killed and started again. */
export class BotProcess {
  /** The last lines of its log and its errors, oldest first. */
  readonly lines: string[] = [];
  /** 'line' for each line; 'message' for what a program with a channel sends; 'exit' with the code, or null after a signal. */
  readonly events = new EventEmitter<{ line: [string]; message: [unknown]; exit: [number | null] }>();
  readonly #settings: Readonly<Record<string, string>>;
  readonly #program: BotProgram;
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();

  /** @param program What is run: the compiled bot by default. */
  constructor(settings: Readonly<Record<string, string>>, program: BotProgram = COMPILED_BOT) {
    this.#settings = settings;
    this.#program = program;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Its process ID; undefined while it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it. Whoever wants to wait for its connection asks Discord. @param settings Over those of the constructor. */
  start(settings: Readonly<Record<string, string>> = {}): void {
    if (this.#child) throw new Error('The bot is running already');
    const { PATH, HOME, TMPDIR } = process.env;
    const env = { PATH, HOME, TMPDIR, ...this.#settings, ...settings };
    const { args, hasChannel } = this.#program;
    const child = spawn(process.execPath, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe', ...(hasChannel ? (['ipc'] as const) : [])],
    });
    child.on('message', (message) => this.events.emit('message', message));
    this.#child = child;
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#note(line));
    }
    this.#exited = once(child, 'close').then(([code]: (number | null)[]) => {
      this.#child = undefined;
      running.delete(child);
      this.events.emit('exit', code ?? null);
    });
  }

  /** Tells something to a program with a channel; nobody hears it while none runs. */
  send(message: object): void {
    if (this.#child?.connected) this.#child.send(message);
  }

  /** SIGKILL: nothing of the process has a chance to do anything. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#exited;
  }

  /** SIGTERM, as an operator stops it. @returns Its exit code; undefined when it did not run. */
  async stop(): Promise<number | null | undefined> {
    if (!this.#child) return undefined;
    const exit = once(this.events, 'exit');
    this.#child.kill('SIGTERM');
    const [code] = await exit;
    await this.#exited;
    return code;
  }

  /** Waits until it has ended by itself. @returns Its exit code. */
  async ended(): Promise<number | null> {
    const [code] = await once(this.events, 'exit');
    return code;
  }

  #note(line: string): void {
    this.lines.push(line);
    if (this.lines.length > MAX_LINES) this.lines.shift();
    this.events.emit('line', line);
  }
}

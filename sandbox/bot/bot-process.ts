import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Activity } from '../activity.ts';

/** What a {@link BotProcess} runs with Node. */
export interface BotProgram {
  readonly args: readonly string[];
  /** Whether it talks with this process over a channel of its own. */
  readonly hasChannel: boolean;
}

/** The bot as it runs in production: `npm run build` makes it. */
const COMPILED_BOT: BotProgram = {
  args: [fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))],
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
  /** Everything that this process says. */
  readonly activity = new Activity();
  readonly #settings: Readonly<Record<string, string>>;
  readonly #program: BotProgram;
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #isToldToEnd = false;
  #endedByItself: string | undefined;

  /** @param program What is run: the compiled bot by default. */
  constructor(settings: Readonly<Record<string, string>>, program: BotProgram = COMPILED_BOT) {
    this.#settings = settings;
    this.#program = program;
    this.activity.watch(this);
  }

  /** How it ended although nobody had told it to. */
  get endedByItself(): string | undefined {
    return this.#endedByItself;
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
    this.#isToldToEnd = false;
    this.#endedByItself = undefined;
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
      if (!this.#isToldToEnd)
        this.#endedByItself = `The bot's process ended by itself with ${code}: ${this.lines.at(-1)}`;
      this.events.emit('exit', code ?? null);
      this.activity.note(`the bot's process ended with ${code}`);
    });
  }

  /** Tells something to a program with a channel; nobody hears it while none runs. */
  send(message: object): void {
    if (this.#child?.connected) this.#child.send(message);
  }

  /** SIGSTOP: it does nothing until it wakes up, and does not know that time has passed. */
  sleep(): void {
    this.#child?.kill('SIGSTOP');
  }

  /** SIGCONT. */
  wake(): void {
    this.#child?.kill('SIGCONT');
  }

  /** SIGKILL: nothing of the process has a chance to do anything. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#isToldToEnd = true;
    this.#child?.kill('SIGKILL');
    await this.#exited;
  }

  /** SIGTERM, as an operator stops it. @returns Its exit code; undefined when it did not run. */
  async stop(): Promise<number | null | undefined> {
    if (!this.#child) return undefined;
    const exit = this.ended();
    this.#isToldToEnd = true;
    this.#child.kill('SIGTERM');
    const code = await exit;
    await this.#exited;
    return code;
  }

  /** Waits until it has ended by itself. @returns Its exit code. */
  async ended(): Promise<number | null> {
    let exit: { code: number | null } | undefined;
    this.events.once('exit', (code) => {
      exit = { code };
    });
    const { code } = await this.activity.until({ look: () => exit, describe: () => "the end of the bot's process" });
    return code;
  }

  /** Waits for the next line that holds these words. */
  nextLine(words: string): Promise<string> {
    let found: string | undefined;
    const onLine = (line: string) => {
      if (line.includes(words)) found ??= line;
    };
    this.events.prependListener('line', onLine);
    return this.activity
      .until({ look: () => found, describe: () => `a line with “${words}” in the log of the bot's process` })
      .finally(() => this.events.off('line', onLine));
  }

  #note(line: string): void {
    this.lines.push(line);
    if (this.lines.length > MAX_LINES) this.lines.shift();
    this.events.emit('line', line);
    this.activity.note(`the bot's process wrote: ${line}`);
  }
}

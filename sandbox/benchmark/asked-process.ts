import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** A program of sandbox/bot/ in a process of its own, which does what each message says and answers with one. */
export class AskedProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Waits for its first message, which says that it is ready. @param program Its file in sandbox/bot/. */
  static async start(
    program: string,
    args: readonly string[],
    settings: Readonly<Record<string, string>>,
  ): Promise<AskedProcess> {
    const { PATH, HOME, TMPDIR } = process.env;
    const file = fileURLToPath(new URL(`../bot/${program}`, import.meta.url));
    const child = spawn(process.execPath, ['--expose-gc', '--import', TSX, file, ...args], {
      env: { PATH, HOME, TMPDIR, ...settings },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    const asked = new AskedProcess(child);
    await asked.#answer();
    return asked;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** @throws {Error} when it ends before it answers. */
  async ask(question: object | string): Promise<unknown> {
    const answer = this.#answer();
    this.#child.send(question);
    return answer;
  }

  #answer(): Promise<unknown> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const onMessage = (message: unknown) => {
        child.off('exit', onExit);
        resolve(message);
      };
      const onExit = (code: number | null) => {
        child.off('message', onMessage);
        reject(new Error(`A measured process ended with ${code}.`));
      };
      child.once('message', onMessage);
      child.once('exit', onExit);
    });
  }

  close(): void {
    this.#child.removeAllListeners('exit');
    this.#child.kill('SIGKILL');
  }
}

/** What somebody waits for. */
export interface Awaited<T> {
  /** Looks whether it is there. What it throws ends the wait. */
  look(): T | undefined;
  /** Names what is waited for, and what there is instead. */
  describe(): string;
}

/** A process without which nothing more can happen. */
export interface Watched {
  /** How it ended although nobody had told it to; undefined while it runs, and after it was stopped or killed. */
  readonly endedByItself: string | undefined;
}

export interface ActivityOptions {
  /** Milliseconds of real time in which nothing at all happens before a wait gives up. */
  readonly silenceMs?: number;
  /** Milliseconds of real time after which a wait gives up, whatever happens. For people who are played: they go away. */
  readonly patienceMs?: number;
}

/** Milliseconds of real time in which nothing at all happens before a wait gives up. No busy machine is silent for so long. */
const SILENCE_MS = 120_000;

/**
 * Everything that happens in a world, so that nobody has to guess how long something takes. A wait ends when the thing is
 * there, when it cannot come any more, or when nothing at all has happened for two minutes.
 */
export class Activity {
  readonly #options: ActivityOptions;
  readonly #waits = new Set<() => void>();
  readonly #watched = new Set<Watched>();
  #last = 'nothing';

  constructor(options: ActivityOptions = {}) {
    this.#options = options;
  }

  /** Something has happened: every wait looks again. @param what Names it, without texts and secrets. */
  note(what: string): void {
    this.#last = what;
    for (const look of [...this.#waits]) look();
  }

  /** From now on no wait outlives this process, unless it is stopped or killed on purpose. */
  watch(process: Watched): void {
    this.#watched.add(process);
  }

  /** Waits until `look` finds something: looks at once, and after everything that happens. */
  until<T>({ look, describe }: Awaited<T>): Promise<T> {
    const { silenceMs = SILENCE_MS, patienceMs } = this.#options;
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(silence);
        clearTimeout(patience);
        this.#waits.delete(onActivity);
      };
      const giveUp = (why: string) => {
        stop();
        reject(new Error(`${why} Waited for ${describe()}. The last that happened: ${this.#last}.`));
      };
      const onActivity = () => {
        silence.refresh();
        try {
          const found = look();
          if (found !== undefined) {
            stop();
            resolve(found);
            return;
          }
        } catch (error) {
          stop();
          reject(error);
          return;
        }
        const ended = [...this.#watched].find(({ endedByItself }) => endedByItself !== undefined)?.endedByItself;
        if (ended !== undefined) giveUp(ended);
      };
      const silence = setTimeout(giveUp, silenceMs, `Nothing has happened for ${silenceMs / 1000} s.`);
      const patience =
        patienceMs === undefined
          ? undefined
          : setTimeout(giveUp, patienceMs, `${patienceMs / 1000} s are over, and nobody waits for longer.`);
      this.#waits.add(onActivity);
      onActivity();
    });
  }

  /** Waits for a promise as `until` does. @param what Names what it stands for. */
  async settled<T>(promise: Promise<T>, what: string): Promise<T> {
    let result: { value: T } | { error: unknown } | undefined;
    promise.then(
      (value) => {
        result = { value };
        this.note(`${what} has come`);
      },
      (error: unknown) => {
        result = { error };
        this.note(`${what} has failed`);
      },
    );
    const settled = await this.until({ look: () => result, describe: () => what });
    if ('error' in settled) throw settled.error;
    return settled.value;
  }
}

import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
  IterableBackoff,
  retry,
  wrap,
} from 'cockatiel';
import PQueue from 'p-queue';
import { type Clock, systemClock } from '../clock.ts';
import { HelpdeskError, type OpenTicketResult } from './helpdesk-client.ts';
import { mayRepeatAfter, saysHelpdeskFails } from './helpdesk-failures.ts';
import type { PostReplyResult, ViewTicketResult } from './helpdesk-ticket.ts';

export interface HelpdeskQueueOptions {
  /** Calls under way at the same time; the rest wait in order. */
  readonly concurrency: number;
  /** Milliseconds before each further try after a call that certainly created nothing. One entry, one more try. */
  readonly retryDelaysMs: readonly number[];
  /** Milliseconds after its first try in which a call is repeated: one that has hung for minutes is not. */
  readonly retryWithinMs: number;
  /** Calls that fail one after another before the circuit breaker opens. */
  readonly breakAfterFailures: number;
  /** Milliseconds that the open circuit breaker waits before it lets one call through as a trial. */
  readonly breakForMs: number;
  /** Milliseconds that a submission waits for its turn at most. Discord keeps its reply editable for 15 minutes. */
  readonly maxWaitMs: number;
  /** Tells when somebody has waited long enough to be told so. */
  readonly clock?: Clock;
  readonly onWaiting?: (waiting: number) => void;
  readonly onDown?: (down: boolean) => void;
}

export const HELPDESK_QUEUE_DEFAULTS = {
  // With the calls between them, what a person waits for without wondering. The text is safe meanwhile.
  retryDelaysMs: [1000, 4000],
  retryWithinMs: 30_000,
  breakAfterFailures: 5,
  breakForMs: 30_000,
  maxWaitMs: 10 * 60_000,
} as const;

/** What a call may come to. Each has `unreachable` among its ends. */
export type QueuedResult = OpenTicketResult | PostReplyResult | ViewTicketResult;
type Unreachable = { readonly kind: 'unreachable'; readonly cause: HelpdeskError };

/**
 * What a call is for. What somebody has written has its turn before what somebody wants to see. Only new tickets show whether the
 * helpdesk is left alone: one person's own ticket can make every look at it fail.
 */
const CALLS = {
  ticket: { priority: 1, isRepeated: true, tellsOfHelpdesk: true },
  answer: { priority: 1, isRepeated: true, tellsOfHelpdesk: false },
  view: { priority: 0, isRepeated: false, tellsOfHelpdesk: false },
} as const;

/** Milliseconds of a wait that nobody has to read about: most turns come sooner, and a word about it is a request to Discord. */
export const SHORT_WAIT_MS = 1000;

export interface TurnOptions {
  readonly what?: keyof typeof CALLS;
  /** Told once, when the call cannot start at once. */
  readonly onQueued?: (() => void) | undefined;
  /** Told once, with the place in the line (1 is next), when the turn has not come within {@link SHORT_WAIT_MS}. */
  readonly onLongWait?: ((place: number) => void) | undefined;
}

/**
 * The way to the helpdesk: few calls at a time, the rest in order; a call is repeated only when it certainly created
 * nothing; a helpdesk that keeps failing is left alone for a while.
 */
export class HelpdeskQueue {
  readonly #queue: PQueue;
  /** Looks take half of the turns at most: those that hang must not hold up what somebody has written. */
  readonly #views: PQueue;
  readonly #breaker;
  readonly #options: HelpdeskQueueOptions;
  /** Those that wait, with what for: each can be sent away until its turn comes. */
  readonly #waiting = new Map<(cause: HelpdeskError) => void, keyof typeof CALLS>();
  #retryAt = 0;
  #stopped = false;

  constructor(options: HelpdeskQueueOptions) {
    this.#options = options;
    this.#queue = new PQueue({ concurrency: options.concurrency });
    this.#views = new PQueue({ concurrency: Math.max(1, Math.floor(options.concurrency / 2)) });
    this.#breaker = circuitBreaker(
      handleWhenResult((result) => isFailure(result as QueuedResult)),
      { halfOpenAfter: options.breakForMs, breaker: new ConsecutiveBreaker(options.breakAfterFailures) },
    );
    this.#breaker.onBreak(() => {
      this.#retryAt = Date.now() + options.breakForMs;
      options.onDown?.(true);
      this.#sendAway(new HelpdeskError('connect', 'The helpdesk has stopped answering; nothing was sent.'));
    });
    this.#breaker.onReset(() => options.onDown?.(false));
  }

  /** Until when the helpdesk is left alone, in milliseconds since 1970; 0 when it has not failed since the start. */
  get retryAt(): number {
    return this.#retryAt;
  }

  /** How many submissions wait for their turn. */
  get waiting(): number {
    return [...this.#waiting.values()].filter((what) => what !== 'view').length;
  }

  /** Whether the next submission has to wait. */
  get isBusy(): boolean {
    return this.#queue.pending >= this.#options.concurrency;
  }

  /** Whether nobody uses the helpdesk or waits for it, and it is not left alone. */
  get isIdle(): boolean {
    return this.#queue.pending === 0 && this.#waiting.size === 0 && !this.isClosed;
  }

  /** Whether submissions are sent away at once: while the helpdesk is left alone, and after a stop. */
  get isClosed(): boolean {
    return this.#stopped || this.down;
  }

  /** True while calls are kept from the helpdesk. The next submission after that is the trial. */
  get down(): boolean {
    const { state } = this.#breaker;
    return state === CircuitState.HalfOpen || (state === CircuitState.Open && Date.now() < this.#retryAt);
  }

  /**
   * Makes one call when its turn comes, and once more only after one that certainly created nothing.
   * @param attempt One call, written down before and after. May run several times, never twice at once. What it throws is thrown.
   */
  async run<Result extends QueuedResult>(
    attempt: () => Promise<Result>,
    { what = 'ticket', onQueued, onLongWait }: TurnOptions = {},
  ): Promise<Result | Unreachable> {
    if (this.#stopped) return unreachable(new HelpdeskError('closed', 'The bot is shutting down; nothing was sent.'));
    if (this.down) return unreachable(new HelpdeskError('connect', 'The helpdesk is not answering; nothing was sent.'));
    const turn = new AbortController();
    const sendAway = (cause: HelpdeskError) => turn.abort(cause);
    const onImpatience = () => sendAway(new HelpdeskError('no-turn', 'No turn in time.'));
    const patience = setTimeout(onImpatience, this.#options.maxWaitMs);
    this.#waiting.set(sendAway, what);
    const { clock = systemClock } = this.#options;
    const callOff = clock.after(SHORT_WAIT_MS, () => onLongWait?.(this.#placeOf(sendAway)));
    const started = () => {
      clearTimeout(patience);
      callOff();
      this.#waiting.delete(sendAway);
      this.#options.onWaiting?.(this.waiting);
    };
    if (this.isBusy) onQueued?.();
    this.#options.onWaiting?.(this.waiting);
    try {
      const { signal } = turn;
      const takeTurn = () =>
        this.#queue.add<Result | Unreachable>(
          () => {
            started();
            return this.#call(attempt, what);
          },
          { signal, priority: CALLS[what].priority },
        );
      return await (what === 'view' ? this.#views.add(takeTurn, { signal }) : takeTurn());
    } catch (error) {
      started();
      if (turn.signal.aborted && error === turn.signal.reason) return unreachable(error as HelpdeskError);
      throw error;
    }
  }

  /** Sends away all that wait and refuses new ones. What runs goes on; `idle` resolves when it has ended. */
  stop(): void {
    this.#stopped = true;
    this.#sendAway(new HelpdeskError('closed', 'The bot is shutting down; nothing was sent.'));
  }

  idle(): Promise<void> {
    return this.#queue.onIdle();
  }

  async #call<Result extends QueuedResult>(
    attempt: () => Promise<Result>,
    what: keyof typeof CALLS,
  ): Promise<Result | Unreachable> {
    const once = async () =>
      this.#stopped
        ? unreachable(new HelpdeskError('closed', 'The bot is shutting down; nothing was sent.'))
        : await attempt();
    const { isRepeated, tellsOfHelpdesk } = CALLS[what];
    if (!isRepeated) return once();
    try {
      const again = this.#again();
      return (await (tellsOfHelpdesk ? wrap(again, this.#breaker) : again).execute(once)) as Result | Unreachable;
    } catch (error) {
      if (error instanceof BrokenCircuitError) {
        return unreachable(new HelpdeskError('connect', 'The helpdesk is not answering; nothing was sent.'));
      }
      throw error;
    }
  }

  /** How many turns it takes until this one's comes. */
  #placeOf(waiting: (cause: HelpdeskError) => void): number {
    const inLine = [...this.#waiting].filter(([, what]) => what !== 'view').map(([sendAway]) => sendAway);
    return inLine.indexOf(waiting) + 1;
  }

  /** The further tries of one call. */
  #again() {
    const { retryDelaysMs, retryWithinMs } = this.#options;
    const startedAt = performance.now();
    const isInTime = () => performance.now() - startedAt < retryWithinMs;
    return retry(
      handleWhenResult((result) => mayRepeat(result as QueuedResult) && isInTime()),
      {
        maxAttempts: retryDelaysMs.length,
        backoff: new IterableBackoff(retryDelaysMs.length > 0 ? [...retryDelaysMs] : [0]),
      },
    );
  }

  #sendAway(cause: HelpdeskError): void {
    for (const sendAway of [...this.#waiting.keys()]) sendAway(cause);
  }
}

function unreachable(cause: HelpdeskError): Unreachable {
  return { kind: 'unreachable', cause };
}

/**
 * Whether a call says that the helpdesk does not work. What can be the answer to one person's text does not: otherwise
 * somebody whose text a firewall refuses shuts the helpdesk for everybody.
 */
function isFailure(result: QueuedResult): boolean {
  switch (result.kind) {
    case 'opened':
    case 'posted':
    case 'viewed':
    case 'refused':
      return false;
    case 'unreachable':
      return saysHelpdeskFails(result.cause.kind) ?? true;
    case 'unconfirmed':
      return saysHelpdeskFails(result.cause.kind) ?? false;
  }
}

function mayRepeat(result: QueuedResult): boolean {
  return result.kind === 'unreachable' && mayRepeatAfter(result.cause.kind);
}

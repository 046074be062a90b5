import type { MessageRecord } from '../../src/tickets/lifecycle/message-record.ts';
import type { PersonRecord } from '../../src/tickets/lifecycle/person-record.ts';
import type { TicketOutcome } from '../../src/tickets/ticket-outcome.ts';

/** One moment for everything: what depends on age is tested beside the functions. */
export const NOW = 1_000_000_000_000;
/** An hour after it: Discord delivers no interaction again, and texts are still kept. */
export const MUCH_LATER = NOW + 3_600_000;
export const LIFETIME_MS = 1_000_000_000;

/** What can happen in one small world. Everything in it is plain data, so that a state can be compared and kept. */
export interface State {
  /** The store: durable, and shared by all processes. */
  readonly people: Readonly<Record<string, PersonRecord>>;
  readonly message: MessageRecord;
  /** The words that are stored for each form. */
  readonly texts: Readonly<Record<string, string>>;
  readonly processes: readonly Process[];
  readonly tasks: readonly Task[];
  /** Tickets at the helpdesk, by attempt. */
  readonly tickets: readonly string[];
  /** What the person believes of each form. */
  readonly beliefs: Readonly<Record<string, Belief>>;
  /** What the people are still going to do, by its place in the world's list. */
  readonly done: readonly number[];
  /** Interactions that Discord has an answer to, with the process that gave it. */
  readonly answered: Readonly<Record<string, number>>;
  /** What may still go wrong. */
  readonly faults: {
    readonly writes: number;
    readonly deaths: number;
    readonly sleeps: number;
    readonly edits: number;
  };
  /** How often the processes may still find the helpdesk back. */
  readonly looks: number;
  /** The attempts that people did not make themselves, with the word because of which they were made. */
  readonly tries: Readonly<Record<string, string>>;
  /** Words that their people have taken back, and know that they have. */
  readonly cancelled: readonly string[];
  /** What Discord has shown, by attempt and stage: how often. */
  readonly told: Readonly<Record<string, number>>;
  /** People who have had everything erased. */
  readonly erased: readonly string[];
}

export interface Process {
  readonly state: 'up' | 'asleep' | 'dead';
  /** The others take it for gone. */
  readonly isGone: boolean;
  /** Its lease is renewed: it may start calls. */
  readonly hasLease: boolean;
  /** True facts that the store did not take, in their order. */
  readonly unwritten: readonly Fact[];
}

/** Something that is true whether or not the store takes it. */
export type Fact =
  | {
      readonly kind: 'finish';
      readonly person: string;
      readonly form: string;
      readonly attemptId: string;
      readonly ending: Ending;
    }
  | {
      readonly kind: 'deliver';
      readonly person: string;
      readonly attemptId: string;
      readonly told: string;
      readonly delivery: 'delivered' | 'next-command';
    }
  | { readonly kind: 'withdraw'; readonly person: string; readonly attemptId: string; readonly owner: string }
  | { readonly kind: 'leave'; readonly person: string; readonly attemptId: string; readonly owner: string }
  | { readonly kind: 'put back'; readonly person: string; readonly attemptId: string; readonly owner: string };

export type Ending = 'opened' | 'refused' | 'unreachable' | 'unconfirmed' | 'interrupted';

/** What a process does with one interaction, and how far it has come. */
export interface Task {
  readonly process: number;
  readonly person: string;
  readonly form: string;
  readonly attemptId: string;
  readonly words: string;
  readonly confirmed: string | undefined;
  readonly at: 'receive' | 'answer' | 'look' | 'turn' | 'call' | 'finish' | 'claim' | 'tell' | 'deliver';
  /** A command of the person tells it. What Discord does not take there waits for another one. */
  readonly isCommand?: true;
  /** The word that the attempt fulfils, for one that nobody made. */
  readonly fulfils?: string;
  /** Whether this process wrote the attempt down, found it there, or does not know whether it did. */
  readonly receipt?: 'received' | 'again' | 'failed';
  readonly ending?: Ending;
  /** What is told, and at which stage that was true. */
  readonly outcome?: TicketOutcome;
  readonly stage?: string;
  readonly delivery?: 'delivered' | 'next-command';
}

export interface Belief {
  /** What was read last; undefined before anything was. */
  readonly kind?: 'opened' | 'nothing' | 'nothing, but there is a ticket' | 'maybe' | 'pending' | 'given back';
  /** The attempt that Send anyway would be about. */
  readonly question?: string;
  /** Attempts despite which the person chose to send. */
  readonly confirmed: readonly string[];
  /** Words of the form as it stands on the screen. */
  readonly words: string;
}

/** One step, with its words for a trace. */
export interface Step {
  readonly label: string;
  readonly state: State;
  /** A promise that this step breaks. */
  readonly broken?: string;
}

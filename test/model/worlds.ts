import type { State } from './state.ts';

/** What somebody does with a form. */
export interface Action {
  readonly person: string;
  readonly form: string;
  readonly words: string;
  /**
   * `send again`: the form that is still open, submitted once more as it is. `wait`: "Send when it's back". `command`: any command,
   * which tells what waits for it.
   */
  readonly does:
    | 'submit'
    | 'send again'
    | 'edit'
    | 'try again'
    | 'send anyway'
    | 'erase'
    | 'wait'
    | 'cancel'
    | 'command';
}

/** A small world: what its people do, in any order that their screens allow, and what may go wrong meanwhile. */
export interface World {
  readonly name: string;
  readonly processes: number;
  readonly isEscalation: boolean;
  /** Whose each form is. */
  readonly forms: Readonly<Record<string, string>>;
  readonly actions: readonly Action[];
  /** How calls can end. */
  readonly calls: readonly CallEnding[];
  readonly faults: State['faults'];
  /** How often the processes find the helpdesk back, where somebody waits for it. */
  readonly looks: number;
  /** So long passes between all steps that what certainly opened nothing is known no more. Not for two processes, which get an interaction at once. */
  readonly isMuchLater?: true;
}

/** What the helpdesk makes of a call, and what the bot hears of it. */
export interface CallEnding {
  readonly opens: boolean;
  readonly ending: 'opened' | 'refused' | 'unreachable' | 'unconfirmed';
}
const ANY_ENDING: readonly CallEnding[] = [
  { opens: true, ending: 'opened' },
  { opens: true, ending: 'unconfirmed' },
  { opens: false, ending: 'refused' },
  { opens: false, ending: 'unreachable' },
  { opens: false, ending: 'unconfirmed' },
];
/** Where the question is what follows from a ticket that is, or may be there. */
const PERHAPS_A_TICKET = ANY_ENDING.slice(0, 2);

/** What comes of a try once the helpdesk is said to be back. */
const PERHAPS_BACK: readonly CallEnding[] = [
  { opens: true, ending: 'opened' },
  { opens: true, ending: 'unconfirmed' },
  { opens: false, ending: 'unreachable' },
];

const OPENED_OR_NOT: readonly CallEnding[] = [
  { opens: true, ending: 'opened' },
  { opens: false, ending: 'unreachable' },
];

const NOTHING_WRONG = { writes: 0, deaths: 0, sleeps: 0, edits: 0 };
const ada = (form: string, does: Action['does'], words = 'words'): Action => ({ person: 'ada', form, does, words });
const mia = (form: string, does: Action['does']): Action => ({ person: 'mia', form, does, words: 'of mia' });

function world(name: string, actions: readonly Action[], rest: Partial<World>): World {
  const forms = Object.fromEntries(actions.map(({ form, person }) => [form, person]));
  return {
    name,
    processes: 1,
    isEscalation: false,
    forms,
    actions,
    calls: ANY_ENDING,
    faults: NOTHING_WRONG,
    looks: 0,
    ...rest,
  };
}

const STORE_FAILS = { ...NOTHING_WRONG, writes: 1 };
const PROCESS_DIES = { ...NOTHING_WRONG, deaths: 1 };
const PROCESS_SLEEPS = { ...NOTHING_WRONG, sleeps: 1 };
const DISCORD_REFUSES = { ...NOTHING_WRONG, edits: 1 };

/** One world for each thing that goes wrong in it: together they would be millions of states. */
function each(
  name: string,
  actions: readonly Action[],
  faults: readonly World['faults'][],
  rest: Partial<World> = {},
): World[] {
  return faults.map((one) => {
    const words = {
      writes: 'the store fails',
      deaths: 'a process dies',
      sleeps: 'a process sleeps',
      edits: 'Discord refuses',
    };
    const what = Object.entries(words).flatMap(([kind, says]) => (one[kind as keyof typeof words] > 0 ? [says] : []));
    return world(`${name}; ${what.join(', ')}`, actions, { ...rest, faults: one });
  });
}

/** @param size `small` ends within seconds, for the tests. */
export function worldsOf(size: 'small' | 'full'): World[] {
  const isFull = size === 'full';
  const all = { writes: 1, deaths: 1, sleeps: 0, edits: 1 };
  const twoForms = [ada('a', 'submit'), ada('b', 'submit')];
  const sentAnyway = [ada('a', 'submit'), ada('a', 'try again'), ada('a', 'send anyway'), ada('a', 'send anyway')];
  const escalated = [ada('a', 'submit'), mia('m', 'submit')];
  const waiting = [ada('a', 'submit'), ada('a', 'wait')];
  const cancelled = [...waiting, ada('a', 'cancel')];
  const back = { looks: 2, calls: PERHAPS_BACK };
  const small = [
    ...each('one form, submitted twice', [ada('a', 'submit'), ada('a', 'send again')], [all]),
    ...each('same words in two forms', twoForms, [STORE_FAILS, PROCESS_DIES]),
    ...each('same words in two forms, one edited', [...twoForms, ada('b', 'edit')], [PROCESS_DIES], {
      calls: PERHAPS_A_TICKET,
    }),
    ...each(
      'same words in two forms, one edited after nothing came of it',
      [...twoForms, ada('b', 'edit'), ada('a', 'try again')],
      [NOTHING_WRONG],
      { calls: OPENED_OR_NOT, isMuchLater: true },
    ),
    ...each('Try again', [ada('a', 'submit'), ada('a', 'try again')], [all]),
    ...each('erased in the middle', [ada('a', 'submit'), ada('a', 'erase'), ada('b', 'submit')], [PROCESS_DIES], {
      calls: PERHAPS_A_TICKET,
    }),
    ...each('one form, two processes', [ada('a', 'submit')], [STORE_FAILS, PROCESS_DIES, PROCESS_SLEEPS], {
      processes: 2,
    }),
    ...each('one message, two moderators', escalated, [PROCESS_DIES], { isEscalation: true }),
    ...each('told at a command, two processes', [ada('a', 'submit'), ada('a', 'command')], [DISCORD_REFUSES], {
      processes: 2,
    }),
    ...each('told at a command', [ada('a', 'submit'), ada('a', 'command')], [{ ...DISCORD_REFUSES, deaths: 1 }], {}),
    ...each("Send when it's back", waiting, [STORE_FAILS, PROCESS_DIES, DISCORD_REFUSES], back),
    ...each("Send when it's back, Cancel", cancelled, [STORE_FAILS], back),
    ...each(
      "Send when it's back, below Send anyway",
      [ada('a', 'submit'), ada('a', 'try again'), ada('a', 'send anyway'), ada('a', 'wait')],
      [NOTHING_WRONG],
      back,
    ),
    ...each("Send when it's back, two processes", waiting, [NOTHING_WRONG], { ...back, processes: 2 }),
  ];
  if (!isFull) return small;
  return [
    ...small,
    ...each('same words in two forms, one edited', [...twoForms, ada('b', 'edit')], [STORE_FAILS, DISCORD_REFUSES], {
      calls: PERHAPS_A_TICKET,
    }),
    ...each(
      'Try again, twice',
      [ada('a', 'submit'), ada('a', 'try again'), ada('a', 'try again')],
      [STORE_FAILS, PROCESS_DIES],
    ),
    ...each('Send anyway, twice', sentAnyway, [PROCESS_DIES, STORE_FAILS, DISCORD_REFUSES], {
      calls: PERHAPS_A_TICKET,
    }),
    ...each('erased in the middle', [ada('a', 'submit'), ada('a', 'erase'), ada('b', 'submit')], [STORE_FAILS], {
      calls: PERHAPS_A_TICKET,
    }),
    ...each('one form, two processes', [ada('a', 'submit')], [{ writes: 1, deaths: 1, sleeps: 1, edits: 1 }], {
      processes: 2,
    }),
    ...each(
      'told at two commands, two processes',
      [ada('a', 'submit'), ada('a', 'command'), ada('a', 'command')],
      [DISCORD_REFUSES, { ...DISCORD_REFUSES, writes: 1 }, { ...DISCORD_REFUSES, deaths: 1 }],
      { processes: 2, calls: PERHAPS_A_TICKET },
    ),
    ...each('same words in two forms, two processes', twoForms, [NOTHING_WRONG], { processes: 2 }),
    ...each('one message, two moderators', escalated, [STORE_FAILS, DISCORD_REFUSES], { isEscalation: true }),
    ...each(
      'one message, two moderators, Escalate again',
      [...escalated, mia('m', 'send anyway')],
      [STORE_FAILS, PROCESS_DIES],
      {
        isEscalation: true,
      },
    ),
    ...each("Send when it's back, Cancel", cancelled, [PROCESS_DIES, DISCORD_REFUSES], back),
    ...each("Send when it's back, Try again", [...waiting, ada('a', 'try again')], [STORE_FAILS, PROCESS_DIES], {
      ...back,
      looks: 1,
    }),
    ...each("Send when it's back, Cancel, two processes", cancelled, [NOTHING_WRONG], { ...back, processes: 2 }),
    ...each('one message, two moderators, two processes', escalated, [NOTHING_WRONG], {
      isEscalation: true,
      processes: 2,
      calls: PERHAPS_A_TICKET,
    }),
  ];
}

export function startOf({ processes, faults, looks }: World): State {
  return {
    people: {},
    message: [],
    texts: {},
    processes: Array.from(
      { length: processes },
      () => ({ state: 'up', isGone: false, hasLease: true, unwritten: [] }) as const,
    ),
    tasks: [],
    tickets: [],
    beliefs: {},
    done: [],
    answered: {},
    faults,
    looks,
    tries: {},
    told: {},
    cancelled: [],
    erased: [],
  };
}

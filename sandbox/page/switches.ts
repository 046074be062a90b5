import type { HelpdeskFaultName } from '../helpdesk/faults.ts';
import type { Fixture } from './fixture.ts';
import type { SwitchName, SwitchView } from './protocol.ts';

/** Milliseconds before each answer of a slow helpdesk: long enough to watch, short of the bot's patience. */
const SLOW_MS = 5000;

interface Switch {
  readonly label: string;
  readonly explanation: string;
  readonly kind: 'lasting' | 'moment';
  set(isOn: boolean): void | Promise<void>;
}

/** Everything that a visitor can let go wrong, by name. */
export class Switches {
  readonly #switches: Readonly<Record<SwitchName, Switch>>;
  readonly #on = new Set<SwitchName>();

  constructor(fixture: Fixture) {
    this.#switches = createSwitches(fixture);
  }

  list(): SwitchView[] {
    return Object.entries(this.#switches).map(([key, { label, explanation, kind }]) => {
      const name = key as SwitchName;
      return { name, label, explanation, kind, isOn: this.#on.has(name) };
    });
  }

  /**
   * Turns one on or off; one that is a moment happens when it is turned on. Turning twice changes nothing.
   * @returns false when there is none of this name.
   */
  async set(name: string, isOn: boolean): Promise<boolean> {
    if (!this.#isName(name)) return false;
    const { kind, set } = this.#switches[name];
    if (kind === 'moment') {
      if (isOn) await set(true);
    } else if (this.#on.has(name) !== isOn) {
      if (isOn) this.#on.add(name);
      else this.#on.delete(name);
      await set(isOn);
    }
    return true;
  }

  #isName(name: string): name is SwitchName {
    return Object.hasOwn(this.#switches, name);
  }
}

function createSwitches({ world, bot }: Fixture): Record<SwitchName, Switch> {
  const { helpdesk, mailbox, discord } = world;
  const faults = new Set<HelpdeskFaultName>();
  const setFault = (name: HelpdeskFaultName, isOn: boolean) => {
    if (isOn) faults.add(name);
    else faults.delete(name);
    helpdesk.clearFaults();
    for (const fault of faults) helpdesk.fault(fault);
  };
  return {
    'helpdesk-down': {
      label: 'Helpdesk down',
      explanation: 'It refuses connections: certain that nothing is opened.',
      kind: 'lasting',
      set: (isOn) => (isOn ? helpdesk.down() : helpdesk.up()),
    },
    'helpdesk-slow': {
      label: 'Helpdesk slow',
      explanation: 'Each of its answers takes 5 seconds.',
      kind: 'lasting',
      set: (isOn) => {
        helpdesk.latencyMs = isOn ? SLOW_MS : 0;
      },
    },
    'helpdesk-hangs': {
      label: 'Helpdesk hangs',
      explanation: 'It takes a ticket and never answers. The bot gives up after 20 seconds.',
      kind: 'lasting',
      set: (isOn) => {
        setFault('hang', isOn);
        if (!isOn) helpdesk.release();
      },
    },
    'helpdesk-drops': {
      label: 'Opens, then drops the connection',
      explanation: 'The ticket exists, and the bot cannot know.',
      kind: 'lasting',
      set: (isOn) => setFault('open-then-reset', isOn),
    },
    'session-expired': {
      label: 'Session expires',
      explanation: 'The helpdesk forgets that the bot has logged in.',
      kind: 'moment',
      set: () => helpdesk.expireSessions(),
    },
    'mail-down': {
      label: 'Mail down',
      explanation: 'The mail server refuses connections: no codes.',
      kind: 'lasting',
      set: (isOn) => (isOn ? mailbox.down() : mailbox.up()),
    },
    'store-read-only': {
      label: 'Store read-only',
      explanation: 'The bot can write nothing down, as on a full disk.',
      kind: 'lasting',
      set: (isOn) => {
        bot.isReadOnly = isOn;
      },
    },
    'gateway-dropped': {
      label: 'Gateway drops',
      explanation: 'The connection between Discord and the bot is cut.',
      kind: 'moment',
      set: () => discord.fault('gateway-dropped'),
    },
    'bot-killed': {
      label: 'Bot killed',
      explanation: 'SIGKILL, at this very moment. Turn it off to start the bot again.',
      kind: 'lasting',
      set: async (isOn) => {
        if (isOn) await bot.kill();
        else if (!bot.isRunning) bot.start();
      },
    },
  };
}

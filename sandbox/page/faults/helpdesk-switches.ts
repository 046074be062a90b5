import type { NamedFault } from '../../helpdesk/fault-effects.ts';
import { HELPDESK_FAULTS, type HelpdeskFaultName } from '../../helpdesk/faults.ts';
import type { SandboxHelpdesk } from '../../helpdesk/sandbox-helpdesk.ts';
import type { Switch, SwitchGroup } from './switch.ts';

/** Milliseconds before each answer of a slow helpdesk: long enough to watch, short of the bot's patience. */
const SLOW_MS = 5000;

/** Those faults of the stand-in that a visitor meets first have a short name; the others go by their description. */
const KNOWN: Partial<Record<HelpdeskFaultName, Pick<Switch, 'label' | 'explanation' | 'isFrequent'>>> = {
  hang: {
    label: 'Helpdesk hangs',
    explanation: 'It takes a ticket and never answers. The bot gives up after 20 seconds.',
    isFrequent: true,
  },
  'open-then-reset': {
    label: 'Opens, then drops the connection',
    explanation: 'The ticket exists, and the bot cannot know.',
    isFrequent: true,
  },
  refused: {
    label: 'Refusal',
    explanation: 'The helpdesk says no, and why: certain that nothing is opened.',
    isFrequent: true,
  },
};

/** Which group a fault of the stand-in belongs to, by what it does. */
const GROUPS: readonly { readonly title: string; readonly fits: (fault: NamedFault) => boolean }[] = [
  { title: 'The session at the helpdesk has expired', fits: ({ effect }) => effect.kind === 'expired' },
  { title: 'Looking at a ticket', fits: ({ operation }) => operation === 'api_viewTicket' },
  { title: 'Answering a ticket', fits: ({ operation }) => operation === 'api_ticketPost' },
  { title: 'A new ticket: odd words and numbers in the answer', fits: ({ effect }) => effect.kind === 'ticket' },
  { title: 'A new ticket is opened, and the answer is lost or broken', fits: ({ works }) => works },
  { title: 'A new ticket is not opened', fits: ({ works }) => !works },
];

/** Everything that the stand-in of the helpdesk can do wrong. */
export function helpdeskGroups(helpdesk: SandboxHelpdesk): SwitchGroup[] {
  const setFault = faultSetter(helpdesk);
  const all = Object.entries(HELPDESK_FAULTS) as [HelpdeskFaultName, NamedFault][];
  const groups = GROUPS.toReversed().map(({ title }) => ({
    title,
    note: 'It happens to each such call until it is turned off. Of several, the one that was turned on first happens.',
    switches: all
      .filter(([, fault]) => GROUPS.find(({ fits }) => fits(fault))?.title === title)
      .map(
        ([name, fault]): Switch => ({
          name: `helpdesk:${name}`,
          label: fault.description,
          ...KNOWN[name],
          kind: 'lasting',
          set(isOn) {
            setFault({ fault: name, operation: fault.operation }, isOn);
            if (!isOn && fault.effect.kind === 'hang') helpdesk.release();
          },
        }),
      ),
  }));
  return [wholeHelpdesk(helpdesk, setFault), ...groups];
}

type SetFault = ReturnType<typeof faultSetter>;

function wholeHelpdesk(helpdesk: SandboxHelpdesk, setFault: SetFault): SwitchGroup {
  return {
    title: 'The whole helpdesk',
    switches: [
      {
        name: 'helpdesk-down',
        label: 'Helpdesk down',
        explanation: 'It refuses connections: certain that nothing is opened.',
        kind: 'lasting',
        isFrequent: true,
        set: (isOn) => (isOn ? helpdesk.down() : helpdesk.up()),
      },
      {
        name: 'helpdesk-slow',
        label: 'Helpdesk slow',
        explanation: 'Each of its answers takes 5 seconds.',
        kind: 'lasting',
        isFrequent: true,
        set(isOn) {
          helpdesk.latencyMs = isOn ? SLOW_MS : 0;
        },
      },
      {
        name: 'login-refused',
        label: 'Login refused',
        explanation: 'The session of the bot ends, and its password is called wrong: nothing is opened.',
        kind: 'lasting',
        set(isOn) {
          if (isOn) helpdesk.expireSessions();
          setFault({ fault: 'blank', operation: 'api_login' }, isOn);
        },
      },
      {
        name: 'garbage',
        label: 'Garbage',
        explanation: 'Every call is answered with 200 KB of a web page.',
        kind: 'lasting',
        set: (isOn) => setFault({ fault: 'html-200', operation: '*' }, isOn),
      },
      {
        name: 'session-expired',
        label: 'Session expires',
        explanation: 'The helpdesk forgets that the bot has logged in. It logs in again, and nobody notices.',
        kind: 'moment',
        set: () => helpdesk.expireSessions(),
      },
    ],
  };
}

interface ActiveFault {
  readonly fault: HelpdeskFaultName;
  readonly operation: string;
}

/** The stand-in clears its faults all at once, so those that stay on are set anew. */
function faultSetter(helpdesk: SandboxHelpdesk) {
  const active = new Map<string, ActiveFault>();
  return (one: ActiveFault, isOn: boolean) => {
    const key = `${one.operation} ${one.fault}`;
    if (isOn) active.set(key, one);
    else active.delete(key);
    helpdesk.clearFaults();
    for (const { fault, operation } of active.values()) helpdesk.fault(fault, { operation });
  };
}

import { FAULTS, type FaultName, type FaultOptions } from '../../discord/faults.ts';
import type { Fixture } from '../fixture.ts';
import type { Switch, SwitchGroup } from './switch.ts';

/** Happen once. */
const MOMENTS: ReadonlySet<FaultName> = new Set(['gateway-dropped', 'gateway-reconnect', 'gateway-session-lost']);

/** Milliseconds of a slow Discord: short of the three seconds after which it says that the interaction failed. */
const SLOW_MS = 2000;

/** Those that a visitor meets first have a short name; the others go by their description. */
const KNOWN: Partial<
  Record<FaultName, Pick<Switch, 'label' | 'explanation' | 'isFrequent'> & { readonly options?: FaultOptions }>
> = {
  'gateway-dropped': {
    label: 'Gateway drops',
    explanation: 'The connection between Discord and the bot is cut. It comes back by itself.',
    isFrequent: true,
  },
  'callback-slow': {
    label: 'Discord slow',
    explanation: 'The bot’s first answer reaches Discord 2 seconds late. After 3 the interaction would have failed.',
    options: { delayMs: SLOW_MS },
  },
  'token-reset': {
    label: 'Token reset',
    explanation: `${FAULTS['token-reset']} The bot ends: turn this off, then “Bot killed”.`,
  },
};

const GROUPS: readonly { readonly title: string; readonly fits: RegExp }[] = [
  { title: 'Discord: the bot’s first answer', fits: /^callback-/ },
  { title: 'Discord: changes of an answer', fits: /^(edit|follow-up)-/ },
  { title: 'Discord: the connection of the bot', fits: /^(gateway|sessions|token)-/ },
  { title: 'Discord: messages, and everything else', fits: /./ },
];

/** Everything that the stand-in of Discord can do wrong. */
export function discordGroups({ world: { discord }, cast }: Fixture): SwitchGroup[] {
  const groupOf = (name: string) => GROUPS.find(({ fits }) => fits.test(name));
  const names = Object.keys(FAULTS) as FaultName[];
  return GROUPS.map((group) => {
    const switches = names
      .filter((name) => groupOf(name) === group)
      .map((name): Switch => {
        const { options, ...words } = KNOWN[name] ?? { label: FAULTS[name] };
        return {
          name: `discord:${name}`,
          ...words,
          kind: MOMENTS.has(name) ? 'moment' : 'lasting',
          set: (isOn) => (isOn ? discord.fault(name, options) : discord.clearFaults(name)),
        };
      });
    return {
      title: group.title,
      switches: group === GROUPS.at(-1) ? [closedDirectMessages(cast), ...switches] : switches,
    };
  });
}

function closedDirectMessages(cast: Fixture['cast']): Switch {
  return {
    name: 'direct-messages-closed',
    label: 'Direct messages closed',
    explanation: 'Nobody here takes direct messages from the bot.',
    kind: 'lasting',
    set(isOn) {
      for (const { user } of cast) {
        if (isOn) user.closeDirectMessages();
        else user.openDirectMessages();
      }
    },
  };
}

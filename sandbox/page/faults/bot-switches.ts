import type { ObservedBotProcess } from '../../bot/observed-bot-process.ts';
import type { Mailbox, MailboxFault } from '../../mailbox.ts';
import type { Fixture } from '../fixture.ts';
import type { Switch, SwitchGroup } from './switch.ts';

const HOUR_MS = 3_600_000;

/** What the mail server does wrong. */
export function mailSwitches(mailbox: Mailbox): SwitchGroup {
  const active = new Set<MailboxFault>();
  const fault = (name: Extract<MailboxFault, string>, label: string): Switch => ({
    name: `mail:${name}`,
    label,
    kind: 'lasting',
    set(isOn) {
      if (isOn) active.add(name);
      else active.delete(name);
      mailbox.fault = [...active].at(-1);
    },
  });
  return {
    title: 'Mail',
    note: 'Of several, the one that was turned on last happens.',
    switches: [
      {
        name: 'mail-down',
        label: 'Mail down',
        explanation: 'The mail server refuses connections: no codes.',
        kind: 'lasting',
        isFrequent: true,
        set: (isOn) => (isOn ? mailbox.down() : mailbox.up()),
      },
      fault('refuse', 'The mail server knows no such recipient (550)'),
      fault('later', 'The mail server asks to come back later (451)'),
      fault('hang', 'The mail server never answers'),
      fault('take-and-hang', 'The mail server delivers the mail and never says so'),
    ],
  };
}

export function storeSwitches(bot: ObservedBotProcess): SwitchGroup {
  return {
    title: 'The bot’s store',
    switches: [
      {
        name: 'store-read-only',
        label: 'Store read-only',
        explanation: 'The bot can write nothing down, as on a full disk.',
        kind: 'lasting',
        isFrequent: true,
        set(isOn) {
          bot.isReadOnly = isOn;
        },
      },
    ],
  };
}

export function botSwitches(bot: ObservedBotProcess): SwitchGroup {
  return {
    title: 'The bot itself',
    switches: [
      {
        name: 'bot-killed',
        label: 'Bot killed',
        explanation: 'It ends at this very moment (SIGKILL). Turn it off to start the bot again.',
        kind: 'lasting',
        isFrequent: true,
        isOn: () => !bot.isRunning,
        set: async (isOn) => {
          if (isOn) await bot.kill();
          else bot.start();
        },
      },
      {
        name: 'bot-sleeps',
        label: 'Bot frozen',
        explanation: 'Its process stands still (SIGSTOP) and does not know that time passes.',
        kind: 'lasting',
        set: (isOn) => (isOn ? bot.sleep() : bot.wake()),
      },
    ],
  };
}

export function timeSwitches({ skip }: Pick<Fixture, 'skip'>): SwitchGroup {
  return {
    title: 'Time',
    switches: [
      {
        name: 'hour-later',
        label: 'An hour later',
        explanation:
          'The clocks of the bot, Discord and the helpdesk go forward by an hour. Reset does not set them back.',
        kind: 'moment',
        isFrequent: true,
        set: () => skip(HOUR_MS),
      },
    ],
  };
}

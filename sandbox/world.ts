import { Activity } from './activity.ts';
import { realClock, type SandboxClock } from './clock.ts';
import { type SandboxDiscord, startDiscord } from './discord/discord.ts';
import { type SandboxHelpdesk, startHelpdesk } from './helpdesk/sandbox-helpdesk.ts';
import { type Mailbox, startMailbox } from './mailbox.ts';

/** Everything outside the bot, played on this machine. */
export interface World {
  /** Everything that happens in it. */
  readonly activity: Activity;
  readonly discord: SandboxDiscord;
  readonly helpdesk: SandboxHelpdesk;
  readonly mailbox: Mailbox;
  /** The settings with which a bot lives in this world; the store is its own affair. */
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly clock?: SandboxClock;
  /** Milliseconds of real time after which people stop waiting. Without it they wait as long as anything happens at all. */
  readonly patienceMs?: number;
}

/** The account of the bot at the helpdesk: an admin's, which may open tickets for every address. */
const HELPDESK_ACCOUNT = { username: 'bot@example.com', password: 'sandbox-password', kind: 'admin' } as const;

/** Starts Discord, the helpdesk and a mail server on free ports of 127.0.0.1. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { clock = realClock, patienceMs } = options;
  const activity = new Activity({ ...(patienceMs !== undefined && { patienceMs }) });
  const [discord, helpdesk, mailbox] = await Promise.all([
    startDiscord({ clock, activity }),
    startHelpdesk({ now: clock.now, activity, accounts: [HELPDESK_ACCOUNT] }),
    startMailbox({ activity }),
  ]);
  return {
    activity,
    discord,
    helpdesk,
    mailbox,
    settings: {
      DISCORD_TOKEN: discord.botToken,
      DISCORD_API_URL: discord.url,
      HELPDESK_URL: helpdesk.url,
      HELPDESK_USERNAME: HELPDESK_ACCOUNT.username,
      HELPDESK_PASSWORD: HELPDESK_ACCOUNT.password,
      SMTP_URL: mailbox.url,
      MAIL_FROM: 'Example Support <support@example.com>',
    },
    async close() {
      await Promise.all([discord.close(), helpdesk.close(), mailbox.close()]);
    },
  };
}

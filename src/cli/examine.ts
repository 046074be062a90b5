import { type Config, ConfigError, parseConfig } from '../config.ts';
import { createDiscordProbe } from '../discord/discord-probe.ts';
import { type Check, type CheckResult, good, runChecks, warning } from '../health/check.ts';
import { discordChecks } from '../health/discord-checks.ts';
import { helpdeskCheck } from '../health/helpdesk-check.ts';
import { mailCheck } from '../health/mail-check.ts';
import { storageCheck } from '../health/storage-check.ts';
import { createSoapHelpdeskClient } from '../helpdesk/soap-helpdesk-client.ts';
import { createLog } from '../log.ts';
import { createSmtpMailer } from '../mail/smtp-mailer.ts';
import { allowSlowConnections } from '../network.ts';
import { openStorage } from '../storage/open-storage.ts';

/** Milliseconds for a call to the helpdesk: the doctor logs in and opens nothing, which is quick. */
const HELPDESK_TIMEOUT_MS = 15_000;

/**
 * Says of everything that the bot needs whether it is there, and what to do when it is not.
 * @param write Takes what is printed, line breaks included.
 * @returns The exit code: 1 when something is wrong.
 */
export async function examine(
  env: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void,
): Promise<0 | 1> {
  try {
    return await examineAll(parseConfig(env), write);
  } catch (error) {
    write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
    return 1;
  }
}

async function examineAll(config: Config, write: (text: string) => void): Promise<0 | 1> {
  allowSlowConnections();
  const log = createLog('silent');
  const { discord, helpdesk, links, moderation, storage } = config;
  const timeoutMs = Math.min(helpdesk.timeoutMs, HELPDESK_TIMEOUT_MS);
  const checks: Check[] = [
    { name: 'Settings', run: async () => settingsResult(links.verification) },
    storageCheck({ open: () => openStorage(storage), isEncrypted: storage.keys.length > 0 }),
    ...discordChecks(createDiscordProbe(discord), {
      guildId: discord.guildId,
      auditChannelId: moderation.auditChannelId,
    }),
    helpdeskCheck(createSoapHelpdeskClient({ ...helpdesk, timeoutMs, log })),
    ...(links.mail ? [mailCheck(createSmtpMailer({ url: links.mail.smtpUrl, from: links.mail.from, log }))] : []),
  ];
  let isWell = true;
  for (const { name, result } of await runChecks(checks)) {
    isWell &&= result.kind !== 'bad';
    write(`${lineOf(name, result)}\n`);
  }
  write(isWell ? '\nThe bot can start: npm start\n' : '\nThe bot cannot do its work yet.\n');
  return isWell ? 0 : 1;
}

function settingsResult(verification: 'email' | 'moderator' | 'none'): CheckResult {
  return verification === 'none'
    ? warning(
        'LINK_VERIFICATION=none is unsafe: everybody can open tickets in the name of any address.',
        'Use it for trying things out alone; otherwise email or moderator.',
      )
    : good('All are there and have the right form.');
}

const SIGNS: Readonly<Record<CheckResult['kind'], string>> = { good: '✓', warning: '!', bad: '✗' };
/** Characters of the widest name, "Audit channel". */
const NAME_WIDTH = 15;

function lineOf(name: string, result: CheckResult): string {
  const line = `${SIGNS[result.kind]} ${name.padEnd(NAME_WIDTH)}${result.says}`;
  return result.kind === 'good' ? line : `${line}\n  ${' '.repeat(NAME_WIDTH)}> ${result.remedy}`;
}

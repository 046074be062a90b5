import { commands } from '../../commands/index.ts';
import { HELPDESK } from '../chosen-helpdesk.ts';
import type { Config } from '../config.ts';
import { createDiscordProbe, type DiscordProbe } from '../discord/discord-probe.ts';
import type { Check } from '../health/check.ts';
import {
  clockCheck,
  interactionsEndpointCheck,
  publicBotCheck,
  sessionsCheck,
} from '../health/checks/application-checks.ts';
import { auditChannelCheck } from '../health/checks/audit-channel-check.ts';
import { commandsCheck } from '../health/checks/commands-check.ts';
import { discordLoginCheck } from '../health/checks/discord-login-check.ts';
import { diskSpaceCheck } from '../health/checks/disk-space-check.ts';
import { healthPortCheck } from '../health/checks/health-port-check.ts';
import { mailCheck } from '../health/checks/mail-check.ts';
import { moderatorRolesCheck } from '../health/checks/moderator-roles-check.ts';
import { recordsCheck } from '../health/checks/records-check.ts';
import { redisDurabilityCheck } from '../health/checks/redis-durability-check.ts';
import { serversCheck } from '../health/checks/servers-check.ts';
import { storageCheck } from '../health/checks/storage-check.ts';
import { createLog } from '../log.ts';
import { createSmtpMailer } from '../mail/smtp-mailer.ts';
import { backendKindOf } from '../storage/backends/backend-kinds.ts';
import { storePlaceOf } from '../storage/backends/store-place.ts';
import { openStorage } from '../storage/open-storage.ts';

/** What the checks look at, and by which clock. */
export interface CheckedWorld {
  readonly config: Config;
  readonly probe: DiscordProbe;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function probeOf({ discord }: Config, now: () => number): DiscordProbe {
  return createDiscordProbe({ ...discord, now });
}

/** Everything that the settings name, each with the settings that it reads. A check stands behind those that it needs. */
export function checksOf(world: CheckedWorld): Check[] {
  return [
    ...reading(['STORAGE_URL', 'STORAGE_KEY'], storeChecks(world)),
    ...reading(['DISCORD_TOKEN', 'DISCORD_API_URL'], discordChecks(world)),
    ...HELPDESK.checks(world.config.helpdesk, hostOf(world.config.helpdesk.url)),
    ...reading(['SMTP_URL', 'MAIL_FROM'], mailChecks(world)),
    ...reading(['HEALTH_HOST', 'HEALTH_PORT'], healthPortChecks(world)),
  ];
}

function reading(settings: readonly string[], checks: readonly Check[]): Check[] {
  return checks.map((check) => ({ ...check, settings: [...settings, ...(check.settings ?? [])] }));
}

/** The file of a store that is one; undefined for other stores. */
export function storeFileOf({ storage }: Pick<Config, 'storage'>): string | undefined {
  const place = storePlaceOf(storage.url);
  return place.kind === 'file' ? place.file : undefined;
}

function storeChecks({ config, now }: CheckedWorld): Check[] {
  const { url, keys } = config.storage;
  const location = storePlaceOf(url);
  const storeFile = storeFileOf(config);
  const existingFolder = location.kind === 'file' ? location.existingFolder : undefined;
  const place = location.kind === 'memory' ? 'memory' : (storeFile ?? hostOf(url));
  const storage = storageCheck({ open: () => openStorage(config.storage), place, storeFile, existingFolder });
  if (location.kind === 'memory') return [storage];
  return [
    storage,
    recordsCheck({ url, keys, place, storeFile, now }),
    ...(storeFile === undefined ? [] : [diskSpaceCheck({ storeFile })]),
    ...(backendKindOf(url) === 'redis' ? [redisDurabilityCheck({ url, place })] : []),
  ];
}

function discordChecks({ config, probe, now }: CheckedWorld): Check[] {
  const { discord, moderation } = config;
  const { guildId } = discord;
  const { roleIds, auditChannelId } = moderation;
  const data = commands.map((command) => command.data(config));
  return [
    discordLoginCheck({ probe, host: hostOf(discord.apiUrl) }),
    interactionsEndpointCheck(probe),
    ...reading(['DISCORD_GUILD_ID', 'MODERATOR_ROLE_IDS'], [publicBotCheck(probe, { guildId, roleIds })]),
    sessionsCheck(probe, now),
    clockCheck(probe),
    ...reading(['DISCORD_GUILD_ID'], [serversCheck(probe, guildId)]),
    ...reading(['DISCORD_GUILD_ID', 'LINK_VERIFICATION'], [commandsCheck(probe, data, guildId)]),
    ...(roleIds.length === 0 ? [] : reading(['DISCORD_GUILD_ID'], [moderatorRolesCheck(probe, { roleIds, guildId })])),
    ...(auditChannelId === undefined ? [] : reading(['AUDIT_CHANNEL_ID'], [auditChannelCheck(probe, auditChannelId)])),
  ];
}

function mailChecks({ config: { links } }: CheckedWorld): Check[] {
  const { mail } = links;
  if (mail === undefined) return [];
  const mailer = createSmtpMailer({ url: mail.smtpUrl, from: mail.from, log: createLog('silent') });
  return [mailCheck(mailer, hostOf(mail.smtpUrl))];
}

function healthPortChecks({ config: { healthHost: host, healthPort: port } }: CheckedWorld): Check[] {
  return port === undefined ? [] : [healthPortCheck({ host, port })];
}

/** The host and the port of an address, without user and password. PostgreSQL's may be among its parameters. */
function hostOf(url: string): string {
  return (URL.canParse(url) && new URL(url).host) || 'the server of STORAGE_URL';
}

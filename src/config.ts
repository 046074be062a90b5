import { z } from 'zod';
import { parseEmailAddress } from './email-address.ts';
import { parseMailSender } from './mail-sender.ts';
import { ADDRESS_EXAMPLES, backendKindOf } from './storage/backends/backend-kinds.ts';
import { parseSqliteUrl } from './storage/backends/sqlite-url.ts';
import { parseStorageKeys } from './storage/encryption.ts';

/** Every setting of the bot, read once at the start. Milliseconds throughout, whatever unit the variable has. */
export type Config = ReturnType<typeof toConfig>;

/** The environment cannot be used. The message names every faulty variable and what it should be, and no value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, remedy }) => `  ${variable}: ${remedy}`);
    super(['These settings need a look (.env.example explains each of them):', ...lines].join('\n'));
    this.problems = problems;
  }
}

export interface ConfigProblem {
  readonly variable: string;
  /** Says what is wrong or what the variable must be, and follows its name and a colon. */
  readonly remedy: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Discord's IDs: 64 bits in decimal, at least 17 digits since 2015. */
const SNOWFLAKE = /^\d{17,20}$/;
/** The bot's ID, a time and a signature, each in base64 for addresses. Their lengths have changed over the years. */
const DISCORD_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** A select has 25 options (Discord); one is "Something else". */
const MAX_PRODUCTS = 24;
/** Discord's limit for the label of a select option. */
const MAX_PRODUCT_LENGTH = 100;

const SMTP_URL_REMEDY =
  'must be smtp://user:password@host:587, or smtps:// with port 465; @ : / ? # and % in user and password as %40 %3A %2F %3F %23 %25';
const HELPDESK_URL_REMEDY = 'must be the http or https address of api.php, without ?wsdl';

const required = (remedy: string) => z.string({ error: `missing. ${remedy}` });
const url = (protocols: string[], remedy: string) =>
  z.string().refine((text) => isUrlWithHost(text, protocols), { error: remedy });
const isUrlWithHost = (text: string, protocols: string[]) => {
  const { protocol = '', hostname = '' } = URL.canParse(text) ? new URL(text) : {};
  return protocols.includes(protocol) && hostname !== '';
};
const wholeNumber = (from: number, to: number, unit?: string) => {
  const error = `must be a whole number ${unit ? `of ${unit} ` : ''}from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((n) => n >= from && n <= to, { error });
};
const oneOf = <const V extends string>(values: readonly V[]) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const snowflake = (of: string) => z.string().regex(SNOWFLAKE, { error: `must be the ID of ${of}, 17 to 20 digits` });
const EMAIL_REMEDY = 'must be an email address, such as support@example.com';
const email = z.string().transform((text, context) => {
  const address = parseEmailAddress(text);
  if (address) return address;
  context.addIssue(EMAIL_REMEDY);
  return z.NEVER;
});

/** The gateway shards of this process: as many as Discord recommends, or some of a number that all processes share. */
export type Shards = 'auto' | { readonly ids: readonly number[]; readonly count: number };

function parseShards(text: string): Shards | undefined {
  const trimmed = text.trim();
  if (trimmed === 'auto') return 'auto';
  const [, list, total] = /^(\d{1,4}(?:\s*,\s*\d{1,4})*)\s*\/\s*(\d{1,4})$/.exec(trimmed) ?? [];
  if (list === undefined) return undefined;
  const ids = list.split(',').map(Number);
  const count = Number(total);
  const isValid = ids.every((id) => id < count) && new Set(ids).size === ids.length;
  return isValid ? { ids: ids.sort((one, other) => one - other), count } : undefined;
}

/** As it is written in SHARDS. */
export function describeShards(shards: Shards): string {
  return shards === 'auto' ? 'auto' : `${shards.ids.join(',')}/${shards.count}`;
}

const variables = z.object({
  DISCORD_TOKEN: required("The bot's token, from the Bot page of your application at discord.com/developers").refine(
    (text) => DISCORD_TOKEN.test(text),
    {
      error:
        'must be the token as the Bot page shows it: three parts with a dot between them, without blanks. The client secret and the public key are others',
    },
  ),
  HELPDESK_USERNAME: required('The login of the helpdesk account that opens the tickets'),
  HELPDESK_PASSWORD: required('Its password or, better, an API key'),
  SMTP_URL: url(['smtp:', 'smtps:'], SMTP_URL_REMEDY)
    // What a / or # in a password makes of an address: the host is the user, and the rest is a path.
    .refine((text) => !URL.canParse(text) || /^\/?$/.test(new URL(text).pathname + new URL(text).hash), {
      error: SMTP_URL_REMEDY,
    })
    .optional(),
  MAIL_FROM: z
    .string()
    .transform((text, context) => {
      const sender = parseMailSender(text);
      if (sender) return sender;
      context.addIssue('must be an address, such as support@example.com or Example Support <support@example.com>');
      return z.NEVER;
    })
    .optional(),

  DISCORD_API_URL: url(['http:', 'https:'], 'must be an http or https address').default('https://discord.com/api'),
  DISCORD_GUILD_ID: snowflake('one server').optional(),
  SHARDS: z
    .string()
    .transform((text, context) => {
      const shards = parseShards(text);
      if (shards) return shards;
      context.addIssue('must be auto, or the shards of this process and how many there are in all, such as 0,1/4');
      return z.NEVER;
    })
    .default('auto' as const),

  HELPDESK_URL: url(['http:', 'https:'], HELPDESK_URL_REMEDY)
    // At that address the helpdesk answers every call with its description.
    .refine((text) => !/[?&]wsdl\b/i.test(text), { error: HELPDESK_URL_REMEDY })
    .default('https://my.interserver.net/api.php'),
  HELPDESK_NAME: z
    .string()
    .trim()
    // So that it stands in the title of a form, and in one line of a mail.
    .regex(/^[^\p{C}]{1,24}$/u, {
      error: 'must be a name of at most 24 characters in one line, such as Example Hosting',
    })
    .default('the helpdesk'),
  HELPDESK_USER_IP: z
    .union([z.ipv4(), z.ipv6()], { error: 'must be an IP address, such as 127.0.0.1' })
    .default('127.0.0.1'),
  HELPDESK_TIMEOUT_SECONDS: wholeNumber(1, 600, 'seconds').default(130),
  HELPDESK_CHARSET: oneOf(['auto', 'utf-8', 'iso-8859-1']).default('auto'),
  HELPDESK_TICKET_URL: url(['http:', 'https:'], 'must be an address with {reference} in it')
    .refine((text) => text.includes('{reference}'), { error: 'must be an address with {reference} in it' })
    .optional(),
  HELPDESK_CONCURRENCY: wholeNumber(1, 100, 'calls').default(8),
  HELPDESK_SHOW_POSTS: oneOf(['no', 'yes']).default('no'),

  TICKET_PRODUCTS: list
    .refine((names) => names.length <= MAX_PRODUCTS && names.every((name) => name.length <= MAX_PRODUCT_LENGTH), {
      error: `must be at most ${MAX_PRODUCTS} names of at most ${MAX_PRODUCT_LENGTH} characters, separated by commas`,
    })
    .refine((names) => new Set(names).size === names.length, { error: 'must name each product once' })
    .default([]),
  TICKETS_PER_HOUR: wholeNumber(1, 1000, 'tickets').default(5),
  SERVER_TICKETS_PER_HOUR: wholeNumber(1, 100_000, 'tickets').default(100),
  WATCH_LOOKS_PER_MINUTE: wholeNumber(0, 60, 'looks').default(10),
  DRAFT_LIFETIME_HOURS: wholeNumber(1, 720, 'hours').default(24),
  RECORD_LIFETIME_DAYS: wholeNumber(1, 3650, 'days').default(30),

  LINK_VERIFICATION: oneOf(['email', 'moderator', 'none']).default('email'),
  LINK_MAILS_PER_HOUR: wholeNumber(1, 100, 'mails').default(3),

  MODERATOR_ROLE_IDS: list
    // A list that came out empty, such as ",", must not fall back on the permission: somebody meant to name roles.
    .refine((ids) => ids.length > 0 && ids.every((id) => SNOWFLAKE.test(id)), {
      error: 'must be role IDs of 17 to 20 digits, separated by commas',
    })
    .default([]),
  ESCALATION_EMAIL: email.optional(),
  ESCALATION_NOTICE: oneOf(['off', 'reply']).default('off'),
  AUDIT_CHANNEL_ID: snowflake('a channel').optional(),

  STORAGE_URL: z
    .string()
    .refine((text) => backendKindOf(text) !== undefined, { error: `must be ${ADDRESS_EXAMPLES}` })
    .superRefine((text, context) => {
      const location = backendKindOf(text) === 'sqlite' ? parseSqliteUrl(text) : undefined;
      if (location?.kind === 'refused') context.addIssue(location.remedy);
    })
    .default('sqlite:./data/openticket.sqlite'),
  STORAGE_KEY: z
    .string()
    .transform((text, context) => {
      const keys = parseStorageKeys(text);
      if (keys) return keys;
      context.addIssue('must be 32 random bytes in base64 or hex (openssl rand -base64 32); old keys after a comma');
      return z.NEVER;
    })
    .default([]),

  HEALTH_PORT: wholeNumber(1, 65_535).optional(),
  HEALTH_HOST: z
    .union([z.ipv4(), z.ipv6(), z.literal('localhost')], {
      error:
        'must be an IP address of this machine: 127.0.0.1 for itself alone, 0.0.0.0 or :: for everybody who reaches it',
    })
    .default('127.0.0.1'),
  SHUTDOWN_TIMEOUT_SECONDS: wholeNumber(0, 600, 'seconds').default(30),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** The names of all settings, in the order of `.env.example`. */
export const SETTINGS = Object.keys(variables.shape);

/**
 * Reads every setting. An empty variable counts as not set.
 * @param takesAddress Whether the helpdesk takes a plain address for an account; by default it takes all.
 * @throws {ConfigError} naming every variable that is missing or malformed, and no value.
 */
export function parseConfig(env: Environment, takesAddress: (address: string) => boolean = () => true): Config {
  return toConfig(
    parseVariables(variables, env, (given) => [...missingTogether(given), ...addressesNotTaken(given, takesAddress)]),
  );
}

/** Reads the settings of the store alone, for tools that need no others. @throws {ConfigError} */
export function parseStorageConfig(env: Environment): Config['storage'] {
  return toStorageConfig(parseVariables(variables.pick({ STORAGE_URL: true, STORAGE_KEY: true }), env));
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @param findMore What is wrong with settings that have the right form. */
function parseVariables<T extends Record<string, unknown>>(
  schema: z.ZodType<T> & { readonly shape: object },
  env: Environment,
  findMore: (given: Record<string, string | undefined>) => ConfigProblem[] = () => [],
): T {
  const names = Object.keys(schema.shape);
  const given = Object.fromEntries(names.map((name) => [name, env[name]?.trim() || undefined]));
  const parsed = schema.safeParse(given);
  const problems = new Map<string, string>();
  for (const name of names) {
    const remedy = misreadRemedy(name, given[name] ?? '');
    if (remedy) problems.set(name, remedy);
  }
  for (const issue of parsed.error?.issues ?? []) {
    const variable = String(issue.path[0]);
    if (!problems.has(variable)) problems.set(variable, issue.message);
  }
  for (const name of names) {
    if (!problems.has(name) && CONTROL_CHARACTER.test(given[name] ?? '')) {
      problems.set(name, 'arrives with a line break or another control character in it. Write it anew, on one line');
    }
  }
  for (const { variable, remedy } of findMore(given)) if (!problems.has(variable)) problems.set(variable, remedy);
  if (!parsed.success || problems.size > 0) {
    const inOrder = [...problems].sort(([a], [b]) => names.indexOf(a) - names.indexOf(b));
    throw new ConfigError(inOrder.map(([variable, remedy]) => ({ variable, remedy })));
  }
  return parsed.data;
}

/** Opening and closing quotes, with those that word processors put in. */
const QUOTED = /^(?:".*"|'.*'|`.*`|[“”„‟].*[“”]|[‘’‚‛].*[‘’]|«.*»)$/s;
const QUOTE_AT_AN_END = /^["'`“”„‟‘’‚‛«]|["'`“”‘’»]$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL_CHARACTER = /[\u0000-\u001F\u007F]/;

/** Settings of free text, in which a quote or a # may be meant, with what is a comment all the same. Others have none. */
const COMMENT_IN_FREE_TEXT: Readonly<Record<string, RegExp>> = {
  HELPDESK_PASSWORD: /\s#(\s|$)/,
  TICKET_PRODUCTS: /\s#(\s|$)/,
  // After the address; the name before it may have one.
  MAIL_FROM: /@\S*\s+#/,
};

/**
 * What is wrong with a value that the reader of a file of settings has left as it was written there. Such readers differ:
 * Docker keeps quotes and comments that Node and systemd take away.
 * @returns Undefined when it looks as it was meant.
 */
function misreadRemedy(name: string, value: string): string | undefined {
  const comment = COMMENT_IN_FREE_TEXT[name];
  if ((value.length > 1 && QUOTED.test(value)) || (!comment && QUOTE_AT_AN_END.test(value))) {
    return 'arrives with quotes around it. Not every reader of .env takes them away: write the value without';
  }
  if ((comment ?? /\s#/).test(value)) {
    return 'arrives with a comment behind it. Not every reader of .env takes it away: give it a line of its own';
  }
  return undefined;
}

/** Settings that only the value of another one makes necessary. */
function missingTogether(given: Record<string, string | undefined>): ConfigProblem[] {
  const verification = given.LINK_VERIFICATION ?? 'email';
  const problems: ConfigProblem[] = [];
  if (verification === 'email') {
    if (!given.SMTP_URL) {
      problems.push({
        variable: 'SMTP_URL',
        remedy: 'missing. Codes are mailed: smtp://user:password@host:587 (or choose another LINK_VERIFICATION)',
      });
    }
    if (!given.MAIL_FROM) {
      problems.push({
        variable: 'MAIL_FROM',
        remedy: 'missing. The sender of these mails, such as support@example.com',
      });
    }
  }
  if (verification === 'moderator' && !given.AUDIT_CHANNEL_ID) {
    problems.push({
      variable: 'AUDIT_CHANNEL_ID',
      remedy: 'missing. With LINK_VERIFICATION=moderator, moderators approve links in this channel',
    });
  }
  return problems;
}

/** Addresses that get tickets: what the helpdesk does not take would fail at the first of them. */
function addressesNotTaken(
  given: Record<string, string | undefined>,
  takesAddress: (address: string) => boolean,
): ConfigProblem[] {
  const address = parseEmailAddress(given.ESCALATION_EMAIL ?? '');
  if (address === undefined || takesAddress(address)) return [];
  return [{ variable: 'ESCALATION_EMAIL', remedy: EMAIL_REMEDY }];
}

function toConfig(v: z.infer<typeof variables>) {
  return {
    logLevel: v.LOG_LEVEL,
    healthPort: v.HEALTH_PORT,
    healthHost: v.HEALTH_HOST,
    shutdownTimeoutMs: v.SHUTDOWN_TIMEOUT_SECONDS * SECOND,
    discord: { token: v.DISCORD_TOKEN, apiUrl: v.DISCORD_API_URL, guildId: v.DISCORD_GUILD_ID, shards: v.SHARDS },
    helpdesk: {
      url: v.HELPDESK_URL,
      username: v.HELPDESK_USERNAME,
      password: v.HELPDESK_PASSWORD,
      userIp: v.HELPDESK_USER_IP,
      timeoutMs: v.HELPDESK_TIMEOUT_SECONDS * SECOND,
      charset: v.HELPDESK_CHARSET,
      concurrency: v.HELPDESK_CONCURRENCY,
      name: v.HELPDESK_NAME,
      ticketUrl: v.HELPDESK_TICKET_URL,
      showPosts: v.HELPDESK_SHOW_POSTS === 'yes',
    },
    tickets: {
      products: v.TICKET_PRODUCTS,
      perPersonAndHour: v.TICKETS_PER_HOUR,
      perServerAndHour: v.SERVER_TICKETS_PER_HOUR,
      watchLooksPerMinute: v.WATCH_LOOKS_PER_MINUTE,
      draftLifetimeMs: v.DRAFT_LIFETIME_HOURS * HOUR,
      recordLifetimeMs: v.RECORD_LIFETIME_DAYS * DAY,
    },
    links: {
      verification: v.LINK_VERIFICATION,
      mailsPerHour: v.LINK_MAILS_PER_HOUR,
      // Present whenever they are needed: missingTogether sees to it.
      mail: v.SMTP_URL && v.MAIL_FROM ? { smtpUrl: v.SMTP_URL, from: v.MAIL_FROM } : undefined,
    },
    moderation: {
      roleIds: v.MODERATOR_ROLE_IDS,
      escalationEmail: v.ESCALATION_EMAIL,
      escalationNotice: v.ESCALATION_NOTICE,
      auditChannelId: v.AUDIT_CHANNEL_ID,
    },
    storage: toStorageConfig(v),
  };
}

function toStorageConfig(v: Pick<z.infer<typeof variables>, 'STORAGE_URL' | 'STORAGE_KEY'>) {
  return { url: v.STORAGE_URL, keys: v.STORAGE_KEY };
}

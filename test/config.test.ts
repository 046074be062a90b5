import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { HELPDESK } from '../src/chosen-helpdesk.ts';
import { type Config, ConfigError, parseConfig, SETTINGS } from '../src/config.ts';

const REQUIRED = {
  DISCORD_TOKEN: 'a.bot.token',
  HELPDESK_USERNAME: 'bot@example.com',
  HELPDESK_PASSWORD: 'a-password',
  SMTP_URL: 'smtp://127.0.0.1:25',
  MAIL_FROM: 'support@example.com',
};
const ROLE = '123456789012345678';
const OTHER_ROLE = '12345678901234567890';
const KEY = Buffer.alloc(32, 7);
const OLD_KEY = Buffer.alloc(32, 8);

interface Setting {
  /** Where the setting arrives. */
  readonly read: (config: Config) => unknown;
  /** With the variable not set; left out for a required one. */
  readonly byDefault?: unknown;
  readonly accepted: readonly (readonly [string, unknown])[];
  readonly refused: readonly string[];
  /** What the message says that it should be. */
  readonly shouldBe: RegExp;
  /** Settings without which this one's values are not accepted. */
  readonly along?: Readonly<Record<string, string>>;
}

function numberSetting(
  read: Setting['read'],
  { from, to, unit, byDefault, factor = 1 }: Record<'from' | 'to', number> & Record<string, unknown>,
): Setting {
  const scale = (n: number) => n * Number(factor);
  return {
    read,
    byDefault,
    accepted: [
      [String(from), scale(from)],
      [String(to), scale(to)],
      [` ${to} `, scale(to)],
    ],
    refused: [String(from - 1), String(to + 1), '1.5', '1e2', '0x10', 'ten', '99999999999999'],
    shouldBe: new RegExp(`a whole number ${unit ? `of ${unit} ` : ''}from ${from} to ${to}`),
  };
}

const settings: Readonly<Record<string, Setting>> = {
  DISCORD_TOKEN: {
    read: (config) => config.discord.token,
    accepted: [['MTk4.Cl_F-Q.ZnCjm1', 'MTk4.Cl_F-Q.ZnCjm1']],
    // Also a client secret and a public key, which stand near the token in the portal.
    refused: [
      'abc',
      'Bot abc.def.ghi',
      'two\nlines.a.b',
      'abc.déf.ghi',
      'a.b\u200B.c',
      'x'.repeat(32),
      'a1'.repeat(32),
    ],
    shouldBe: /three parts with a dot between them/,
  },
  HELPDESK_USERNAME: {
    read: (config) => config.helpdesk.username,
    accepted: [['bot@example.com', 'bot@example.com']],
    refused: [],
    shouldBe: /login of the helpdesk account/,
  },
  HELPDESK_PASSWORD: {
    read: (config) => config.helpdesk.password,
    accepted: [['p ä ss#"word', 'p ä ss#"word']],
    refused: [],
    shouldBe: /API key/,
  },
  SMTP_URL: {
    read: (config) => config.links.mail?.smtpUrl,
    accepted: [
      ['smtp://user:pass@mail.example.com:587', 'smtp://user:pass@mail.example.com:587'],
      ...[
        'smtps://mail.example.com',
        'smtp://mail.example.com/',
        'smtp://us%40er:p%2Fa%23ss@mail.example.com?tls.rejectUnauthorized=false',
      ].map((address) => [address, address] as const),
    ],
    refused: [
      'mail.example.com',
      'http://mail.example.com',
      'smtp:',
      'smtp://user:pass/word@mail.example.com',
      'smtp://user:12/word@mail.example.com',
      'smtp://user:12#word@mail.example.com',
    ],
    shouldBe: /smtp:\/\/user:password@host:587/,
  },
  MAIL_FROM: {
    read: (config) => config.links.mail?.from,
    accepted: [
      ['support@example.com', { name: '', address: 'support@example.com' }],
      ['Example: Support <support@example.com>', { name: 'Example: Support', address: 'support@example.com' }],
    ],
    refused: ['support', 'Example <support>', 'a@example.com\nBcc: b@example.com', 'a@example.com b@example.com'],
    shouldBe: /an address, such as support@example.com/,
  },
  DISCORD_API_URL: {
    read: (config) => config.discord.apiUrl,
    byDefault: 'https://discord.com/api',
    accepted: [['http://127.0.0.1:8080/api', 'http://127.0.0.1:8080/api']],
    refused: ['discord.com/api', 'ws://127.0.0.1', 'not an address'],
    shouldBe: /an http or https address/,
  },
  DISCORD_GUILD_ID: {
    read: (config) => config.discord.guildId,
    byDefault: undefined,
    accepted: [[ROLE, ROLE]],
    refused: ['1234', 'my server', `<${ROLE}>`],
    shouldBe: /the ID of one server, 17 to 20 digits/,
  },
  SHARDS: {
    read: (config) => config.discord.shards,
    byDefault: 'auto',
    accepted: [
      ['auto', 'auto'],
      ['0/1', { ids: [0], count: 1 }],
      [' 3, 1 / 4', { ids: [1, 3], count: 4 }],
    ],
    refused: ['4', '4/4', '0,0/2', '0-3/4', '-1/4', 'all'],
    shouldBe: /auto, or the shards of this process.*0,1\/4/,
  },
  HELPDESK_URL: {
    read: (config) => config.helpdesk.url,
    byDefault: 'https://my.interserver.net/api.php',
    accepted: [
      ['http://127.0.0.1/api.php', 'http://127.0.0.1/api.php'],
      ['https://example.com/wsdl/api.php?a=wsdl', 'https://example.com/wsdl/api.php?a=wsdl'],
    ],
    refused: [
      'my.interserver.net',
      'ftp://my.interserver.net/api.php',
      'https://my.interserver.net/api.php?wsdl',
      'https://my.interserver.net/api.php?a=b&WSDL',
    ],
    shouldBe: /the http or https address of api\.php/,
  },
  HELPDESK_NAME: {
    read: (config) => config.helpdesk.name,
    byDefault: 'the helpdesk',
    accepted: [
      ['Example Hosting', 'Example Hosting'],
      [' Zoë & Söhne ', 'Zoë & Söhne'],
    ],
    refused: ['x'.repeat(25), 'two\nlines'],
    shouldBe: /a name of at most 24 characters in one line/,
  },
  HELPDESK_USER_IP: {
    read: (config) => config.helpdesk.userIp,
    byDefault: '127.0.0.1',
    accepted: [
      ['192.0.2.7', '192.0.2.7'],
      ['2001:db8::1', '2001:db8::1'],
    ],
    refused: ['localhost', '192.0.2', '192.0.2.256', '192.0.2.7:80'],
    shouldBe: /an IP address, such as 127\.0\.0\.1/,
  },
  HELPDESK_TIMEOUT_SECONDS: numberSetting((config) => config.helpdesk.timeoutMs, {
    from: 1,
    to: 600,
    unit: 'seconds',
    byDefault: 130_000,
    factor: 1000,
  }),
  HELPDESK_CHARSET: {
    read: (config) => config.helpdesk.charset,
    byDefault: 'auto',
    accepted: ['auto', 'utf-8', 'iso-8859-1'].map((name) => [name, name]),
    refused: ['latin1', 'UTF-8'],
    shouldBe: /one of auto, utf-8, iso-8859-1/,
  },
  HELPDESK_TICKET_URL: {
    read: (config) => config.helpdesk.ticketUrl,
    byDefault: undefined,
    accepted: [['https://my.example.com/tickets/{reference}', 'https://my.example.com/tickets/{reference}']],
    refused: ['https://my.example.com/tickets', 'tickets/{reference}', 'javascript:alert("{reference}")'],
    shouldBe: /an address with \{reference\} in it/,
  },
  HELPDESK_CONCURRENCY: numberSetting((config) => config.helpdesk.concurrency, {
    from: 1,
    to: 100,
    unit: 'calls',
    byDefault: 8,
  }),
  HELPDESK_SHOW_POSTS: {
    read: (config) => config.helpdesk.showPosts,
    byDefault: false,
    accepted: [
      ['yes', true],
      ['no', false],
    ],
    refused: ['true', 'on'],
    shouldBe: /one of no, yes/,
  },
  TICKET_PRODUCTS: {
    read: (config) => config.tickets.products,
    byDefault: [],
    accepted: [
      ['VPS', ['VPS']],
      [' VPS , Web hosting,,Domains, ', ['VPS', 'Web hosting', 'Domains']],
      ['x'.repeat(100), ['x'.repeat(100)]],
      [count(24), count(24).split(',')],
    ],
    refused: [count(25), 'x'.repeat(101), 'VPS,VPS'],
    shouldBe: /at most 24 names of at most 100 characters|each product once/,
  },
  TICKETS_PER_HOUR: numberSetting((config) => config.tickets.perPersonAndHour, {
    from: 1,
    to: 1000,
    unit: 'tickets',
    byDefault: 5,
  }),
  SERVER_TICKETS_PER_HOUR: numberSetting((config) => config.tickets.perServerAndHour, {
    from: 1,
    to: 100_000,
    unit: 'tickets',
    byDefault: 100,
  }),
  WATCH_LOOKS_PER_MINUTE: numberSetting((config) => config.tickets.watchLooksPerMinute, {
    from: 0,
    to: 60,
    unit: 'looks',
    byDefault: 10,
  }),
  DRAFT_LIFETIME_HOURS: numberSetting((config) => config.tickets.draftLifetimeMs, {
    from: 1,
    to: 720,
    unit: 'hours',
    byDefault: 24 * 3_600_000,
    factor: 3_600_000,
  }),
  RECORD_LIFETIME_DAYS: numberSetting((config) => config.tickets.recordLifetimeMs, {
    from: 1,
    to: 3650,
    unit: 'days',
    byDefault: 30 * 86_400_000,
    factor: 86_400_000,
  }),
  LINK_VERIFICATION: {
    read: (config) => config.links.verification,
    byDefault: 'email',
    accepted: ['email', 'moderator', 'none'].map((name) => [name, name]),
    along: { AUDIT_CHANNEL_ID: ROLE },
    refused: ['mail', 'off', 'NONE'],
    shouldBe: /one of email, moderator, none/,
  },
  LINK_MAILS_PER_HOUR: numberSetting((config) => config.links.mailsPerHour, {
    from: 1,
    to: 100,
    unit: 'mails',
    byDefault: 3,
  }),
  MODERATOR_ROLE_IDS: {
    read: (config) => config.moderation.roleIds,
    byDefault: [],
    accepted: [
      [ROLE, [ROLE]],
      [`${ROLE}, ${OTHER_ROLE},`, [ROLE, OTHER_ROLE]],
    ],
    refused: ['Moderators', `${ROLE} ${OTHER_ROLE}`, `${ROLE},1`, ',', ' , ,'],
    shouldBe: /role IDs of 17 to 20 digits, separated by commas/,
  },
  ESCALATION_EMAIL: {
    read: (config) => config.moderation.escalationEmail,
    byDefault: undefined,
    accepted: ['community@example.com', 'o&m@example.com', 'user@example.xn--p1ai'].map((address) => [
      address,
      address,
    ]),
    refused: ['community', 'Community <community@example.com>', 'a@example.com,b@example.com'],
    shouldBe: /an email address, such as/,
  },
  ESCALATION_NOTICE: {
    read: (config) => config.moderation.escalationNotice,
    byDefault: 'off',
    accepted: ['off', 'reply'].map((name) => [name, name]),
    refused: ['on', 'true'],
    shouldBe: /one of off, reply/,
  },
  AUDIT_CHANNEL_ID: {
    read: (config) => config.moderation.auditChannelId,
    byDefault: undefined,
    accepted: [[ROLE, ROLE]],
    refused: ['#moderators', '99'],
    shouldBe: /the ID of a channel, 17 to 20 digits/,
  },
  STORAGE_URL: {
    read: (config) => config.storage.url,
    byDefault: 'sqlite:./data/openticket.sqlite',
    accepted: [
      'sqlite:/var/lib/bot.sqlite',
      'sqlite://data/bot.sqlite',
      'SQLite:./data/bot.sqlite',
      'redis://127.0.0.1:6379',
      'rediss://user:pass@host:6379/1',
      'postgres://user:pass@host/database',
      'postgresql://host/database',
    ].map((url) => [url, url]),
    refused: ['./data/bot.sqlite', 'sqlite:', 'mysql://host/database', 'redis:'],
    shouldBe: /sqlite:.*, redis:.* or postgres:/,
  },
  STORAGE_KEY: {
    read: (config) => config.storage.keys,
    byDefault: [],
    accepted: [
      [KEY.toString('base64'), [KEY]],
      [KEY.toString('hex'), [KEY]],
      [`${KEY.toString('base64')},${OLD_KEY.toString('hex')}`, [KEY, OLD_KEY]],
    ],
    refused: ['secret', KEY.subarray(1).toString('base64'), `${KEY.toString('hex')},short`],
    shouldBe: /32 random bytes in base64 or hex/,
  },
  HEALTH_PORT: numberSetting((config) => config.healthPort, { from: 1, to: 65_535, unit: '', byDefault: undefined }),
  HEALTH_HOST: {
    read: (config) => config.healthHost,
    byDefault: '127.0.0.1',
    accepted: ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].map((host) => [host, host]),
    refused: ['*', '127.0.0.1:9090', 'http://127.0.0.1', '[::1]', 'metrics.example.com'],
    shouldBe: /an IP address of this machine: 127\.0\.0\.1 for itself alone/,
  },
  SHUTDOWN_TIMEOUT_SECONDS: numberSetting((config) => config.shutdownTimeoutMs, {
    from: 0,
    to: 600,
    unit: 'seconds',
    byDefault: 30_000,
    factor: 1000,
  }),
  LOG_LEVEL: {
    read: (config) => config.logLevel,
    byDefault: 'info',
    accepted: ['trace', 'debug', 'info', 'warn', 'error', 'silent'].map((name) => [name, name]),
    refused: ['verbose', 'INFO', '3'],
    shouldBe: /one of trace, debug, info, warn, error, silent/,
  },
};

test('every setting has its row in this table', () => {
  expect(Object.keys(settings), 'add it to `settings` in test/config.test.ts, in the order of src/config.ts').toEqual(
    SETTINGS,
  );
});

describe.each(Object.entries(settings))('%s', (name, { read, byDefault, accepted, refused, shouldBe, along = {} }) => {
  const isRequired = name in REQUIRED;

  test(
    isRequired ? 'is required, and says what it is when it is missing' : 'has its default when it is not set',
    () => {
      for (const missing of [undefined, '', '  ']) {
        const env = { ...REQUIRED, [name]: missing };
        if (isRequired) {
          expect(problemsOf(env)).toEqual([{ variable: name, remedy: expect.stringMatching(/^missing\. \S/) }]);
        } else expect(read(parseConfig(env))).toEqual(byDefault);
      }
    },
  );

  test.each(accepted)('takes %j', (value, expected) => {
    expect(read(parseConfig({ ...REQUIRED, ...along, [name]: value }))).toEqual(expected);
  });

  test.each(refused)('refuses %j and says what it should be', (value) => {
    const error = errorOf({ ...REQUIRED, ...along, [name]: value });
    expect(error.problems).toEqual([{ variable: name, remedy: expect.stringMatching(shouldBe) }]);
    expect(error.problems[0]?.remedy).toMatch(/^(must|arrives with) /);
    expect(error.message).toContain(`${name}: `);
  });
});

describe('a value that its reader has left as it was written', () => {
  const remedyOf = (name: string, value: string, along = {}) => {
    const error = errorOf({ ...REQUIRED, ...along, [name]: value });
    expect(error.message).not.toContain(value);
    expect(error.problems.map(({ variable }) => variable)).toEqual([name]);
    return error.problems[0]?.remedy;
  };
  const rows = Object.entries(settings).map(
    ([name, { accepted, along }]) => [name, accepted[0]?.[0] ?? '', along] as const,
  );

  test.each(rows)('is named when it is in quotes: %s', (name, value, along) => {
    for (const [open, close] of ['""', "''", '``', '“”', '„“', '‘’', '«»']) {
      for (const quoted of [`${open}${value}${close}`, ` ${open} ${value}${close} \r`]) {
        expect(remedyOf(name, quoted, along)).toMatch(/^arrives with quotes around it\..*without$/);
      }
    }
    expect(remedyOf(name, '""', along)).toMatch(/^arrives with quotes/);
  });

  test.each(rows)('is named when a comment stands behind it: %s', (name, value, along) => {
    for (const comment of [' # a comment', '\t# a comment', ' #']) {
      expect(remedyOf(name, value + comment, along)).toMatch(/^arrives with a comment behind it\..*line of its own$/);
    }
  });

  test.each(rows)('is named when a line break is in it: %s', (name, value, along) => {
    // Most say what they should be instead.
    expect(remedyOf(name, `${value}\r\n${value}`, along)).toMatch(/\w/);
  });

  test.each(['HELPDESK_USERNAME', 'HELPDESK_PASSWORD', 'HELPDESK_TICKET_URL', 'TICKET_PRODUCTS'])(
    'is named when a control character is in it and nothing else is wrong: %s',
    (name) => {
      const value = settings[name]?.accepted[0]?.[0] ?? '';
      for (const spoiled of [`${value}\r${value}`, `${value}\u0000x`, `${value}\tx`]) {
        expect(remedyOf(name, spoiled)).toMatch(/control character/);
      }
    },
  );

  test.each(rows)('is taken without a carriage return or blanks at its ends: %s', (name, value, along) => {
    const env = { ...REQUIRED, ...along };
    expect(parseConfig({ ...env, [name]: ` ${value} \r` })).toEqual(parseConfig({ ...env, [name]: value }));
  });

  test.each([
    ['HELPDESK_PASSWORD', `it's "quoted" #1`],
    ['HELPDESK_PASSWORD', '"'],
    ['HELPDESK_PASSWORD', `"one end`],
    ['HELPDESK_PASSWORD', `'two kinds"`],
    ['HELPDESK_PASSWORD', '#starts with it'],
    ['TICKET_PRODUCTS', 'C #1, "VPS" large'],
    ['MAIL_FROM', 'Support # 1 <support@example.com>'],
  ])('is taken when it is meant so: %s=%s', (name, value) => {
    expect(() => parseConfig({ ...REQUIRED, [name]: value })).not.toThrow();
  });
});

test('a refused value is not repeated: it may be a secret in the wrong place', () => {
  const canary = 'canary in the wrong place'.repeat(5);
  // Those that take any text at all. Name a new one here, unless its form refuses this.
  const freeText = ['HELPDESK_USERNAME', 'HELPDESK_PASSWORD'];
  const error = errorOf(Object.fromEntries(SETTINGS.map((name) => [name, canary])));
  expect(error.problems.map(({ variable }) => variable)).toEqual(SETTINGS.filter((name) => !freeText.includes(name)));
  expect(error.message).not.toContain('canary');
});

test('several faults stand in one message, each with its variable, in the order of .env.example', () => {
  const error = errorOf({ ...REQUIRED, LOG_LEVEL: 'loud', HELPDESK_PASSWORD: '', TICKETS_PER_HOUR: 'many' });
  expect(error.message.split('\n')).toEqual([
    expect.stringContaining('.env.example'),
    expect.stringMatching(/^ {2}HELPDESK_PASSWORD: missing/),
    expect.stringMatching(/^ {2}TICKETS_PER_HOUR: must be a whole number/),
    expect.stringMatching(/^ {2}LOG_LEVEL: must be one of/),
  ]);
});

test('with nothing set, the five settings that are needed are named and no others', () => {
  expect(problemsOf({}).map(({ variable }) => variable)).toEqual(Object.keys(REQUIRED));
});

describe('settings that another one makes necessary', () => {
  const { SMTP_URL: _, MAIL_FROM: __, ...withoutMail } = REQUIRED;

  test('codes by mail need a mail server and a sender', () => {
    const missing = problemsOf({ ...withoutMail, LINK_VERIFICATION: 'email' }).map(({ variable }) => variable);
    expect(missing).toEqual(['SMTP_URL', 'MAIL_FROM']);
  });

  test.each(['moderator', 'none'])('LINK_VERIFICATION=%s needs no mail server', (verification) => {
    const config = parseConfig({ ...withoutMail, LINK_VERIFICATION: verification, AUDIT_CHANNEL_ID: ROLE });
    expect(config.links).toMatchObject({ verification, mail: undefined });
  });

  test('approval by moderators needs the channel in which they approve', () => {
    const problems = problemsOf({ ...withoutMail, LINK_VERIFICATION: 'moderator' });
    expect(problems).toEqual([{ variable: 'AUDIT_CHANNEL_ID', remedy: expect.stringContaining('approve links') }]);
  });

  test('they are named together with other faults', () => {
    const problems = problemsOf({ ...withoutMail, HEALTH_PORT: '0' }).map(({ variable }) => variable);
    expect(problems).toEqual(['SMTP_URL', 'MAIL_FROM', 'HEALTH_PORT']);
  });
});

test('an address of a SQLite file that other tools read in another way is refused with what to write', () => {
  expect(problemsOf({ ...REQUIRED, STORAGE_URL: 'sqlite:~/bot.sqlite' })).toEqual([
    { variable: 'STORAGE_URL', remedy: expect.stringMatching(/^~ and variables are not replaced\. Write sqlite:/) },
  ]);
});

describe('.env.example', () => {
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  const lines = text.split('\n').flatMap((line) => /^(#?)([A-Z_]+)=/.exec(line) ?? []);
  const names = lines.filter((_, i) => i % 3 === 2);

  test('has every setting of the bot and no others, in the same order', () => {
    expect(names, 'add it to .env.example, where src/config.ts has it').toEqual(SETTINGS);
  });

  test('asks for at most six values by hand, and these come first', () => {
    const byHand = Object.keys(parseEnv(text)).sort();
    expect(byHand).toEqual(Object.keys(REQUIRED).sort());
    expect(byHand.length).toBeLessThanOrEqual(6);
    expect(names.slice(0, byHand.length)).toEqual(Object.keys(REQUIRED));
  });

  test('shows the real defaults', () => {
    const uncommented = parseEnv(text.replace(/^#([A-Z_]+=)/gm, '$1'));
    expect(parseConfig({ ...uncommented, ...REQUIRED })).toEqual(parseConfig(REQUIRED));
  });

  test('explains each setting and names the unsafe one unsafe', () => {
    const unexplained = SETTINGS.filter((name) => !new RegExp(`^# .+\\n#?${name}=`, 'm').test(text));
    expect(unexplained, 'write in .env.example, above it, what it does').toEqual([]);
    expect(text).toMatch(/none\s+UNSAFE/);
  });
});

function errorOf(env: Readonly<Record<string, string | undefined>>): ConfigError {
  try {
    parseConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError;
  }
  throw new Error('These settings were accepted.');
}

function problemsOf(env: Readonly<Record<string, string | undefined>>) {
  return errorOf(env).problems;
}

function count(to: number): string {
  return Array.from({ length: to }, (_, i) => `Product ${i + 1}`).join(',');
}

test('an ESCALATION_EMAIL that the helpdesk does not take for an account is refused at the start', () => {
  const env = { ...REQUIRED, ESCALATION_EMAIL: 'community@localhost' };
  expect(parseConfig(env).moderation.escalationEmail).toBe('community@localhost');
  expect(() => parseConfig(env, HELPDESK.takesAddress)).toThrow(/ESCALATION_EMAIL: must be an email address, such as/);
});

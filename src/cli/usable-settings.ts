import { HELPDESK } from '../chosen-helpdesk.ts';
import { type Config, ConfigError, parseConfig } from '../config.ts';

/** Settings, some of which may be missing or wrong. */
export interface UsableSettings {
  /** What is missing or wrong has its default here, or a value that nobody may use. */
  readonly config: Config;
  /** What is missing or wrong; undefined when all is right. */
  readonly error: ConfigError | undefined;
  /** The names of the settings that are missing or wrong. What reads one of them is not to be looked at. */
  readonly faulty: ReadonlySet<string>;
}

/** Stands where the settings need a value: one that has no default, or that another setting makes necessary. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  DISCORD_TOKEN: 'missing.or.wrong',
  HELPDESK_USERNAME: 'missing',
  HELPDESK_PASSWORD: 'missing',
  SMTP_URL: 'smtp://localhost',
  MAIL_FROM: 'nobody@example.com',
  AUDIT_CHANNEL_ID: '00000000000000000',
  // The only value that makes no other setting necessary.
  LINK_VERIFICATION: 'none',
};

/** Reads what can be read, so that one wrong setting does not hide what is wrong elsewhere. */
export function readUsableSettings(env: Readonly<Record<string, string | undefined>>): UsableSettings {
  try {
    return { config: parseConfig(env, HELPDESK.takesAddress), error: undefined, faulty: new Set() };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const faulty = error.problems.map(({ variable }) => variable);
    const replaced = Object.fromEntries(faulty.map((name) => [name, PLACEHOLDERS[name]]));
    return { config: parseConfig({ ...env, ...replaced }), error, faulty: new Set(faulty) };
  }
}

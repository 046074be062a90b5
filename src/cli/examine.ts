import type { ConfigError } from '../config.ts';
import { explainEnvFile } from '../env-file.ts';
import { type Check, type CheckResult, fail, runChecks } from '../health/check.ts';
import { commentedValuesCheck } from '../health/checks/commented-values-check.ts';
import { privateFilesCheck } from '../health/checks/private-files-check.ts';
import { inviteLink } from '../health/checks/servers-check.ts';
import { settingNamesCheck } from '../health/checks/setting-names-check.ts';
import { settingValuesCheck } from '../health/checks/setting-values-check.ts';
import { allowSlowConnections } from '../network.ts';
import { checksOf, probeOf, storeFileOf } from './checks.ts';
import { type Report, reportAsJson, reportAsText } from './report.ts';
import { readUsableSettings } from './usable-settings.ts';

export interface ExamineOptions {
  /** As one JSON object, for programs. */
  readonly json?: boolean;
  /** The file of settings in the folder of the bot. */
  readonly envFile?: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Says of everything that the bot needs whether it is there, and what to do when it is not.
 * @param write Takes what is printed, line breaks included.
 * @returns The exit code: 1 when something is wrong.
 */
export async function examine(
  env: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void,
  { json = false, envFile = '.env', now = Date.now }: ExamineOptions = {},
): Promise<0 | 1> {
  const report = await reportOn(env, envFile, now);
  write(json ? reportAsJson(report) : reportAsText(report));
  return report.isWell ? 0 : 1;
}

/** Looks at everything, except what reads a setting that is missing or wrong. */
async function reportOn(
  env: Readonly<Record<string, string | undefined>>,
  envFile: string,
  now: () => number,
): Promise<Report> {
  const { config, error, faulty } = readUsableSettings(env);
  allowSlowConnections();
  const probe = probeOf(config, now);
  const settings = error ? settingsFailure(explainEnvFile(error, envFile)) : settingValuesCheck(config.links);
  const storeFile = faulty.has('STORAGE_URL') ? undefined : storeFileOf(config);
  const checks = [
    settings,
    settingNamesCheck({ env, envFile }),
    commentedValuesCheck({ envFile }),
    privateFilesCheck({ envFile, storeFile }),
    ...checksOf({ config, probe, now }),
  ];
  const results = await runChecks(checks, { faulty });
  const isKnownBot = !faulty.has('DISCORD_TOKEN') && !faulty.has('DISCORD_API_URL');
  const identity = isKnownBot ? await probe.identify() : undefined;
  return toReport(results, identity?.kind === 'known' ? inviteLink(identity) : undefined);
}

function settingsFailure({ problems }: ConfigError): Check {
  const named = problems.map(({ variable, remedy }) => `${variable}: ${remedy}`);
  return {
    name: 'Settings',
    lookedAt: 'the settings',
    run: async () =>
      fail(
        `These settings need a look:\n${named.map((line) => `  ${line}`).join('\n')}`,
        'Set them in .env, or in the environment. .env.example explains each of them.',
      ),
  };
}

function toReport(checks: readonly CheckResult[], invite: string | undefined): Report {
  return { isWell: checks.every(({ finding }) => finding.kind !== 'fail'), checks, invite };
}

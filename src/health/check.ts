/** What one look at a part of the bot's world found. Texts carry no secret. */
export type Finding =
  | { readonly kind: 'ok'; readonly message: string }
  /** It works, but perhaps not as intended. */
  | { readonly kind: 'warn'; readonly message: string; readonly remedy: string }
  /** The bot does not start with it, or people would notice. */
  | { readonly kind: 'fail'; readonly message: string; readonly remedy: string }
  /** Nobody looked. `message` says why. */
  | { readonly kind: 'skipped'; readonly message: string };

/** Something that the bot needs, and how to find out whether it is there. */
export interface Check {
  readonly name: string;
  /** The thing that is looked at, in words: a setting, a host, a file. Without credentials. */
  readonly lookedAt: string;
  /** Names of checks that have to succeed first. Where one fails, this one says nothing that would be its fault. */
  readonly needs?: readonly string[];
  /** Settings that it reads. Where one is missing or wrong, nobody looks. */
  readonly settings?: readonly string[];
  /** Changes nothing that lasts. What it throws is told as a failure. */
  run(): Promise<Finding>;
}

export interface CheckResult {
  readonly name: string;
  readonly lookedAt: string;
  readonly finding: Finding;
}

export const ok = (message: string): Finding => ({ kind: 'ok', message });
export const warn = (message: string, remedy: string): Finding => ({ kind: 'warn', message, remedy });
export const fail = (message: string, remedy: string): Finding => ({ kind: 'fail', message, remedy });
export const skipped = (message: string): Finding => ({ kind: 'skipped', message });

/**
 * Runs all checks at the same time, but each after those that it needs. Never rejects.
 * @param checks Each stands behind those that it needs.
 * @param faulty Settings that are missing or wrong.
 * @returns The results in the order of the checks.
 */
export function runChecks(
  checks: readonly Check[],
  { faulty = new Set() }: { readonly faulty?: ReadonlySet<string> } = {},
): Promise<CheckResult[]> {
  const findings = new Map<string, Promise<Finding>>();
  for (const check of checks) {
    const missing = check.settings?.filter((name) => faulty.has(name)) ?? [];
    const finding =
      missing.length > 0
        ? Promise.resolve(skipped(`Not looked at: it needs ${missing.join(' and ')}.`))
        : runAfter(check, new Map(findings));
    findings.set(check.name, finding);
  }
  return Promise.all(
    checks.map(async ({ name, lookedAt }) => ({
      name,
      lookedAt,
      finding: (await findings.get(name)) ?? skipped('It was not run.'),
    })),
  );
}

async function runAfter(check: Check, earlier: ReadonlyMap<string, Promise<Finding>>): Promise<Finding> {
  for (const need of check.needs ?? []) {
    const finding = await earlier.get(need);
    // One that is not among the checks of this run cannot stand in the way.
    if (finding?.kind === 'fail' || finding?.kind === 'skipped')
      return skipped(`Not looked at: "${need}" comes first.`);
  }
  try {
    return await check.run();
  } catch (error) {
    return fail(
      `The check itself failed: ${error instanceof Error ? error.name : 'unknown'}.`,
      'This is a defect of the bot: please report it.',
    );
  }
}

/** What one look at a part of the bot's world found. Texts carry no secret and no address. */
export type CheckResult =
  | { readonly kind: 'good'; readonly says: string }
  /** It works, but perhaps not as intended. */
  | { readonly kind: 'warning'; readonly says: string; readonly remedy: string }
  /** People would notice. */
  | { readonly kind: 'bad'; readonly says: string; readonly remedy: string };

/** Something that the bot needs, and how to find out whether it is there. */
export interface Check {
  readonly name: string;
  /** Changes nothing that lasts. What it throws is told as bad. */
  run(): Promise<CheckResult>;
}

export function good(says: string): CheckResult {
  return { kind: 'good', says };
}

export function warning(says: string, remedy: string): CheckResult {
  return { kind: 'warning', says, remedy };
}

export function bad(says: string, remedy: string): CheckResult {
  return { kind: 'bad', says, remedy };
}

/** Runs all checks at the same time. Never rejects. @returns Each result under the name of its check, in their order. */
export function runChecks(checks: readonly Check[]): Promise<{ name: string; result: CheckResult }[]> {
  return Promise.all(
    checks.map(async ({ name, run }) => ({
      name,
      result: await run().catch((error: unknown) =>
        bad(
          `The check itself failed: ${error instanceof Error ? error.name : 'unknown'}.`,
          'This is a defect of the bot: please report it.',
        ),
      ),
    })),
  );
}

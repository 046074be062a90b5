import type { CheckResult, Finding } from '../health/check.ts';

/** What the doctor found. */
export interface Report {
  /** Whether nothing failed. */
  readonly isWell: boolean;
  readonly checks: readonly CheckResult[];
  /** Where the bot is invited; undefined while Discord does not say which bot it is. */
  readonly invite: string | undefined;
}

const SIGNS: Readonly<Record<Finding['kind'], string>> = { ok: '✓', warn: '!', fail: '✗', skipped: '–' };
/** Characters of the widest name, and a blank. */
const NAME_WIDTH = 16;

/** For people: a line for each check, and under it what to do. */
export function reportAsText({ isWell, checks, invite }: Report): string {
  const last = isWell ? 'The bot can start: npm start' : 'The bot cannot do its work yet.';
  return [...checks.map(linesOf), '', ...(invite ? [`Invite the bot: ${invite}`] : []), last, ''].join('\n');
}

function linesOf({ name, finding }: CheckResult): string {
  const indent = ' '.repeat(NAME_WIDTH + 2);
  const line = `${SIGNS[finding.kind]} ${name.padEnd(NAME_WIDTH)}${finding.message.replaceAll('\n', `\n${indent}`)}`;
  return 'remedy' in finding ? `${line}\n${indent}> ${finding.remedy}` : line;
}

/** For programs: one line of JSON. */
export function reportAsJson({ isWell, checks, invite }: Report): string {
  const found = checks.map(({ name, lookedAt, finding }) => ({ name, lookedAt, ...finding }));
  return `${JSON.stringify({ ok: isWell, checks: found, invite: invite ?? null })}\n`;
}

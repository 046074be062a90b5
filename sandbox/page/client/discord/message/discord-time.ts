/** Seconds of each unit, the largest first. */
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const FORMATS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
};

/** A timestamp as Discord shows it. @param at Seconds since 1970. @param style Discord's letter. */
export function discordTime(at: number, style: string, now = Date.now()): string {
  if (Number.isNaN(new Date(at * 1000).getTime())) return 'Invalid date';
  if (style === 'R') return relativeTime(at - now / 1000);
  return new Intl.DateTimeFormat(undefined, FORMATS[style] ?? FORMATS.f).format(at * 1000);
}

function relativeTime(seconds: number): string {
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return RELATIVE.format(Math.round(seconds / length), unit);
  }
  return RELATIVE.format(Math.round(seconds), 'second');
}

/** The hour of a message. @param at Milliseconds since 1970. */
export function clockTime(at: number): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(at);
}

/** With seconds, for what the inspector shows. @param at Milliseconds since 1970. */
export function exactTime(at: number): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(at);
}

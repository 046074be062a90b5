import { median } from '../benchmark/figures.ts';
import type { Vitals } from '../bot/vitals.ts';
import type { SoakResult } from './soak.ts';

/** Something that must be at the end as it was at the beginning. */
export interface Kept {
  readonly what: string;
  readonly unit: string;
  /** Medians of the looks at the beginning, the first one left out, and of as many at the end. */
  readonly first: number;
  readonly last: number;
  /** The most that the end may show. */
  readonly bound: number;
  readonly holds: boolean;
}

const MEGABYTE = 1024 * 1024;

/** What may be more at the end: a share, and something that does not depend on it. */
const BOUNDS: readonly {
  readonly what: string;
  readonly unit: string;
  readonly of: (vitals: Vitals) => number;
  readonly share: number;
  readonly more: number;
}[] = [
  // What a collection leaves varies by some percent, and code that is compiled late takes its room.
  { what: 'heap after a collection', unit: 'MB', of: ({ heapBytes }) => heapBytes / MEGABYTE, share: 1.1, more: 2 },
  { what: 'resident memory', unit: 'MB', of: ({ residentBytes }) => residentBytes / MEGABYTE, share: 1.25, more: 20 },
  // Some connections are kept open for a few seconds.
  { what: 'open handles', unit: '', of: ({ handles }) => handles, share: 1, more: 10 },
  { what: 'sockets', unit: '', of: ({ sockets }) => sockets, share: 1, more: 5 },
  { what: 'event-loop delay, p99', unit: 'ms', of: ({ delayMs }) => delayMs, share: 2, more: 20 },
];

/** Compares the end with the beginning. The first look is left out: a bot that is warming up grows. */
export function compareEnds(looks: readonly Vitals[]): Kept[] {
  const warm = looks.length > 2 ? looks.slice(1) : looks;
  const size = Math.max(1, Math.floor(warm.length / 3));
  return BOUNDS.map(({ what, unit, of, share, more }) => {
    const [first, last] = [median(warm.slice(0, size).map(of)), median(warm.slice(-size).map(of))];
    const bound = first * share + more;
    return { what, unit, first, last, bound, holds: last <= bound };
  });
}

/** What went wrong, for people. Empty where all is well. */
export function problemsOf(result: SoakResult): string[] {
  const { told, tickets, duplicates } = result;
  return [
    ...compareEnds(result.looks).flatMap(({ what, unit, last, bound, holds }) =>
      holds ? [] : [`The ${what} grew to ${last.toFixed(1)} ${unit}, beyond ${bound.toFixed(1)}.`],
    ),
    ...(duplicates > 0 ? [`${duplicates} texts became more than one ticket.`] : []),
    ...(tickets < told.opened ? [`${told.opened} people were told of a ticket, and there are ${tickets}.`] : []),
    ...(told.opened === 0 ? ['Nobody was told of a ticket.'] : []),
  ];
}

import type { Unit } from '../benchmark.ts';
import { withUnit } from '../figures.ts';
import { BELOW_HEAD, COLOURS, colourOf, document, fixed, head, type Theme, text } from './svg.ts';

/** Something that may grow with something else. */
export interface LinePlot {
  readonly title: string;
  /** What stands to the right. */
  readonly along: string;
  readonly unit: Unit;
  readonly lines: readonly {
    readonly id: string;
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
  /** Whether ten times as much is one step. */
  readonly isLogarithmic: boolean;
}

const WIDTH = 760;
const HEIGHT = 280;
const LEFT = 70;
const RIGHT = 90;
const TOP = BELOW_HEAD + 6;
const BOTTOM = 40;

/** From zero, so that a line that is flat looks flat. */
export function drawLines({ title, along, unit, lines, isLogarithmic }: LinePlot, theme: Theme): string {
  const colours = COLOURS[theme];
  const points = lines.flatMap((line) => line.points);
  const mostY = roundUp(Math.max(...points.map(([, y]) => y)));
  const scale = (x: number) => (isLogarithmic ? Math.log10(Math.max(x, 1)) : x);
  const [least, most] = [Math.min(...points.map(([x]) => scale(x))), Math.max(...points.map(([x]) => scale(x)))];
  const atX = (x: number) => LEFT + ((scale(x) - least) / (most - least || 1)) * (WIDTH - LEFT - RIGHT);
  const atY = (y: number) => HEIGHT - BOTTOM - (y / mostY) * (HEIGHT - TOP - BOTTOM);
  const parts = head(
    title,
    lines.map(({ id, name }, place) => ({ name, colour: colourOf(theme, id, place) })),
    theme,
  );
  for (const share of [0, 0.5, 1]) {
    const y = atY(mostY * share);
    parts.push(`<path d="M${LEFT} ${fixed(y)}H${WIDTH - RIGHT}" stroke="${colours.line}"/>`);
    const style = { anchor: 'end', colour: colours.quiet, size: 12 } as const;
    parts.push(text(LEFT - 8, y + 4, withUnit(mostY * share, unit), style));
  }
  for (const x of new Set(points.map(([at]) => at))) {
    const style = { anchor: 'middle', colour: colours.quiet, size: 12 } as const;
    parts.push(text(atX(x), HEIGHT - BOTTOM + 18, x.toLocaleString('en'), style));
  }
  parts.push(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, along, { anchor: 'middle', colour: colours.text }));
  const ends: number[] = [];
  for (const [place, { id, points: own }] of lines.entries()) {
    const colour = colourOf(theme, id, place);
    const path = own.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${fixed(atX(x))} ${fixed(atY(y))}`).join('');
    parts.push(`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2.5" stroke-linejoin="round"/>`);
    for (const [x, y] of own)
      parts.push(`<circle cx="${fixed(atX(x))}" cy="${fixed(atY(y))}" r="3.5" fill="${colour}"/>`);
    const [x, y] = own.at(-1) ?? [0, 0];
    let labelY = atY(y) + 4;
    while (ends.some((taken) => Math.abs(taken - labelY) < 14)) labelY -= 14;
    ends.push(labelY);
    parts.push(text(atX(x) + 9, labelY, withUnit(y, unit), { colour: colours.text, size: 12, weight: 600 }));
  }
  return document(WIDTH, HEIGHT, title, parts);
}

/** 1, 2 or 5 with zeros. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

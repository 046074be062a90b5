import type { Unit } from '../benchmark.ts';
import { withUnit } from '../figures.ts';
import { BELOW_HEAD, COLOURS, colourOf, document, head, rect, type Theme, text } from './svg.ts';

/** Bars in groups, one below the other. */
export interface BarPlot {
  readonly title: string;
  readonly groups: readonly BarGroup[];
  readonly series: readonly { readonly id: string; readonly name: string }[];
}

export interface BarGroup {
  readonly name: string;
  readonly unit: Unit;
  /** By series. `until` is drawn behind the bar, paler: a p99 behind a p50. */
  readonly values: Readonly<Record<string, { readonly value: number; readonly until?: number }>>;
}

const WIDTH = 760;
const NAMES = 190;
/** Room for the figure behind the longest bar. */
const FIGURES = 150;
const BAR = 15;
const GAP = 3;

/** Each group has a scale of its own, from zero: what one compares are the bars of a group. */
export function drawBars({ title, groups, series }: BarPlot, theme: Theme): string {
  const colours = COLOURS[theme];
  const shown = series.filter(({ id }) => groups.some(({ values }) => values[id] !== undefined));
  const parts = head(
    title,
    shown.map(({ id, name }, place) => ({ name, colour: colourOf(theme, id, place) })),
    theme,
  );
  let y = BELOW_HEAD;
  for (const group of groups) {
    const bars = shown.flatMap(({ id }, place) => {
      const found = group.values[id];
      return found ? [{ ...found, colour: colourOf(theme, id, place), isBot: id === 'bot' }] : [];
    });
    const most = Math.max(...bars.map(({ value, until }) => until ?? value));
    const height = bars.length * (BAR + GAP);
    parts.push(text(NAMES - 12, y + height / 2 + 3, group.name, { anchor: 'end', colour: colours.text }));
    for (const { value, until, colour, isBot } of bars) {
      const widthOf = (figure: number) => (figure / most) * (WIDTH - NAMES - FIGURES);
      if (until !== undefined) parts.push(rect(NAMES, y, widthOf(until), BAR, colour, 0.35));
      parts.push(rect(NAMES, y, widthOf(value), BAR, colour));
      const words = [value, until].flatMap((one) => (one === undefined ? [] : [withUnit(one, group.unit)])).join(' … ');
      const style = { colour: isBot ? colours.text : colours.quiet, size: 12, weight: isBot ? 600 : 400 };
      parts.push(text(NAMES + widthOf(until ?? value) + 7, y + BAR - 3, words, style));
      y += BAR + GAP;
    }
    y += 16;
  }
  return document(WIDTH, y - 16, title, parts);
}

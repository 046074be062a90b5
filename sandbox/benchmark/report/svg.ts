/** The two themes in which GitHub shows a page. Every plot is drawn once for each. */
export type Theme = 'light' | 'dark';

interface Colours {
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  /** Of the columns of a table, by their place; the last one of the four is the bot. */
  readonly series: readonly string[];
}

/** They differ in lightness too, so that they can be told apart by whoever does not see the hues. */
export const COLOURS: Readonly<Record<Theme, Colours>> = {
  light: { text: '#1f2328', quiet: '#59636e', line: '#d1d9e0', series: ['#b4bcc6', '#7fb3e6', '#2f6fb7', '#d9480f'] },
  dark: { text: '#e6edf3', quiet: '#9198a1', line: '#3d444d', series: ['#5b636d', '#3b76ab', '#8cc4ff', '#ff9152'] },
};

/** Which of the colours a column has; the bot's is the same on every plot. */
const PLACES: Readonly<Record<string, number>> = { raw: 0, discord: 1, soap: 2, bot: 3 };

export function colourOf(theme: Theme, column: string, place: number): string {
  const { series } = COLOURS[theme];
  return series[PLACES[column] ?? place % series.length] ?? '#888888';
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

export interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly colour: string;
  readonly size?: number;
  readonly weight?: number;
}

export function text(x: number, y: number, words: string, style: TextStyle): string {
  const { anchor = 'start', colour, size = 13, weight = 400 } = style;
  return `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}" fill="${colour}" font-size="${size}" font-weight="${weight}">${escapeXml(words)}</text>`;
}

export function rect(x: number, y: number, width: number, height: number, colour: string, opacity = 1): string {
  return `<rect x="${fixed(x)}" y="${fixed(y)}" width="${fixed(Math.max(width, 1))}" height="${fixed(height)}" rx="2" fill="${colour}"${opacity === 1 ? '' : ` opacity="${opacity}"`}/>`;
}

/** Where a plot begins below its head. */
export const BELOW_HEAD = 60;

/** The title, and in one line a square and a name for each series. */
export function head(
  title: string,
  entries: readonly { readonly name: string; readonly colour: string }[],
  theme: Theme,
): string[] {
  const colour = COLOURS[theme].text;
  let x = 0;
  const legend = entries.flatMap((entry) => {
    const at = x;
    x += 34 + entry.name.length * 7;
    return [rect(at, 28, 12, 12, entry.colour), text(at + 18, 39, entry.name, { colour })];
  });
  return [text(0, 13, title, { colour, size: 15, weight: 600 }), ...legend];
}

export function document(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 ${width + 16} ${Math.round(height) + 16}" width="${width + 16}" height="${Math.round(height) + 16}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif">`,
    `<title>${escapeXml(title)}</title>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

export function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}

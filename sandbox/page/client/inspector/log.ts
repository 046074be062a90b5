import { html, nothing, type TemplateResult } from 'lit-html';
import { exactTime } from '../discord/message/discord-time.ts';

/** The bot's log, the newest line first. */
export function log(lines: readonly string[]): TemplateResult {
  if (lines.length === 0) return html`<p class="hint">The bot has said nothing yet.</p>`;
  return html`<ol class="log">
    ${lines.map((line) => html`<li>${entry(line)}</li>`)}
  </ol>`;
}

function entry(line: string): TemplateResult {
  const parsed = parseLine(line);
  // Not every line is the log's: a crash prints its own.
  if (!parsed) return html`<code>${line}</code>`;
  const { level, time, msg, ...rest } = parsed;
  const name = typeof level === 'string' ? level : 'log';
  const more = Object.entries(rest).map(([key, value]) => `${key}: ${brief(value)}`);
  return html`<time>${exactTime(Date.parse(String(time)))}</time> <span class="level ${name}">${name}</span> ${String(msg ?? '')}
    ${more.length > 0 ? html`<code>${more.join(', ')}</code>` : nothing}`;
}

/** Of an error its message: the stack is for those who read the real log. */
function brief(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'message' in value) return String(value.message);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

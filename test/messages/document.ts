import type { APIModalInteractionResponseCallbackData } from 'discord.js';
import { commands } from '../../commands/index.ts';
import { wordsOf } from '../../sandbox/chaos/reply-classifier.ts';
import { parseConfig } from '../../src/config.ts';
import { asBody, type Reply } from '../../src/discord/replies/reply.ts';
import { ACCOUNT_GROUPS } from './account-samples.ts';
import { labelsIn } from './labels.ts';
import { OTHER_GROUPS } from './other-samples.ts';
import { OWN_TICKETS_GROUPS } from './own-tickets-samples.ts';
import type { Sample, SampleGroup } from './sample.ts';
import { ADA, FUTURE, HELP_CHANNEL, MIA, ORDINARY, PAST } from './sample-words.ts';
import type { SourceWords } from './source-words.ts';
import { TICKET_GROUPS } from './ticket-samples.ts';
import { WATCHING_GROUPS } from './watching-samples.ts';

export const SAMPLE_GROUPS: readonly SampleGroup[] = [
  ...TICKET_GROUPS,
  ...OWN_TICKETS_GROUPS,
  ...WATCHING_GROUPS,
  ...ACCOUNT_GROUPS,
  ...OTHER_GROUPS,
];

/** Files whose words the samples show by calling their functions. */
const SAMPLED = /^src\/(discord\/(replies|forms|panel|delivery\/audit-entries)|accounts\/link-code-mail)/;

/** All words that people meet, as one document. */
export function messagesDocument(sources: readonly SourceWords[]): string {
  const of = (fits: RegExp) => sources.filter(({ file }) => fits.test(file) && !SAMPLED.test(file));
  return `${[
    '# All messages',
    'Every word that people meet, in one place, so that somebody can read it in one go. `npm run messages` makes this file from the code: change the words there.',
    '**[Words]** in brackets are buttons. Cards have a coloured bar and a title; the words say the same as the colour. Values in `{braces}` are filled in when the message is sent.',
    '## Commands',
    ...commandLines(),
    ...SAMPLE_GROUPS.flatMap(({ heading, samples }) => [`## ${heading}`, ...samples(ORDINARY).map(sampleLines)]),
    "## Moderators' commands and what else handlers say",
    'By the file that says it. Cards of `/helpdesk`, refusals of buttons, and what is added to messages.',
    ...of(/^(commands|src\/discord)\//).flatMap(fileLines),
    '## The doctor and the checks of `/readyz`',
    ...of(/^src\/(cli|health)\//).flatMap(fileLines),
    '## Settings that are refused at the start',
    ...of(/^src\/(config|main|app)\.ts$/).flatMap(fileLines),
    '## Mail, storage and helpdesk, as logs and checks tell of them',
    ...of(/^src\/(?!config\.ts|main\.ts|app\.ts|cli\/|health\/|discord\/)/).flatMap(fileLines),
    '## Lines of the log',
    'By the file that writes them. Each has its level in front.',
    ...sources.flatMap(logLines),
  ].join('\n\n')}\n`;
}

function fileLines({ file, sentences }: SourceWords): string[] {
  const different = [...new Set(sentences)];
  return different.length === 0 ? [] : [`### ${file}`, different.map((text) => `- ${inline(text)}`).join('\n')];
}

function logLines({ file, logLines }: SourceWords): string[] {
  if (logLines.length === 0) return [];
  return [`### ${file}`, logLines.map(({ level, text }) => `- ${level}: ${inline(text)}`).join('\n')];
}

function sampleLines({ when, shows }: Sample): string {
  return `### ${when}\n\n${quoted(linesOf(shows))}`;
}

function linesOf(shows: Sample['shows']): string[] {
  if ('custom_id' in shows) return modalLines(shows);
  if (!('kind' in shows)) return [...shows.text.split('\n'), ...buttonLine(shows.buttons ?? [])];
  return cardLines(shows);
}

function cardLines(reply: Reply): string[] {
  const { components } = asBody(reply);
  const text = wordsOf({ content: '', components: components as never });
  const files = (reply.files ?? []).map(({ name }) => `📎 ${name}`);
  return [...text.split('\n'), ...files, ...buttonLine([...new Set(labelsIn(components))])];
}

interface Field {
  readonly label: string;
  readonly description?: string;
  readonly component: { readonly placeholder?: string; readonly options?: readonly { readonly label: string }[] };
}

function modalLines(modal: APIModalInteractionResponseCallbackData): string[] {
  const { title, components } = JSON.parse(JSON.stringify(modal)) as { title: string; components: Field[] };
  return [
    `### ${title}`,
    ...components.map(({ label, description, component }) => {
      const options = component.options?.map((option) => `"${option.label}"`).join(', ');
      return `- ${[`**${label}**`, description, component.placeholder, options].filter(Boolean).join(' · ')}`;
    }),
  ];
}

function buttonLine(labels: readonly string[]): string[] {
  return labels.length === 0 ? [] : [labels.map((label) => `**[${label}]**`).join(' ')];
}

/** A heading in a card would be one of this document. */
function quoted(lines: readonly string[]): string {
  const readable = lines.map((line) =>
    withoutCodes(line)
      .replace(/^###? (.*)$/, '**$1**')
      .replace(/^-# /, '– '),
  );
  return readable.map((line) => `> ${line}`.trimEnd()).join('  \n');
}

const NAMES: Readonly<Record<string, string>> = { [ADA]: '@ada', [MIA]: '@mia', [HELP_CHANNEL]: '#help' };

function withoutCodes(line: string): string {
  return line
    .replaceAll(/<[@#](\d+)>/g, (found, id: string) => NAMES[id] ?? found)
    .replaceAll(/<t:(\d+):(\w)>/g, (_, seconds: string, style: string) => timeWords(Number(seconds), style));
}

function timeWords(seconds: number, style: string): string {
  if (style !== 'R') return 'November 24, 2026 at 3:00 PM';
  return { [PAST / 1000]: '3 hours ago', [FUTURE / 1000]: 'in 3 hours' }[seconds] ?? 'in a moment';
}

function inline(text: string): string {
  return text.trim().replaceAll('\n', ' ⏎ ').replaceAll('<', '\\<');
}

interface Option {
  readonly name: string;
  readonly description?: string;
  readonly options?: readonly Option[];
}

function commandLines(): string[] {
  const config = parseConfig({
    DISCORD_TOKEN: 'x.y.z',
    HELPDESK_USERNAME: 'x',
    HELPDESK_PASSWORD: 'x',
    HELPDESK_NAME: ORDINARY.helpdesk.name,
    LINK_VERIFICATION: 'none',
  });
  return commands.map((command) => {
    const data = command.data(config) as Option;
    const name = command.kind === 'slash' ? `/${data.name}` : `${data.name} (in the menu of a message)`;
    return [`- **${name}** ${data.description ?? ''}`.trimEnd(), ...optionLines(data.options ?? [], '  ')].join('\n');
  });
}

function optionLines(options: readonly Option[], indent: string): string[] {
  return options.flatMap(({ name, description, options: inner = [] }) => [
    `${indent}- **${name}** ${description ?? ''}`,
    ...optionLines(inner, `${indent}  `),
  ]);
}

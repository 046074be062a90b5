import { ApplicationCommandOptionType } from 'discord-api-types/v10';
import { parseConfig } from '../../src/config.ts';
import type { Access, Audience, Command } from '../../src/discord/command.ts';

/** A handler or, where it depends on the record who may use it, a handler with one kind of record. */
export interface HandlerCase {
  /** `/helpdesk pause`, `Escalate to ticket`, `button ticket-retry, escalation`: what its act is found by. */
  readonly name: string;
  /** What the permission table calls it. */
  readonly title: string;
  readonly audience: Audience;
}

/** Settings with which every command can be asked for its data. */
export const CONFIG = parseConfig({
  DISCORD_TOKEN: 'x.y.z',
  HELPDESK_USERNAME: 'x',
  HELPDESK_PASSWORD: 'x',
  LINK_VERIFICATION: 'none',
});

/** Everything that the router brings to a handler, in the order of the commands. */
export function handlerCases(commands: readonly Command[]): HandlerCase[] {
  return [
    ...commands.flatMap((command) => namesOf(command).flatMap((name) => casesOf(command, name, `command \`${name}\``))),
    ...commands.flatMap(({ buttons = {} }) =>
      Object.entries(buttons).flatMap(([name, button]) =>
        casesOf(button, `button ${name}`, `button \`${name}\` (${button.labels?.join(', ')})`),
      ),
    ),
    ...commands.flatMap(({ modals = {} }) =>
      Object.entries(modals).flatMap(([name, modal]) => casesOf(modal, `modal ${name}`, `modal \`${name}\``)),
    ),
  ];
}

/** @throws {Error} for a handler that says nothing, as one without types can. */
function casesOf(access: Access, name: string, title: string): HandlerCase[] {
  if (access.for === undefined)
    throw new Error(`${name} does not say who may use it: add \`for\` to it in its file in commands/.`);
  if (typeof access.for === 'string') return [{ name, title, audience: access.for }];
  return Object.entries(access.for).map(([record, audience]) => ({
    name: `${name}, ${record}`,
    title: `${title}, ${record}`,
    audience,
  }));
}

/** The name of a command, or one for each of its subcommands. */
function namesOf(command: Command): string[] {
  const data = command.data(CONFIG);
  const word = command.kind === 'slash' ? `/${data.name}` : data.name;
  const options = 'options' in data ? (data.options ?? []) : [];
  const subcommands = options.flatMap((option) => {
    if (option.type === ApplicationCommandOptionType.Subcommand) return [option.name];
    if (option.type !== ApplicationCommandOptionType.SubcommandGroup) return [];
    return (option.options ?? []).map(({ name }) => `${option.name} ${name}`);
  });
  return subcommands.length > 0 ? subcommands.map((name) => `${word} ${name}`) : [word];
}

/** What stands on the buttons, by the name in their custom IDs. */
export function buttonLabels(commands: readonly Command[]): Map<string, readonly string[]> {
  return new Map(
    commands.flatMap(({ buttons = {} }) =>
      Object.entries(buttons).map(([name, { labels }]) => [name, labels] as const),
    ),
  );
}

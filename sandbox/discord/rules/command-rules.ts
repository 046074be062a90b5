import * as spec from 'discord-api-spec/zod';
import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord-api-types/v10';
import { BodyErrors, refusal } from './api-error.ts';
import { checkSchema } from './schema-check.ts';

/** One application command as a bot publishes it. */
export interface SentCommand {
  name: string;
  type?: number | null;
  description?: string | null;
  name_localizations?: Record<string, string> | null;
  description_localizations?: Record<string, string> | null;
  options?: SentOption[] | null;
  default_member_permissions?: string | number | null;
  contexts?: number[] | null;
  integration_types?: number[] | null;
  nsfw?: boolean | null;
}

export interface SentOption {
  name: string;
  type: number;
  description: string;
  required?: boolean | null;
  choices?: { name: string; value: string | number }[] | null;
  options?: SentOption[] | null;
  min_value?: number | null;
  max_value?: number | null;
  min_length?: number | null;
  max_length?: number | null;
  channel_types?: number[] | null;
}

/** Letters of any script, digits, dash, underscore and apostrophe: what a slash command and its options may be called. */
const SLASH_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

/** How many commands of each type one application may have, globally and again in each guild. */
const LIMITS: Record<number, number> = {
  [ApplicationCommandType.ChatInput]: 100,
  [ApplicationCommandType.User]: 15,
  [ApplicationCommandType.Message]: 15,
};

/**
 * Reads the body of a bulk overwrite.
 * @throws {ApiError} 50035 with the tree; 30032 for too many.
 */
export function readCommands(body: unknown): SentCommand[] {
  const errors = new BodyErrors();
  if (!Array.isArray(body)) {
    errors.add([], 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
    errors.throwIfAny();
    return [];
  }
  const commands = body as SentCommand[];
  const names = new Set<string>();
  commands.forEach((command, i) => {
    checkSchema(spec.ApplicationCommandUpdateRequestSchema, withNumericPermissions(command), errors, [i]);
    if (command === null || typeof command !== 'object' || typeof command.name !== 'string') return;
    checkCommand(command, i, errors);
    const key = `${command.type ?? ApplicationCommandType.ChatInput}:${command.name}`;
    if (names.has(key)) {
      errors.add([i], 'APPLICATION_COMMANDS_DUPLICATE_NAME', 'Application command names must be unique');
    }
    names.add(key);
  });
  errors.throwIfAny();
  for (const [type, limit] of Object.entries(LIMITS)) {
    const count = commands.filter((command) => (command.type ?? 1) === Number(type)).length;
    if (count > limit) throw refusal('tooManyCommands');
  }
  return commands;
}

/** Discord sends and takes permissions as text; its schema only knows them as numbers. */
function withNumericPermissions(command: unknown): unknown {
  const permissions = (command as SentCommand | null)?.default_member_permissions;
  if (typeof permissions !== 'string' || !/^\d+$/.test(permissions)) return command;
  return { ...(command as SentCommand), default_member_permissions: Number(permissions) };
}

function checkCommand(command: SentCommand, i: number, errors: BodyErrors): void {
  const type = command.type ?? ApplicationCommandType.ChatInput;
  if (type === ApplicationCommandType.ChatInput) {
    checkSlashName(command.name, [i, 'name'], errors);
    if (!command.description) errors.add([i, 'description'], 'BASE_TYPE_REQUIRED', 'This field is required');
    checkOptions(command.options ?? [], [i, 'options'], errors);
    return;
  }
  for (const field of ['description', 'options'] as const) {
    if (command[field]?.length) {
      const message = `Context menu commands cannot have ${field}`;
      errors.add([i, field], 'APPLICATION_COMMAND_CONTEXT_MENU_NO_DESCRIPTION', message);
    }
  }
}

function checkSlashName(name: string, at: (string | number)[], errors: BodyErrors): void {
  if (!SLASH_NAME.test(name) || name !== name.toLowerCase()) {
    errors.add(at, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
  }
}

function checkOptions(options: SentOption[], at: (string | number)[], errors: BodyErrors): void {
  if (!Array.isArray(options)) return;
  const names = new Set<string>();
  let optionalSeen = false;
  options.forEach((option, i) => {
    if (option === null || typeof option !== 'object' || typeof option.name !== 'string') return;
    const here = [...at, i];
    checkSlashName(option.name, [...here, 'name'], errors);
    if (names.has(option.name)) {
      errors.add([...here, 'name'], 'APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE', 'Option names must be unique');
    }
    names.add(option.name);
    const isSubcommand =
      option.type === ApplicationCommandOptionType.Subcommand ||
      option.type === ApplicationCommandOptionType.SubcommandGroup;
    if (!isSubcommand && option.required && optionalSeen) {
      const message = 'Required options must be placed before non-required options';
      errors.add(here, 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', message);
    }
    if (!option.required) optionalSeen = true;
    checkOptions(option.options ?? [], [...here, 'options'], errors);
  });
}

/** Where it is written that Discord refuses something. */
export const SOURCES = {
  codes: 'https://discord.com/developers/docs/topics/opcodes-and-status-codes',
  interactions: 'https://discord.com/developers/docs/interactions/receiving-and-responding',
  commands: 'https://discord.com/developers/docs/interactions/application-commands',
  components: 'https://discord.com/developers/docs/components/reference',
  messages: 'https://discord.com/developers/docs/resources/message',
  uploads: 'https://discord.com/developers/docs/reference#uploading-files',
  permissions: 'https://discord.com/developers/docs/topics/permissions',
  threads: 'https://discord.com/developers/docs/topics/threads',
  gateway: 'https://discord.com/developers/docs/events/gateway',
  schema: 'https://github.com/discord/discord-api-spec',
  measured: 'https://github.com/discord/discord-api-docs/issues/8554',
} as const;

export type Source = keyof typeof SOURCES;

interface Rule {
  /** What is refused: the end of a sentence that begins with "Refused is". */
  readonly what: string;
  readonly source: Source;
}

interface Refusal extends Rule {
  readonly status: number;
  readonly code: number;
  /** Discord's words. */
  readonly message: string;
}

export interface GatewayRefusal extends Rule {
  /** Discord's words. */
  readonly reason?: string;
}

/** What whole requests are refused with. */
export const REFUSALS = {
  unauthorized: {
    status: 401,
    code: 0,
    message: '401: Unauthorized',
    what: 'a call without the token of the bot',
    source: 'codes',
  },
  notFound: {
    status: 404,
    code: 0,
    message: '404: Not Found',
    what: 'an address that the stand-in does not have',
    source: 'codes',
  },
  unknownChannel: {
    status: 404,
    code: 10003,
    message: 'Unknown Channel',
    what: 'a channel that is not there',
    source: 'codes',
  },
  unknownGuild: {
    status: 404,
    code: 10004,
    message: 'Unknown Guild',
    what: 'a server that is not there',
    source: 'codes',
  },
  unknownMember: {
    status: 404,
    code: 10007,
    message: 'Unknown Member',
    what: 'a person who is not in that server',
    source: 'codes',
  },
  unknownMessage: {
    status: 404,
    code: 10008,
    message: 'Unknown Message',
    what: 'a message that is gone, was dismissed, or is private to an interaction',
    source: 'codes',
  },
  unknownUser: {
    status: 404,
    code: 10013,
    message: 'Unknown User',
    what: 'a person who is not there',
    source: 'codes',
  },
  unknownWebhook: {
    status: 404,
    code: 10015,
    message: 'Unknown Webhook',
    what: 'an edit or a follow-up before the first answer, or with a token that never was',
    source: 'codes',
  },
  unknownCommand: {
    status: 404,
    code: 10063,
    message: 'Unknown application command',
    what: 'a command that is not there',
    source: 'codes',
  },
  unknownInteraction: {
    status: 404,
    code: 10062,
    message: 'Unknown interaction',
    what: 'a first answer later than 3 seconds, or to no interaction',
    source: 'interactions',
  },
  tooManyCommands: {
    status: 400,
    code: 30032,
    message: 'Maximum number of application commands reached',
    what: 'more than 100 slash commands, or 15 in one of the menus',
    source: 'commands',
  },
  alreadyAcknowledged: {
    status: 400,
    code: 40060,
    message: 'Interaction has already been acknowledged.',
    what: 'a second first answer',
    source: 'codes',
  },
  missingAccess: {
    status: 403,
    code: 50001,
    message: 'Missing Access',
    what: 'a channel that the bot does not see, or a server that it is not in',
    source: 'codes',
  },
  notTheAuthor: {
    status: 403,
    code: 50005,
    message: 'Cannot edit a message authored by another user',
    what: "an edit of somebody else's message",
    source: 'messages',
  },
  emptyMessage: {
    status: 400,
    code: 50006,
    message: 'Cannot send an empty message',
    what: 'a message with nothing to see, or an edit that leaves nothing',
    source: 'messages',
  },
  directMessagesClosed: {
    status: 403,
    code: 50007,
    message: 'Cannot send messages to this user',
    what: 'a direct message to somebody who has closed them, or who shares no server with the bot',
    source: 'codes',
  },
  notATextChannel: {
    status: 400,
    code: 50008,
    message: 'Cannot send messages in a non-text channel',
    what: 'a message in a category, a forum or a media channel',
    source: 'codes',
  },
  missingPermissions: {
    status: 403,
    code: 50013,
    message: 'Missing Permissions',
    what: 'what the roles and overwrites do not allow the bot',
    source: 'permissions',
  },
  invalidToken: {
    status: 401,
    code: 50027,
    message: 'Invalid Webhook Token',
    what: 'an edit or a follow-up later than 15 minutes, or with a wrong token',
    source: 'interactions',
  },
  invalidBody: {
    status: 400,
    code: 50035,
    message: 'Invalid Form Body',
    what: 'a body with one of the faults of the next table, at its place',
    source: 'codes',
  },
  replyWithoutHistory: {
    status: 403,
    code: 160002,
    message: 'Cannot reply without permission to read message history',
    what: 'a reply where the bot may not read the history',
    source: 'codes',
  },
  threadArchived: {
    status: 400,
    code: 50083,
    message: 'Thread is archived',
    what: 'a message in a thread that is archived and locked',
    source: 'threads',
  },
  notJson: {
    status: 400,
    code: 50109,
    message: 'The request body contains invalid JSON.',
    what: 'a body that is no JSON',
    source: 'codes',
  },
  tooManyBytes: {
    status: 500,
    code: 0,
    message: '500: Internal Server Error',
    what: 'text displays of more than 10,170 bytes together, 12 for each among them: Discord itself fails',
    source: 'measured',
  },
} as const satisfies Record<string, Refusal>;

/** What is wrong in a body. Discord publishes no list of these codes. */
export const BODY_FAULTS = {
  APPLICATION_COMMANDS_DUPLICATE_NAME: { what: 'two commands of one type and name', source: 'commands' },
  APPLICATION_COMMAND_CONTEXT_MENU_NO_DESCRIPTION: {
    what: 'a command of a menu with a description or options',
    source: 'commands',
  },
  APPLICATION_COMMAND_INVALID_NAME: {
    what: 'a slash command or an option with a capital letter or a blank in its name',
    source: 'commands',
  },
  APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE: { what: 'two options of one name', source: 'commands' },
  APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID: {
    what: 'a required option behind one that is not',
    source: 'commands',
  },
  ATTACHMENT_NOT_FOUND: { what: 'an attachment whose file was not sent', source: 'uploads' },
  BASE_TYPE_BAD_LENGTH: {
    what: 'more than 5 rows, 5 buttons in a row or 5 parts of a form; an empty row',
    source: 'components',
  },
  BASE_TYPE_BAD_TYPE: { what: 'a value of another type', source: 'schema' },
  BASE_TYPE_CHOICES: { what: 'a value that is none of those allowed', source: 'schema' },
  BASE_TYPE_MAX_LENGTH: { what: 'a text or a list that is too long', source: 'schema' },
  BASE_TYPE_MIN_LENGTH: { what: 'a text or a list that is too short', source: 'schema' },
  BASE_TYPE_REQUIRED: { what: 'a field that is missing', source: 'schema' },
  BUTTON_COMPONENT_CUSTOM_ID_REQUIRED: { what: 'a button without a custom ID that is no link', source: 'components' },
  BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE: { what: 'a link with a custom ID', source: 'components' },
  BUTTON_COMPONENT_INVALID_STYLE: { what: 'a button without a label and an emoji', source: 'components' },
  BUTTON_COMPONENT_URL_REQUIRED: { what: 'a link without an address', source: 'components' },
  COMPONENT_CUSTOM_ID_DUPLICATED: { what: 'one custom ID twice', source: 'components' },
  COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED: {
    what: 'more than 4,000 characters in all text displays',
    source: 'components',
  },
  COMPONENT_ID_DUPLICATED: { what: 'one number of a component twice', source: 'components' },
  COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED: { what: 'more than 40 components of the second kind', source: 'components' },
  COMPONENT_MIN_GREATER_THAN_MAX: { what: 'a minimum above its maximum', source: 'components' },
  FILE_TOO_LARGE: { what: 'a file above 10 MiB', source: 'uploads' },
  INTERACTION_CALLBACK_TYPE: {
    what: 'an answer that does not fit, such as a form to a form',
    source: 'interactions',
  },
  LIST_TYPE_CONVERT: { what: 'anything but a list of commands', source: 'schema' },
  MAX_EMBED_SIZE_EXCEEDED: { what: 'more than 6,000 characters in all embeds', source: 'messages' },
  MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG: {
    what: 'an edit that would make a card an ordinary message',
    source: 'components',
  },
  MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2: {
    what: 'content, embeds, stickers or a poll on a card',
    source: 'components',
  },
  MESSAGE_FLAGS_INVALID: {
    what: 'a flag that the call does not take: of a deferral any but "ephemeral"',
    source: 'interactions',
  },
  MODAL_COMPONENT_DISABLED: { what: 'a disabled field of a form', source: 'components' },
  NUMBER_TYPE_MAX: { what: 'a number that is too large', source: 'schema' },
  NUMBER_TYPE_MIN: { what: 'a number that is too small', source: 'schema' },
  REPLIES_UNKNOWN_MESSAGE: { what: 'a reply to a message that is not there', source: 'messages' },
  SELECT_COMPONENT_MAX_VALUES: { what: 'more values to choose than options', source: 'components' },
  SELECT_COMPONENT_OPTION_VALUE_DUPLICATED: { what: 'two options of one value', source: 'components' },
  SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES: { what: 'more chosen beforehand than may be', source: 'components' },
  STRING_TYPE_REGEX: { what: 'a text of another form', source: 'schema' },
  TEXT_INPUT_LABEL_IN_LABEL: { what: 'a label of its own on a field that stands in a label', source: 'components' },
  UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND: {
    what: 'a card that names a file that was not sent',
    source: 'components',
  },
  UNION_TYPE_CHOICES: { what: 'a component of another kind than may stand there', source: 'components' },
  URL_TYPE_INVALID_URL: { what: 'an address that is none', source: 'schema' },
} as const satisfies Record<string, Rule>;

/** What the gateway closes a connection with. The names are those of GatewayCloseCodes. */
export const GATEWAY_REFUSALS = {
  UnknownOpcode: { what: 'an opcode that bots do not send', source: 'gateway' },
  DecodeError: { what: 'a packet that is no JSON', source: 'gateway' },
  NotAuthenticated: { what: 'anything before an identify', source: 'gateway' },
  AuthenticationFailed: { what: 'another token', source: 'gateway', reason: 'Authentication failed.' },
  AlreadyAuthenticated: { what: 'a second identify or resume', source: 'gateway' },
  InvalidSeq: { what: 'a resume after something that was never sent', source: 'gateway', reason: 'Invalid seq.' },
  InvalidShard: { what: 'a shard that is none', source: 'gateway', reason: 'Invalid shard.' },
  ShardingRequired: {
    what: 'more than 2,500 servers on one shard',
    source: 'gateway',
    reason: 'Sharding required.',
  },
  InvalidIntents: { what: 'an intent that does not exist', source: 'gateway', reason: 'Invalid intent(s).' },
  DisallowedIntents: {
    what: 'a privileged intent, which this application has none of',
    source: 'gateway',
    reason: 'Disallowed intent(s).',
  },
} as const satisfies Record<string, GatewayRefusal>;

import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord-api-types/v10';
import type { Place } from '../discord/people/place.ts';
import type { QuotedMessage, ShownMessage } from '../discord/people/shown-message.ts';
import type { SandboxUser } from '../discord/people/user.ts';
import type { SentOption } from '../discord/rules/command-rules.ts';
import type { PublishedCommand } from '../discord/world/published-commands.ts';
import type {
  CommandView,
  ComponentView,
  EmbedView,
  FileView,
  MemberView,
  MessageView,
  OptionView,
  PersonView,
  PlaceView,
  QuotedView,
} from './protocol.ts';

/** Messages of one channel that the page shows, the newest. */
const MAX_MESSAGES = 100;
/** Characters of a text file that stand under its name. */
const MAX_PREVIEW = 6000;

/** Discord as this person's client would show it, where it shows it. */
export function personView(user: SandboxUser, isBotOnline: boolean, aheadMs: number): PersonView {
  const { world } = user;
  const channels = [...world.channels.values()].filter(({ guild }) => guild?.members.has(user.id) === true);
  const visible = channels.filter((channel) => channel.guild?.can(user, 'ViewChannel', channel));
  return {
    person: { id: user.id, name: user.name },
    bot: { id: world.bot.id, name: world.bot.name, isOnline: isBotOnline },
    aheadMs,
    places: [...visible.map((channel) => user.in(channel)), user.inDirectMessage()].map((place) =>
      placeView(place, isBotOnline),
    ),
    // Of channels those alone that this person sees: Discord shows no names of others.
    names: Object.fromEntries([...world.accounts.values(), ...visible].map(({ id, name }) => [id, name])),
  };
}

function placeView(place: Place, isBotOnline: boolean): PlaceView {
  const { channel, user } = place;
  return {
    channelId: channel.id,
    name: channel.guild ? channel.name : user.world.bot.name,
    server: channel.guild?.name,
    canWrite: channel.guild?.can(user, 'SendMessages', channel) ?? true,
    members: membersOf(place, isBotOnline),
    messages: place.messages.slice(-MAX_MESSAGES).map(messageView),
    commands: place.commands.flatMap((command) => commandViews(command, place)),
  };
}

/** Those who see a channel, under their role, as in the list at the right of Discord's window. */
function membersOf({ channel }: Place, isBotOnline: boolean): MemberView[] {
  const { guild } = channel;
  if (!guild) return [];
  const present = [...guild.members.values()].filter(({ account }) => guild.can(account, 'ViewChannel', channel));
  const views = present.map(({ account: { id, name, bot }, roles }): MemberView => {
    const isOnline = !bot || isBotOnline;
    const [role] = roles;
    return { id, name, isBot: bot, isOnline, group: isOnline ? (role?.name ?? 'Online') : 'Offline' };
  });
  const rank = ({ group }: MemberView) => (group === 'Offline' ? 2 : group === 'Online' ? 1 : 0);
  return views.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'));
}

function messageView(message: ShownMessage): MessageView {
  const { author, usedCommand, repliesTo, viewer } = message;
  const userName = usedCommand && viewer.world.accounts.get(usedCommand.userId)?.name;
  return {
    id: message.id,
    author: { id: author.id, name: author.name, isBot: author.bot },
    at: message.createdAt,
    content: message.content,
    isEdited: message.isEdited && !message.ephemeral,
    isEphemeral: message.ephemeral,
    isThinking: message.thinking,
    usedCommand: usedCommand && userName !== undefined ? { userName, name: usedCommand.name } : undefined,
    repliesTo: repliesTo && { userName: repliesTo.author.name, content: repliesTo.content },
    embeds: message.embeds as readonly EmbedView[],
    components: message.components as readonly ComponentView[],
    files: message.files.map(fileView),
    stickers: message.stickers,
    poll: message.poll && {
      question: message.poll.question.text ?? '',
      answers: message.poll.answers.map(({ poll_media }) => poll_media.text ?? poll_media.emoji?.name ?? ''),
    },
    quoted: message.quoted.map(quotedView),
  };
}

function quotedView({ kind, author, content, embeds, components, attachments }: QuotedMessage): QuotedView {
  return {
    label: kind === 'forwarded' ? 'Forwarded' : (author?.username ?? ''),
    content,
    embeds: embeds as readonly EmbedView[],
    components: components as readonly ComponentView[],
    files: attachments.map(({ filename, url }) => ({ name: filename, url })),
  };
}

function fileView({ id, name, contentType, text }: ShownMessage['files'][number]): FileView {
  return {
    name,
    url: `/files/${id}/${encodeURIComponent(name)}`,
    size: Buffer.byteLength(text),
    preview: /^(text\/|application\/json)/.test(contentType) ? beginningOf(text) : undefined,
  };
}

/** Ends between what a reader takes for two characters. */
function beginningOf(text: string): string {
  return text.slice(0, new Intl.Segmenter().segment(text).containing(MAX_PREVIEW)?.index);
}

/** A command with subcommands is several, as in Discord's list. */
function commandViews(command: PublishedCommand, place: Place): CommandView[] {
  if (command.type === ApplicationCommandType.Message) {
    return [{ kind: 'message', name: command.name, description: '', options: [] }];
  }
  if (command.type !== ApplicationCommandType.ChatInput) return [];
  const flat = (name: string, description: string, options: readonly SentOption[]): CommandView[] => {
    const nested = options.filter(({ type }) => type <= ApplicationCommandOptionType.SubcommandGroup);
    if (nested.length > 0) {
      return nested.flatMap((sub) => flat(`${name} ${sub.name}`, sub.description, sub.options ?? []));
    }
    return [{ kind: 'slash', name, description, options: options.map((option) => optionView(option, place)) }];
  };
  return flat(command.name, command.description ?? '', command.options ?? []);
}

function optionView(option: SentOption, place: Place): OptionView {
  const isNumber =
    option.type === ApplicationCommandOptionType.Integer || option.type === ApplicationCommandOptionType.Number;
  return {
    name: option.name,
    description: option.description,
    kind: KINDS[option.type as ApplicationCommandOptionType] ?? (isNumber ? 'number' : 'text'),
    required: option.required ?? false,
    min: (isNumber ? option.min_value : option.min_length) ?? undefined,
    max: (isNumber ? option.max_value : option.max_length) ?? undefined,
    choices: choicesOf(option, place).map(({ id, name }) => ({ id, name })),
  };
}

const KINDS: Partial<Record<ApplicationCommandOptionType, OptionView['kind']>> = {
  [ApplicationCommandOptionType.User]: 'user',
  [ApplicationCommandOptionType.Channel]: 'channel',
};

/** The people or the channels that Discord's client offers for an option. */
function choicesOf({ type, channel_types: types }: SentOption, { user, channel: { guild } }: Place) {
  if (!guild) return [];
  if (type === ApplicationCommandOptionType.User) {
    return [...guild.members.values()].map(({ account }) => account).filter(({ bot }) => !bot);
  }
  if (type !== ApplicationCommandOptionType.Channel) return [];
  return [...guild.channels.values()].filter(
    (channel) => (!types?.length || types.includes(channel.type)) && guild.can(user, 'ViewChannel', channel),
  );
}

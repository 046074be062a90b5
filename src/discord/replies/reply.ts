import {
  ActionRowBuilder,
  type APIContainerComponent,
  type APITextDisplayComponent,
  type AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  ComponentType,
  MessageFlags,
  time,
} from 'discord.js';
import { customId } from '../custom-id.ts';
import { REPLY_KINDS, type ReplyKind } from './reply-kind.ts';

/** A private message of ours, which is shown as a card: for a reply, an edit or a follow-up. */
export interface Reply {
  readonly kind: ReplyKind;
  /** The news first, as a heading. At most 4,000 UTF-16 units, with the sections. */
  readonly content: string;
  /** Below the content: lines with a button beside them. */
  readonly sections?: readonly ReplySection[];
  /** Below these: things of which each has a row of buttons. */
  readonly items?: readonly ReplyItem[];
  readonly components: readonly ActionRowBuilder<ButtonBuilder>[];
  readonly files?: readonly AttachmentBuilder[];
}

export interface ReplyItem {
  readonly content: string;
  readonly buttons: ActionRowBuilder<ButtonBuilder>;
}

export interface ReplySection {
  readonly content: string;
  readonly button: ButtonBuilder;
}

/**
 * The reply as Discord takes it, in a message or an edit. All our private messages are of Components V2: an edit cannot make one
 * of what was none.
 */
export function asMessage(reply: Reply) {
  return { ...asBody(reply), files: [...(reply.files ?? [])] };
}

/** The same for a request of our own, without the files themselves. */
export function asBody(reply: Reply) {
  return { flags: MessageFlags.IsComponentsV2 as const, components: [cardOf(reply)] };
}

/** Written as Discord takes it: the builders look at each part of a card again, for each of them. */
function cardOf({ kind, content, sections = [], items = [], components, files = [] }: Reply): APIContainerComponent {
  const { id, colour } = REPLY_KINDS[kind];
  return {
    type: ComponentType.Container,
    id,
    accent_color: colour,
    components: [
      textDisplay(content),
      ...sections.map(({ content, button }) => ({
        type: ComponentType.Section as const,
        components: [textDisplay(content)],
        accessory: button.toJSON(),
      })),
      ...items.flatMap(({ content, buttons }) => [
        { type: ComponentType.Separator as const },
        textDisplay(content),
        buttons.toJSON(),
      ]),
      // A file that no component shows is not to be seen.
      ...files.map(({ name }) => ({ type: ComponentType.File as const, file: { url: `attachment://${name}` } })),
      ...components.map((row) => row.toJSON()),
    ],
  };
}

function textDisplay(content: string): APITextDisplayComponent {
  return { type: ComponentType.TextDisplay, content };
}

/** The reply as a message that only the person sees. */
export function ephemeral(reply: Reply) {
  return { ...asMessage(reply), flags: MessageFlags.IsComponentsV2 | MessageFlags.Ephemeral } as const;
}

/** A card with a title and lines below it, as far as they exist. @param title Begins with one emoji. */
export function card(
  kind: ReplyKind,
  title: string,
  body: readonly (string | undefined | false)[] = [],
  components: readonly ActionRowBuilder<ButtonBuilder>[] = [],
): Reply {
  return { kind, content: lines(`### ${title}`, ...body), components };
}

export function button(
  label: string,
  style: Exclude<ButtonStyle, ButtonStyle.Link | ButtonStyle.Premium>,
  id: string,
): ButtonBuilder {
  return new ButtonBuilder().setLabel(label).setStyle(style).setCustomId(id);
}

/** Discord's limit for the address of a button, in UTF-16 units. */
const URL_LENGTH = 512;

/** A button that leads to a page. Undefined where Discord would not take its address. */
export function urlButton(label: string, url: string): ButtonBuilder | undefined {
  return url.length > URL_LENGTH
    ? undefined
    : new ButtonBuilder().setLabel(label).setStyle(ButtonStyle.Link).setURL(url);
}

/** The way to an account. */
export function linkButton(label = 'Link account'): ButtonBuilder {
  return button(label, ButtonStyle.Primary, customId('link'));
}

export function row(...components: ButtonBuilder[]): ActionRowBuilder<ButtonBuilder> {
  return new ActionRowBuilder<ButtonBuilder>().addComponents(components);
}

/** Discord's own time, shown in the reader's zone. @param at Milliseconds since 1970. */
export function timestamp(at: number, style: 'R' | 'f' | 't'): string {
  return time(Math.ceil(at / 1000), style);
}

/** Lines that exist, one below the other. */
export function lines(...parts: readonly (string | undefined | false)[]): string {
  return parts.filter((part) => part).join('\n');
}

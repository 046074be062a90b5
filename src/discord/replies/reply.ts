import { ActionRowBuilder, type AttachmentBuilder, ButtonBuilder, ButtonStyle, MessageFlags, time } from 'discord.js';
import { customId } from '../custom-id.ts';

/** A private message of ours: for a reply, an edit or a follow-up. Without components, those of the edited message go. */
export interface Reply {
  readonly content: string;
  readonly components: ActionRowBuilder<ButtonBuilder>[];
  readonly files?: AttachmentBuilder[];
}

/** The reply as a message that only the person sees. */
export function ephemeral(reply: Reply) {
  return { ...reply, flags: MessageFlags.Ephemeral } as const;
}

export function button(
  label: string,
  style: Exclude<ButtonStyle, ButtonStyle.Link | ButtonStyle.Premium>,
  id: string,
): ButtonBuilder {
  return new ButtonBuilder().setLabel(label).setStyle(style).setCustomId(id);
}

/** The way to an account. */
export function linkButton(): ButtonBuilder {
  return button('Link account', ButtonStyle.Primary, customId('link'));
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

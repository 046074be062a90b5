import { ChannelType, type ChatInputCommandInteraction, PermissionFlagsBits, PermissionsBitField } from 'discord.js';

/** Channels in which people write. Discord offers no others to choose from. */
export const PANEL_CHANNEL_TYPES = [
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
  ChannelType.GuildVoice,
  ChannelType.GuildStageVoice,
] as const;

/** The channel for a panel, as the interaction describes it. */
export interface PanelChannel {
  readonly id: string;
  /** Undefined where Discord does not say: of the channel in which the command was used. */
  readonly isThread: boolean | undefined;
  /** What the bot may do there, and the moderator. Undefined where Discord does not say. */
  readonly ofBot: Readonly<PermissionsBitField> | undefined;
  readonly ofModerator: Readonly<PermissionsBitField> | undefined;
}

/** The channel that was chosen, or that in which the command was used. */
export function panelChannel(interaction: ChatInputCommandInteraction): PanelChannel {
  const chosen = interaction.options.getChannel('channel', false, PANEL_CHANNEL_TYPES);
  if (!chosen) {
    return {
      id: interaction.channelId,
      isThread: interaction.channel?.isThread(),
      ofBot: interaction.appPermissions,
      ofModerator: interaction.memberPermissions ?? undefined,
    };
  }
  // Without the server in its cache, discord.js gives the channel as Discord has sent it.
  const ofBot = 'appPermissions' in chosen ? chosen.appPermissions : permissions(chosen.app_permissions);
  const ofModerator = typeof chosen.permissions === 'string' ? permissions(chosen.permissions) : chosen.permissions;
  return {
    id: chosen.id,
    isThread: isThread(chosen.type),
    ofBot: ofBot ?? undefined,
    ofModerator: ofModerator ?? undefined,
  };
}

/** @returns What somebody with these permissions lacks to write there, in Discord's words. */
export function missingPermissions(
  held: Readonly<PermissionsBitField> | undefined,
  isThread: boolean | undefined,
): string[] {
  if (!held) return [];
  const { ViewChannel, SendMessages, SendMessagesInThreads } = PermissionFlagsBits;
  const mayWrite =
    isThread === undefined
      ? held.any([SendMessages, SendMessagesInThreads])
      : held.has(isThread ? SendMessagesInThreads : SendMessages);
  return [
    ...(held.has(ViewChannel) ? [] : ['View Channel']),
    ...(mayWrite ? [] : [isThread ? 'Send Messages in Threads' : 'Send Messages']),
  ];
}

function permissions(bits: string | undefined): PermissionsBitField | undefined {
  return bits === undefined ? undefined : new PermissionsBitField(BigInt(bits));
}

function isThread(type: ChannelType): boolean {
  return (
    type === ChannelType.PublicThread || type === ChannelType.PrivateThread || type === ChannelType.AnnouncementThread
  );
}

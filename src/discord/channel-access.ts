import { ChannelType, DiscordAPIError, type REST, RESTJSONErrorCodes, Routes } from 'discord.js';
import { z } from 'zod';

/** Whether the bot can write into a channel, and what stands against it. Only `unreachable` may pass by itself. */
export type ChannelAccess =
  | { readonly kind: 'writable' }
  | { readonly kind: 'gone' }
  /** Discord says the same of a channel without View Channel and of one in a server that the bot has left. */
  | { readonly kind: 'hidden' }
  | { readonly kind: 'forbidden' }
  /** @param what For people: "a forum". */
  | { readonly kind: 'takes-no-messages'; readonly what: string }
  | { readonly kind: 'direct-message' }
  | { readonly kind: 'archived' }
  | { readonly kind: 'locked' }
  | { readonly kind: 'refused'; readonly code: number | string }
  | { readonly kind: 'unreachable' };

/** What is wrong, and what to do about it. */
export interface ChannelProblem {
  readonly message: string;
  readonly remedy: string;
}

const channel = z.object({
  type: z.number(),
  thread_metadata: z
    .object({ archived: z.boolean().catch(false), locked: z.boolean().catch(false) })
    .optional()
    .catch(undefined),
});

/** Channels that have no messages of their own. */
const WITHOUT_MESSAGES: Readonly<Partial<Record<ChannelType, string>>> = {
  [ChannelType.GuildCategory]: 'a category',
  [ChannelType.GuildForum]: 'a forum',
  [ChannelType.GuildMedia]: 'a media channel',
  [ChannelType.GuildDirectory]: 'a directory of servers',
};

/** Looks at a channel without writing into it: `writable` means that nothing speaks against it. Never rejects. */
export async function lookAtChannel(rest: REST, channelId: string): Promise<ChannelAccess> {
  try {
    const { data } = channel.safeParse(await rest.get(Routes.channel(channelId)));
    if (!data) return { kind: 'unreachable' };
    const what = WITHOUT_MESSAGES[data.type as ChannelType];
    if (what !== undefined) return { kind: 'takes-no-messages', what };
    if (data.type === ChannelType.DM || data.type === ChannelType.GroupDM) return { kind: 'direct-message' };
    if (data.thread_metadata?.locked) return { kind: 'locked' };
    if (data.thread_metadata?.archived) return { kind: 'archived' };
    return { kind: 'writable' };
  } catch (error) {
    return accessAfter(error);
  }
}

/** What a refusal to read or write a channel means. */
export function accessAfter(error: unknown): ChannelAccess {
  if (!(error instanceof DiscordAPIError)) return { kind: 'unreachable' };
  switch (error.code) {
    case RESTJSONErrorCodes.UnknownChannel:
    case RESTJSONErrorCodes.UnknownGuild:
      return { kind: 'gone' };
    case RESTJSONErrorCodes.MissingAccess:
      return { kind: 'hidden' };
    case RESTJSONErrorCodes.MissingPermissions:
      return { kind: 'forbidden' };
    case RESTJSONErrorCodes.CannotSendMessagesInNonTextChannel:
    case RESTJSONErrorCodes.CannotExecuteActionOnThisChannelType:
      return { kind: 'takes-no-messages', what: 'no text channel (a forum, a category or the like)' };
    case RESTJSONErrorCodes.CannotSendMessagesToThisUser:
    case RESTJSONErrorCodes.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds:
    case RESTJSONErrorCodes.CannotExecuteActionOnDMChannel:
      return { kind: 'direct-message' };
    case RESTJSONErrorCodes.InvalidActionOnArchivedThread:
      return { kind: 'archived' };
    case RESTJSONErrorCodes.ThreadLocked:
      return { kind: 'locked' };
  }
  // 429 and 5xx pass; a token that is not accepted says nothing about the channel.
  const passes = error.status === 401 || error.status === 429 || error.status >= 500;
  if (passes) return { kind: 'unreachable' };
  return error.status === 403 ? { kind: 'forbidden' } : { kind: 'refused', code: error.code };
}

/** The words for it, about AUDIT_CHANNEL_ID. @returns undefined for a channel that can be written to. */
export function auditChannelProblem(access: ChannelAccess): ChannelProblem | undefined {
  switch (access.kind) {
    case 'writable':
      return undefined;
    case 'gone':
      return {
        message: 'The channel of AUDIT_CHANNEL_ID does not exist, or not any more.',
        remedy: 'Right-click the channel > Copy Channel ID, and put it into AUDIT_CHANNEL_ID.',
      };
    case 'hidden':
      return {
        message:
          'The channel of AUDIT_CHANNEL_ID is there, but the bot cannot see it, or is not in its server any more.',
        remedy:
          'Give the bot View Channel and Send Messages in that channel; if it has left the server, invite it again.',
      };
    case 'forbidden':
      return {
        message: 'The bot may not write into the channel of AUDIT_CHANNEL_ID.',
        remedy: 'Give the bot View Channel and Send Messages in that channel (in a thread: Send Messages in Threads).',
      };
    case 'takes-no-messages':
      return {
        message: `The channel of AUDIT_CHANNEL_ID is ${access.what}, which takes no messages.`,
        remedy: 'Choose a text channel for AUDIT_CHANNEL_ID.',
      };
    case 'direct-message':
      return {
        message: 'The channel of AUDIT_CHANNEL_ID is a direct message, which moderators cannot read.',
        remedy: 'Choose a text channel of a server for AUDIT_CHANNEL_ID.',
      };
    case 'archived':
      return {
        message: 'The channel of AUDIT_CHANNEL_ID is a thread that is archived.',
        remedy:
          'Open the thread again, or better choose a text channel: threads are archived by themselves when they are quiet.',
      };
    case 'locked':
      return {
        message: 'The channel of AUDIT_CHANNEL_ID is a thread that is locked.',
        remedy: 'Unlock the thread, or better choose a text channel for AUDIT_CHANNEL_ID.',
      };
    case 'refused':
      return {
        message: `Discord refuses messages in the channel of AUDIT_CHANNEL_ID (error ${access.code}).`,
        remedy:
          'Choose another text channel for AUDIT_CHANNEL_ID, or look up that error at discord.com/developers/docs.',
      };
    case 'unreachable':
      return {
        message: 'Discord did not say whether the channel of AUDIT_CHANNEL_ID takes entries.',
        remedy: 'Try again in a minute.',
      };
  }
}

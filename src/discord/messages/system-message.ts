import { MessageType } from 'discord.js';

/** Discord's client writes the words of these itself, in the reader's language; the message has its type alone. */
const WORDS: Readonly<Partial<Record<MessageType, string>>> = {
  [MessageType.RecipientAdd]: 'added somebody',
  [MessageType.RecipientRemove]: 'removed somebody',
  [MessageType.Call]: 'started a call',
  [MessageType.ChannelNameChange]: 'changed the name of the channel',
  [MessageType.ChannelIconChange]: 'changed the icon of the channel',
  [MessageType.ChannelPinnedMessage]: 'pinned a message',
  [MessageType.UserJoin]: 'joined the server',
  [MessageType.GuildBoost]: 'boosted the server',
  [MessageType.GuildBoostTier1]: 'boosted the server to level 1',
  [MessageType.GuildBoostTier2]: 'boosted the server to level 2',
  [MessageType.GuildBoostTier3]: 'boosted the server to level 3',
  [MessageType.ChannelFollowAdd]: 'made the channel follow another one',
  [MessageType.ThreadCreated]: 'started a thread',
  [MessageType.GuildInviteReminder]: 'reminder to invite people',
  [MessageType.AutoModerationAction]: 'automatic moderation',
  [MessageType.RoleSubscriptionPurchase]: 'bought a role subscription',
  [MessageType.StageStart]: 'started a stage',
  [MessageType.StageEnd]: 'ended a stage',
  [MessageType.StageSpeaker]: 'speaks on the stage',
  [MessageType.StageRaiseHand]: 'asked to speak on the stage',
  [MessageType.StageTopic]: 'changed the topic of the stage',
  [MessageType.GuildApplicationPremiumSubscription]: 'bought a subscription of an app',
  [MessageType.GuildIncidentAlertModeEnabled]: 'turned security actions on',
  [MessageType.GuildIncidentAlertModeDisabled]: 'turned security actions off',
  [MessageType.GuildIncidentReportRaid]: 'reported a raid',
  [MessageType.GuildIncidentReportFalseAlarm]: 'reported a false alarm',
  [MessageType.PurchaseNotification]: 'bought something',
  [MessageType.PollResult]: 'result of a poll',
};

/** What people write, or bots as an answer. */
const ORDINARY: ReadonlySet<number> = new Set([
  MessageType.Default,
  MessageType.Reply,
  MessageType.ChatInputCommand,
  MessageType.ThreadStarterMessage,
  MessageType.ContextMenuCommand,
]);

/** What a message of Discord's own is about. @returns undefined for the message of a person or a bot. */
export function systemMessage(type: number): string | undefined {
  if (ORDINARY.has(type)) return undefined;
  return WORDS[type as MessageType] ?? `type ${type}`;
}

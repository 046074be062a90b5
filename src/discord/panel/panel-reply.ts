import type { ChannelAccess } from '../channel-access.ts';
import { moderationCard } from '../moderation/moderation-card.ts';
import { type Reply, row, urlButton } from '../replies/reply.ts';
import type { PanelChannel } from './panel-channel.ts';
import type { PostPanelResult } from './post-panel.ts';

/** What the moderator reads who asked for a panel. */
export function panelReply(result: PostPanelResult, channel: PanelChannel, guildId: string): Reply {
  const where = `<#${channel.id}>`;
  switch (result.kind) {
    case 'posted':
      return moderationCard(
        `📌 The panel is in ${where}`,
        ['It works until you delete it, even after the bot restarts or is updated.'],
        viewButton(`https://discord.com/channels/${guildId}/${channel.id}/${result.messageId}`),
      );
    case 'not-yours':
      return notPosted([
        `You can't write in ${where} yourself: you need **${result.missing.join('** and **')}** there.`,
      ]);
    case 'missing':
      return notPosted(lacks(channel, result.missing));
    case 'refused':
      return afterRefusal(result.access, channel);
  }
}

function viewButton(url: string) {
  const button = urlButton('View panel', url);
  return button ? [row(button)] : [];
}

function notPosted(body: readonly string[]): Reply {
  return moderationCard("🔒 The panel wasn't posted", body);
}

function lacks({ id, isThread }: PanelChannel, permissions: readonly string[]): string[] {
  const channel = isThread ? 'the channel of that thread' : 'that channel';
  return [
    `The bot lacks **${permissions.join('** and **')}** in <#${id}>.`,
    `Give it that under **Edit Channel** of ${channel} → **Permissions** → add the bot. Then use the command again.`,
  ];
}

function afterRefusal(access: ChannelAccess, channel: PanelChannel): Reply {
  const where = `<#${channel.id}>`;
  switch (access.kind) {
    case 'hidden':
      return notPosted(lacks(channel, ['View Channel']));
    case 'forbidden':
      return notPosted(lacks(channel, [writePermission(channel)]));
    case 'gone':
      return notPosted(["That channel doesn't exist any more."]);
    case 'takes-no-messages':
    case 'direct-message':
      return notPosted([`Nobody can write in ${where}. Choose a text channel.`]);
    case 'archived':
    case 'locked':
      return notPosted([`The thread ${where} is ${access.kind}. Open it again, or choose a text channel.`]);
    case 'refused':
      return notPosted([`Discord refused it (error ${access.code}). Choose another channel, or another text.`]);
    case 'unreachable':
    case 'writable':
      return moderationCard("⚠️ Discord didn't say whether the panel was posted", [
        `Check ${where} before you use the command again.`,
      ]);
  }
}

/** Which one it was, Discord does not say about the channel in which the command was used. */
function writePermission({ isThread }: PanelChannel): string {
  if (isThread === undefined) return 'Send Messages (in a thread: Send Messages in Threads)';
  return isThread ? 'Send Messages in Threads' : 'Send Messages';
}

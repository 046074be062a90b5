import { type REST, Routes } from 'discord.js';
import { z } from 'zod';
import { accessAfter, type ChannelAccess } from '../channel-access.ts';
import { missingPermissions, type PanelChannel } from './panel-channel.ts';
import type { panelMessage } from './panel-message.ts';

export type PostPanelResult =
  | { readonly kind: 'posted'; readonly messageId: string }
  /** The moderator may not write there, so the bot does not do it for them. */
  | { readonly kind: 'not-yours'; readonly missing: readonly string[] }
  | { readonly kind: 'missing'; readonly missing: readonly string[] }
  /** Discord did not take it, or may have. */
  | { readonly kind: 'refused'; readonly access: ChannelAccess };

const postedMessage = z.object({ id: z.string() });

/** Posts the card, once the permissions that Discord has sent allow it. Never rejects. */
export async function postPanel(
  rest: REST,
  { id, isThread, ofBot, ofModerator }: PanelChannel,
  message: ReturnType<typeof panelMessage>,
): Promise<PostPanelResult> {
  const notTheirs = missingPermissions(ofModerator, isThread);
  if (notTheirs.length > 0) return { kind: 'not-yours', missing: notTheirs };
  const missing = missingPermissions(ofBot, isThread);
  if (missing.length > 0) return { kind: 'missing', missing };
  try {
    const posted = postedMessage.parse(await rest.post(Routes.channelMessages(id), { body: message }));
    return { kind: 'posted', messageId: posted.id };
  } catch (error) {
    return { kind: 'refused', access: accessAfter(error) };
  }
}

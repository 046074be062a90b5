import {
  type ActionRowBuilder,
  type ButtonBuilder,
  DiscordAPIError,
  type REST,
  RESTJSONErrorCodes,
  Routes,
} from 'discord.js';
import { z } from 'zod';
import type { Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import { accessAfter, auditChannelProblem, type ChannelAccess, lookAtChannel } from '../channel-access.ts';

const message = z.object({ id: z.string() });

export interface AuditChannelDeps {
  /** AUDIT_CHANNEL_ID; without it nothing is written. */
  readonly channelId: string | undefined;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * The channel in which moderators read what was done: IDs, outcomes and references; no ticket text, no address. A channel
 * that is gone or forbidden is logged once and counted, and never stands in the way of a ticket.
 */
export class AuditChannel {
  readonly #deps: AuditChannelDeps;
  #rest: REST | undefined;
  #isBroken = false;

  constructor(deps: AuditChannelDeps) {
    this.#deps = deps;
  }

  /**
   * The way to Discord, once there is one. Looks at the channel at once, so that a wrong one is logged before the first
   * entry is lost. Never rejects.
   */
  async connect(rest: REST): Promise<void> {
    this.#rest = rest;
    const { channelId } = this.#deps;
    if (!channelId) return;
    const access = await lookAtChannel(rest, channelId);
    if (access.kind !== 'unreachable') this.#logProblem(access);
  }

  get channelId(): string | undefined {
    return this.#deps.channelId;
  }

  /** Writes one entry. Mentions in it show a name and ping nobody. @returns The ID of its message, where it stands there. Never rejects. */
  async write(entry: string, components: readonly ActionRowBuilder<ButtonBuilder>[] = []): Promise<string | undefined> {
    return this.#request((rest, channelId) =>
      rest.post(Routes.channelMessages(channelId), {
        body: {
          content: entry,
          components: components.map((component) => component.toJSON()),
          allowed_mentions: { parse: [] },
        },
      }),
    );
  }

  /** Writes an entry anew. @returns `gone` where moderators have deleted it. Never rejects. */
  async rewrite(messageId: string, entry: string): Promise<'kept' | 'gone'> {
    let isGone = false;
    await this.#request(async (rest, channelId) => {
      const body = { content: entry, allowed_mentions: { parse: [] } };
      try {
        return await rest.patch(Routes.channelMessage(channelId, messageId), { body });
      } catch (error) {
        isGone = error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownMessage;
        // The channel itself has answered: nothing is wrong with it.
        if (isGone) return { id: messageId };
        throw error;
      }
    });
    return isGone ? 'gone' : 'kept';
  }

  async #request(send: (rest: REST, channelId: string) => Promise<unknown>): Promise<string | undefined> {
    const { channelId, metrics } = this.#deps;
    if (!channelId || !this.#rest) return undefined;
    try {
      const { id } = message.parse(await send(this.#rest, channelId));
      this.#isBroken = false;
      return id;
    } catch (error) {
      metrics.undelivered.inc({ what: 'audit' });
      this.#logProblem(accessAfter(error), error);
      return undefined;
    }
  }

  /** Once for each outage: the channel may stay as it is for days. */
  #logProblem(access: ChannelAccess, error?: unknown): void {
    const problem = auditChannelProblem(access);
    if (!problem || this.#isBroken) return;
    this.#isBroken = true;
    const { channelId, log } = this.#deps;
    log.error(
      {
        ...(error !== undefined && { error }),
        channelId,
        access: access.kind,
        reason: problem.message,
        remedy: problem.remedy,
      },
      'the audit channel cannot be written to; look at AUDIT_CHANNEL_ID and its permissions',
    );
  }
}

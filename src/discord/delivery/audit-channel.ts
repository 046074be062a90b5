import { type ActionRowBuilder, type ButtonBuilder, type REST, Routes } from 'discord.js';
import type { Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';

export interface AuditChannelParts {
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
  readonly #parts: AuditChannelParts;
  #rest: REST | undefined;
  #isBroken = false;

  constructor(parts: AuditChannelParts) {
    this.#parts = parts;
  }

  /** The way to Discord, once there is one. */
  connect(rest: REST): void {
    this.#rest = rest;
  }

  get channelId(): string | undefined {
    return this.#parts.channelId;
  }

  /** Writes one entry. Mentions in it show a name and ping nobody. @returns Whether it stands there. Never rejects. */
  async write(entry: string, components: readonly ActionRowBuilder<ButtonBuilder>[] = []): Promise<boolean> {
    const { channelId, log, metrics } = this.#parts;
    if (!channelId || !this.#rest) return false;
    try {
      await this.#rest.post(Routes.channelMessages(channelId), {
        body: {
          content: entry,
          components: components.map((component) => component.toJSON()),
          allowed_mentions: { parse: [] },
        },
      });
      this.#isBroken = false;
      return true;
    } catch (error) {
      metrics.undelivered.inc({ what: 'audit' });
      if (!this.#isBroken) {
        log.error(
          { error, channelId },
          'the audit channel cannot be written to; look at AUDIT_CHANNEL_ID and its permissions',
        );
      }
      this.#isBroken = true;
      return false;
    }
  }
}

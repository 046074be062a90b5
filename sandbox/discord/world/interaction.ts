import { InteractionResponseType, InteractionType, MessageFlags } from 'discord-api-types/v10';
import type { SandboxClock } from '../../clock.ts';
import { type ApiError, BodyErrors, refusal } from '../rules/api-error.ts';
import { readMessage } from '../rules/message-rules.ts';
import { type ModalBody, readModal } from '../rules/modal-rules.ts';
import type { UploadedFile } from '../rules/sent-message.ts';
import type { Account, Channel, DiscordWorld, Message, MessageBody } from './discord-world.ts';

/** What the person who acted gets to see. */
export type Outcome =
  | { kind: 'modal'; modal: ModalBody }
  | { kind: 'message'; message: Message }
  | { kind: 'failed'; reason: string };

export interface InteractionStart {
  readonly id: string;
  readonly token: string;
  readonly type: InteractionType;
  /** The command's name with its subcommands, or the custom ID. */
  readonly name: string;
  readonly person: Account;
  readonly channel: Channel;
  /** The message whose component was used, directly or to open the modal that is submitted. */
  readonly message?: Message;
}

/** How long Discord waits, and by which clock. */
export interface InteractionTimes {
  readonly deadlineMs: number;
  readonly tokenLifetimeMs: number;
  readonly clock: SandboxClock;
}

/**
 * One thing that a person did, and what the bot answered: it takes a first callback before its deadline, then edits
 * and follow-ups until its token expires, and refuses everything else as Discord does.
 */
export class Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: InteractionType;
  readonly name: string;
  readonly person: Account;
  readonly channel: Channel;
  readonly message: Message | undefined;
  readonly createdAt: number;
  readonly followUps: Message[] = [];
  /** The callback's type, once there was one. */
  acknowledgement: InteractionResponseType | undefined;
  /** Milliseconds from dispatch to callback. */
  acknowledgedAfterMs: number | undefined;
  /** What the person's client says when nothing came in time. */
  failed: string | undefined;
  /** The message that `@original` means. */
  original: Message | undefined;
  outcome: Outcome | undefined;

  private readonly world: DiscordWorld;
  private readonly tokenLifetimeMs: number;
  private readonly clock: SandboxClock;
  private readonly startedAt: number;
  private readonly stopDeadline: () => void;

  constructor(world: DiscordWorld, start: InteractionStart, limits: InteractionTimes) {
    this.world = world;
    this.id = start.id;
    this.token = start.token;
    this.type = start.type;
    this.name = start.name;
    this.person = start.person;
    this.channel = start.channel;
    this.message = start.message;
    this.createdAt = world.now();
    this.tokenLifetimeMs = limits.tokenLifetimeMs;
    this.clock = limits.clock;
    this.startedAt = limits.clock.elapsed();
    this.stopDeadline = limits.clock.after(limits.deadlineMs, () => {
      this.fail(`The application did not respond within ${limits.deadlineMs} ms.`);
    });
  }

  /** Ends the wait for a first callback, which is refused from now on. Does nothing once there was one. */
  fail(reason: string): void {
    this.stopDeadline();
    if (this.acknowledgement !== undefined || this.failed !== undefined) return;
    this.failed = reason;
    this.settle({ kind: 'failed', reason });
  }

  /** The first callback. @throws {ApiError} 10062, 40060, 50035, 50006. */
  respond(body: unknown, files: readonly UploadedFile[]): void {
    this.take(body, files);
    this.world.events.emit('acknowledged', this);
  }

  private take(body: unknown, files: readonly UploadedFile[]): void {
    if (this.acknowledgement !== undefined) throw refusal('alreadyAcknowledged');
    if (this.failed !== undefined) throw refusal('unknownInteraction');
    const type = (body as { type?: unknown } | null)?.type;
    switch (type) {
      case InteractionResponseType.ChannelMessageWithSource: {
        const { sent, ...shown } = readMessage('reply', body, files, this.world.newId);
        this.acknowledge(type);
        this.original = this.post(shown);
        this.settle({ kind: 'message', message: this.original });
        return;
      }
      case InteractionResponseType.DeferredChannelMessageWithSource: {
        const flags = readDeferral(body);
        this.acknowledge(type);
        this.original = this.post({ flags: flags | MessageFlags.Loading });
        return;
      }
      case InteractionResponseType.DeferredMessageUpdate: {
        const message = this.messageToUpdate(type);
        this.acknowledge(type);
        this.original = message;
        return;
      }
      case InteractionResponseType.UpdateMessage: {
        const message = this.messageToUpdate(type);
        const { sent, ...shown } = readMessage('update', body, files, this.world.newId, message);
        this.acknowledge(type);
        this.original = message;
        this.world.edit(message, shown);
        this.settle({ kind: 'message', message });
        return;
      }
      case InteractionResponseType.Modal: {
        if (this.type === InteractionType.ModalSubmit) throw wrongType(type);
        const modal = readModal(body);
        this.acknowledge(type);
        this.settle({ kind: 'modal', modal });
        return;
      }
      default:
        throw wrongType(type);
    }
  }

  /** @throws {ApiError} 10015 before the first callback, 50027 when the token is too old. */
  checkToken(): void {
    if (this.acknowledgement === undefined) throw refusal('unknownWebhook');
    if (this.world.now() - this.createdAt > this.tokenLifetimeMs) throw refusal('invalidToken');
  }

  /** Finds a message that this interaction's token may read and change. @throws {ApiError} 10008. */
  messageById(id: string): Message {
    const message =
      id === '@original' ? this.original : [this.original, ...this.followUps].find((known) => known?.id === id);
    if (!message || message.deleted) throw refusal('unknownMessage');
    return message;
  }

  edit(id: string, body: unknown, files: readonly UploadedFile[]): Message {
    const message = this.messageById(id);
    const { sent, ...shown } = readMessage('edit', body, files, this.world.newId, message);
    this.world.edit(message, shown);
    this.settle({ kind: 'message', message });
    return message;
  }

  followUp(body: unknown, files: readonly UploadedFile[]): Message {
    const { original } = this;
    if (original && original.flags & MessageFlags.Loading && !original.deleted) {
      // Discord takes the first follow-up to a deferral for the edit of its "thinking" message.
      const { sent, flags = 0, ...shown } = readMessage('follow-up', body, files, this.world.newId);
      const kept = original.flags & ~MessageFlags.Loading;
      this.world.edit(original, { ...shown, flags: kept | (flags & ~MessageFlags.Ephemeral) });
      this.settle({ kind: 'message', message: original });
      return original;
    }
    const { sent, ...shown } = readMessage('follow-up', body, files, this.world.newId);
    const message = this.post(shown);
    this.followUps.push(message);
    this.world.events.emit('follow-up', this);
    this.settle({ kind: 'message', message });
    return message;
  }

  remove(id: string): void {
    const message = this.messageById(id);
    this.world.remove(message);
    this.settle({ kind: 'message', message });
  }

  /** For a page or a log: no token, no text. */
  toJSON() {
    const { id, type, name, createdAt, acknowledgement, acknowledgedAfterMs, failed } = this;
    const where = { userId: this.person.id, channelId: this.channel.id };
    return { id, type, name, ...where, createdAt, acknowledgement, acknowledgedAfterMs, failed };
  }

  private acknowledge(type: InteractionResponseType): void {
    this.stopDeadline();
    this.acknowledgement = type;
    this.acknowledgedAfterMs = this.clock.elapsed() - this.startedAt;
  }

  private settle(outcome: Outcome): void {
    if (this.outcome) return;
    this.outcome = outcome;
    this.world.events.emit('outcome', this);
  }

  private messageToUpdate(type: InteractionResponseType): Message {
    if (!this.message) throw wrongType(type);
    if (this.message.deleted) throw refusal('unknownMessage');
    return this.message;
  }

  private post(shown: Partial<MessageBody>): Message {
    return this.world.post({
      ...shown,
      channel: this.channel,
      author: this.world.bot,
      ...((shown.flags ?? 0) & MessageFlags.Ephemeral && { visibleTo: this.person.id }),
      interaction: { id: this.id, type: this.type, user: this.person, name: this.name },
    });
  }
}

/** A deferral decides only whether the reply will be ephemeral. */
function readDeferral(body: unknown): number {
  const flags = (body as { data?: { flags?: unknown } | null }).data?.flags ?? 0;
  const errors = new BodyErrors();
  if (typeof flags !== 'number' || flags & ~MessageFlags.Ephemeral) {
    errors.add(['data', 'flags'], 'MESSAGE_FLAGS_INVALID', 'A deferral takes no flag but EPHEMERAL.');
  }
  errors.throwIfAny();
  return flags as number;
}

function wrongType(type: unknown): ApiError {
  const errors = new BodyErrors();
  errors.add(['type'], 'INTERACTION_CALLBACK_TYPE', `Callback type ${String(type)} does not fit this interaction.`);
  return errors.asRefusal();
}

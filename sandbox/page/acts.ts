import { z } from 'zod';
import type { Shown } from '../discord/people/shown.ts';
import type { ShownMessage } from '../discord/people/shown-message.ts';
import type { ModalField, ShownModal } from '../discord/people/shown-modal.ts';
import type { SandboxUser } from '../discord/people/user.ts';
import type { Act, ActResult, FieldView, ModalView } from './protocol.ts';

/** Forms that are open somewhere; the oldest are forgotten first. */
const MAX_OPEN_MODALS = 200;

const id = z.string().max(40);
const text = z.string().max(10_000);

/** What the page sends. */
export const actSchema: z.ZodType<Act> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('say'), channelId: id, text }),
  z.object({
    kind: z.literal('slash'),
    channelId: id,
    name: z.string().max(100),
    options: z.record(z.string().max(32), z.union([text, z.number()])),
  }),
  z.object({ kind: z.literal('message-command'), channelId: id, name: z.string().max(100), messageId: id }),
  z.object({ kind: z.literal('click'), messageId: id, customId: z.string().max(100) }),
  z.object({ kind: z.literal('select'), messageId: id, customId: z.string().max(100), values: z.array(text).max(25) }),
  z.object({ kind: z.literal('submit'), modalId: id, values: z.record(z.string(), z.union([text, z.array(text)])) }),
  z.object({ kind: z.literal('dismiss'), messageId: id }),
]);

/** Does what people do, with the same user objects as the tests. */
export class Actors {
  readonly #modals = new Map<string, ShownModal>();

  /** Does one thing as one person. What Discord's client would not let one do is `held-back`. Never rejects. */
  async act(user: SandboxUser, act: Act): Promise<ActResult> {
    try {
      return this.#result(await this.#do(user, act));
    } catch (error) {
      return { kind: 'held-back', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async #do(user: SandboxUser, act: Act): Promise<Shown | undefined> {
    const soon = { untilAcknowledged: true };
    switch (act.kind) {
      case 'say':
        await placeOf(user, act.channelId).say(act.text);
        return undefined;
      case 'slash':
        return placeOf(user, act.channelId).slash(act.name, act.options, soon);
      case 'message-command':
        return placeOf(user, act.channelId).messageCommand(act.name, { id: act.messageId }, soon);
      case 'click':
        return messageOf(user, act.messageId).click({ customId: act.customId }, soon);
      case 'select':
        return messageOf(user, act.messageId).select(act.customId, act.values, soon);
      case 'submit': {
        const modal = this.#modals.get(act.modalId);
        if (!modal || modal.interaction.person.id !== user.id) throw new Error('This form is not open any more.');
        return modal.submit(act.values, soon);
      }
      case 'dismiss':
        messageOf(user, act.messageId).dismiss();
        return undefined;
    }
  }

  #result(shown: Shown | undefined): ActResult {
    switch (shown?.kind) {
      case undefined:
      case 'message':
        return { kind: 'done' };
      case 'failed':
        return { kind: 'failed', reason: shown.reason };
      case 'modal':
        return { kind: 'modal', modal: this.#open(shown) };
    }
  }

  #open(modal: ShownModal): ModalView {
    const { id: modalId } = modal.interaction;
    this.#modals.set(modalId, modal);
    if (this.#modals.size > MAX_OPEN_MODALS) {
      const [oldest] = this.#modals.keys();
      if (oldest) this.#modals.delete(oldest);
    }
    return { id: modalId, title: modal.title, texts: modal.textDisplays, fields: modal.fields.map(fieldView) };
  }
}

function placeOf(user: SandboxUser, channelId: string) {
  const channel = user.world.channels.get(channelId);
  if (!channel || (channel.recipient && channel.recipient.id !== user.id)) {
    throw new Error(`${user.name} sees no such channel.`);
  }
  return user.in(channel);
}

function messageOf(user: SandboxUser, messageId: string): ShownMessage {
  const message = user.find({ id: messageId });
  if (!message) throw new Error(`${user.name} sees no such message any more.`);
  return message;
}

const KINDS: Partial<Record<ModalField['kind'], FieldView['kind']>> = {
  text: 'text',
  paragraph: 'paragraph',
  select: 'select',
};

function fieldView({ kind, value, ...field }: ModalField): FieldView {
  const { customId, label, description, placeholder, required, min, max, options } = field;
  return {
    ...{ customId, label, description, placeholder, required, min, max, options },
    kind: KINDS[kind] ?? 'other',
    value: typeof value === 'boolean' ? String(value) : value,
  };
}

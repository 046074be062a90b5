/**
 * What a message of the bot says about a text. `maybe` is every honest "we do not know"; `nothing` says that no ticket was
 * opened, or no answer posted; `pending` that it is being dealt with; `gone` that the text is stored no more; `other` is about
 * no text.
 */
export type ReplyClass =
  | {
      readonly kind: 'opened';
      readonly reference: string | undefined;
      /** The text is an answer to that ticket, and stands in it. */
      readonly isAnswer: boolean;
    }
  | { readonly kind: 'maybe' | 'nothing' | 'pending' | 'gone' | 'error' | 'other' };

/** A message as it is on the wire, as far as it is read. */
export interface ReadMessage {
  readonly content: string;
  readonly components: readonly unknown[];
}

/** By the ID of the card's container, which Discord keeps and shows to nobody: what stands on the card may be said in any words. */
const CLASSES: Readonly<Record<number, ReplyClass['kind']>> = {
  1001: 'opened',
  // It was open before.
  1002: 'opened',
  1003: 'maybe',
  // The helpdesk said no.
  1004: 'nothing',
  // It was not sent.
  1005: 'nothing',
  1006: 'pending',
  1007: 'gone',
  1015: 'error',
};

/** A ticket and an answer have the same cards, so here the words decide. */
const IS_ANSWER = /Your reply is in |Already posted to /;

/** Reads a message by the kind of its card, whatever its words are. */
export function classifyReply(message: ReadMessage): ReplyClass {
  const kind = partsOf(message)
    .map(({ id }) => CLASSES[id ?? 0])
    .find((found) => found !== undefined);
  return kind === 'opened' ? openedClass(message) : { kind: kind ?? 'other' };
}

/** A direct message about a text that was sent without its writer. What asks for a decision is told at their next command, and says nothing here. */
export function classifyDirectMessage(message: ReadMessage): ReplyClass {
  if (/^✅ \*\*Your reply |^✅ \*\*.* is open:/.test(message.content)) return openedClass(message);
  return { kind: message.content.startsWith('⚠️ **Not sure it went through') ? 'maybe' : 'other' };
}

function openedClass(message: ReadMessage): ReplyClass {
  const words = wordsOf(message);
  return { kind: 'opened', reference: /\bKVO-[\d-]+\d/.exec(words)?.[0], isAnswer: IS_ANSWER.test(words) };
}

/** All that can be read on it but the labels of its buttons. */
export function wordsOf(message: ReadMessage): string {
  const texts = partsOf(message).flatMap(({ content }) => (content === undefined ? [] : [content]));
  return [message.content, ...texts].filter(Boolean).join('\n');
}

interface Part {
  readonly id?: number;
  readonly content?: string;
  readonly components?: readonly Part[];
}

function partsOf({ components }: { readonly components?: readonly unknown[] }): Part[] {
  return ((components ?? []) as readonly Part[]).flatMap((part) => [part, ...partsOf(part)]);
}

import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import type { ShownModal } from '../../sandbox/discord/people/shown-modal.ts';
import { type ConversationOptions, linkAccount, startConversation, submitTicket } from './conversation.ts';

export const TICKET_FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
export const ANSWER = 'It says "kernel panic" & <stops>.\nBoth of them — é 🙏';

/** Ada is linked, and the helpdesk has one ticket of hers. */
export async function startWithTicket(options: ConversationOptions = {}) {
  const talk = await startConversation(options);
  const { ada, world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  await submitTicket(ada, TICKET_FIELDS);
  const [ticket] = world.helpdesk.tickets;
  if (!ticket) throw new Error('There is no ticket');
  return { talk, ada, world, helpdesk: world.helpdesk, ticket };
}

/** The card of the newest ticket of somebody. */
export async function shownTicket(place: Place): Promise<ShownMessage> {
  return asMessage(await asMessage(await place.slash('tickets')).click('Show'));
}

/** The form of an answer to it. */
export async function answerForm(place: Place): Promise<ShownModal> {
  return asModal(await (await shownTicket(place)).click('Reply'));
}

export async function answer(place: Place, body = ANSWER): Promise<ShownMessage> {
  return asMessage(await (await answerForm(place)).submit({ body }));
}

/** Answers, and returns what stands there while the bot looks whether it was posted. */
export async function beginDoubtful(place: Place, body = ANSWER): Promise<ShownMessage> {
  const form = await answerForm(place);
  const message = asMessage(await form.submit({ body }, { untilAcknowledged: true }));
  await message.until(({ text }) => text.includes('Checking whether your reply went through'));
  return message;
}

/** What stands on the buttons of a message. */
export const labels = (message: ShownMessage) => message.buttons.map(({ label }) => label);

import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage } from '../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import type { App } from '../../src/app.ts';
import { type Conversation, linkAccount, submitTicket } from './conversation.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
/** How much time passes at once where minutes have to. */
const STEP_MS = 1000;
const DAY_MS = 24 * 3_600_000;

/** Ada has opened a ticket, and has said at its receipt that she wants to be told. The bot has looked at it once. */
export async function watchTicket(talk: Conversation) {
  const { ada, world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  const receipt = await submitTicket(ada, FIELDS);
  const told = asMessage(await receipt.click('Tell me when something changes'));
  await passLooks(talk, 1);
  const ticket = world.helpdesk.tickets.at(-1);
  if (!ticket) throw new Error('There is no ticket.');
  return { ada, world, helpdesk: world.helpdesk, ticket, reference: ticket.reference, receipt, told };
}

/** How many looks have found what the helpdesk says. */
export async function looksOf(apps: readonly App[]): Promise<number> {
  const counted = await Promise.all(apps.map(({ metrics }) => metrics.watchLooks.get()));
  const found = counted.flatMap(({ values }) => values).filter(({ labels }) => labels.result !== 'failed');
  return found.reduce((sum, { value }) => sum + value, 0);
}

const NOT_TOLD = 'was not told by direct message';
/** How many direct messages Discord did not take, or did not say that it has. */
export const notTold = ({ logged }: Conversation) => logged.filter((line) => line.includes(NOT_TOLD)).length;

/**
 * Lets time pass until the bot looks the next time, and no longer than that, until a direct message has failed: how long a process
 * takes for that must not become minutes of the clock.
 */
export async function passUntilNotTold(talk: Conversation): Promise<void> {
  const { helpdesk, activity } = talk.world;
  const before = notTold(talk);
  let isLooking = false;
  void helpdesk.nextCall('api_viewTicket').then(() => {
    isLooking = true;
  });
  await passUntil(talk, () => isLooking);
  await activity.until({
    look: () => notTold(talk) > before || undefined,
    describe: () => 'a direct message that fails',
  });
}

/** Lets time pass until something is true. @throws {Error} when a day is over: then it will not come to pass. */
export async function passUntil({ clock }: Conversation, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let passed = 0; !(await isTrue()); passed += STEP_MS) {
    if (passed > DAY_MS) throw new Error(`A day has passed, and this is not so: ${isTrue}`);
    await clock.passSlowly(STEP_MS, STEP_MS);
  }
}

/** Lets time pass until the bot has looked so many times more. */
export async function passLooks(talk: Conversation, count: number, apps = [talk.app]): Promise<void> {
  const enough = (await looksOf(apps)) + count;
  await passUntil(talk, async () => (await looksOf(apps)) >= enough);
}

/** What the bot has written to somebody directly, oldest first. */
export function directMessages({ user }: Place): ShownMessage[] {
  const { id } = user.inDirectMessage().channel;
  return user.messages.filter(({ channelId, ephemeral }) => channelId === id && !ephemeral);
}

/** Lets time pass until somebody has so many direct messages. */
export async function passUntilTold(talk: Conversation, place: Place, count = 1): Promise<ShownMessage> {
  await passUntil(talk, () => directMessages(place).length >= count);
  const last = directMessages(place).at(-1);
  if (!last) throw new Error('Nothing was told.');
  return last;
}

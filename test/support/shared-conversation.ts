import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld } from '../../sandbox/world.ts';
import { Conversation, type ConversationOptions } from './conversation.ts';
import { ManualClock } from './manual-clock.ts';

/**
 * A conversation without a bot so far, for several tests in a row: whoever makes it in `beforeAll` closes it in `afterAll`.
 * Only for tests that leave it as they found it.
 */
export async function createConversation(options: ConversationOptions = {}): Promise<Conversation> {
  const clock = new ManualClock();
  const [world, folder] = await Promise.all([startWorld({ clock }), mkdtemp(join(tmpdir(), 'openticket-'))]);
  return new Conversation(world, folder, clock, options);
}

import { openStorage } from '../../src/storage/open-storage.ts';
import { createBreakableStorage, type StorageBreakage } from '../support/breakable-storage.ts';
import type { Conversation } from '../support/conversation.ts';
import { createConversation } from '../support/shared-conversation.ts';
import { type Acts, type LastStep, press } from './act.ts';
import { ACTS } from './acts.ts';
import { createFixture, createScene, createServer, type Fixture, settle, startBot, VERIFICATIONS } from './scene.ts';

/** What must not be read when nobody could look. Who was unlinked is "not linked any more". */
export const NOT_LINKED =
  /no account is linked|Link your email at the helpdesk first|not linked(?! any more)|The author's account can't be used any more|<@\d+> isn't linked|no account that could get/i;

/** Ways of a handler that make no difference to who may use it. */
const MORE_ACTS: Acts = {
  'button ticket-edit, of a text that is gone': {
    reach: async ({ place }) => ({ invoke: (how) => press(place, 'ticket-edit:none', how), isDone: () => false }),
  },
};

/** A bot with the handlers that can be reached in it. */
export interface HandlersBot {
  readonly talk: Conversation;
  /** Where everybody who decides about links reads the requests. */
  readonly auditChannelId: string;
  readonly breakage: StorageBreakage;
  /**
   * Lets somebody new come to each handler who may use it: a moderator in a server of their own, in nobody's way and with
   * everything in order.
   */
  reachAll(): Promise<ReachedHandler[]>;
}

export interface ReachedHandler {
  readonly name: string;
  readonly invoke: LastStep['invoke'];
}

/** Starts a bot for each way to prove links, over stores that can be broken. Every handler can be reached in one of them. */
export async function startForEveryHandler(): Promise<HandlersBot[]> {
  return Promise.all(
    VERIFICATIONS.map(async (verification) => {
      const breakage: StorageBreakage = { broken: undefined };
      const talk = await createConversation({
        tuning: {
          openStorage: async (options) => createBreakableStorage(await openStorage(options), breakage).storage,
        },
      });
      const fixture = createFixture(talk, 'permission', verification);
      await startBot(fixture);
      return { talk, auditChannelId: fixture.auditChannel.id, breakage, reachAll: () => reachAll(fixture) };
    }),
  );
}

async function reachAll(fixture: Fixture): Promise<ReachedHandler[]> {
  const acts = Object.entries({ ...ACTS, ...MORE_ACTS }).filter(
    ([, { verification = 'none' }]) => verification === fixture.verification,
  );
  const scenes = acts.map(([name, act]) => ({
    name,
    act,
    scene: createScene(fixture, createServer(fixture, name), ['Moderator']),
  }));
  await Promise.all(scenes.map(({ scene }) => settle(scene, fixture)));
  const reached: ReachedHandler[] = [];
  for (const { name, act, scene } of scenes) {
    const [actor] = scene.actors;
    if (!actor) throw new Error('Nobody is there');
    // One after the other: what the helpdesk refuses once must be refused to the right one.
    const { invoke } = await act.reach(actor, scene);
    reached.push({ name, invoke });
  }
  return reached;
}

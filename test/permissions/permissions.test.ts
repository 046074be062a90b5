import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commands } from '../../commands/index.ts';
import { ACTS, actOf } from '../handlers/acts.ts';
import { buttonLabels, handlerCases } from '../handlers/handler-cases.ts';
import { EXPECTED } from '../handlers/permission-table.ts';
import {
  type Actor,
  createFixture,
  createScene,
  isRefusal,
  PERSONS,
  type Scene,
  settle,
  startBot,
  VERIFICATIONS,
  WAYS,
} from '../handlers/scene.ts';
import { createConversation } from '../support/shared-conversation.ts';

const cases = handlerCases(commands);

const GROUPS = WAYS.flatMap((way) => VERIFICATIONS.map((verification) => [way, verification] as const));

describe.each(GROUPS)('who may do what, moderators by %s, links proved by %s', (way, verification) => {
  let scene: Scene;

  beforeAll(async () => {
    const fixture = createFixture(await createConversation(), way, verification);
    scene = createScene(fixture, fixture.talk.guild, PERSONS);
    await startBot(fixture);
    await settle(scene, fixture);
  });
  afterAll(() => scene?.talk.close());
  beforeEach(() => scene.talk.world.helpdesk.clearFaults());

  const tried = cases.filter(({ name }) => (ACTS[name]?.verification ?? 'none') === verification);
  test.for(tried.map((one) => [one.title, one] as const))('%s', async ([, handlerCase]) => {
    const act = actOf(handlerCase);
    const found: Record<string, string> = {};
    const attempt = async (actor: Actor) => {
      const { invoke, isDone } = await act.reach(actor, scene);
      const shown = await invoke();
      const done = await isDone(shown);
      // What is not done is refused in words, and what is done is not said to be refused.
      expect(isRefusal(shown), `what ${actor.kind} read`).toBe(!done);
      found[actor.kind] = done ? 'yes' : 'no';
    };
    if (act.atOnce) await Promise.all(scene.actors.map(attempt));
    else for (const actor of scene.actors) await attempt(actor);
    expect(found).toEqual(EXPECTED[handlerCase.audience]);
  });

  test('what stands on every button that was seen is what its handler says', () => {
    const labels = buttonLabels(commands);
    const seen = [...scene.talk.world.discord.users.values()].flatMap((user) =>
      user.messages.filter(({ author }) => author.bot).flatMap(({ buttons }) => buttons),
    );
    const nameOf = (customId: string) => customId.split(':')[0] ?? '';
    const others = seen.filter(
      ({ customId, label }) => customId !== undefined && !labels.get(nameOf(customId))?.includes(label),
    );
    expect(seen).not.toHaveLength(0);
    expect(others.map(({ customId, label }) => `${nameOf(customId ?? '')}: ${label}`)).toEqual([]);
  });
});

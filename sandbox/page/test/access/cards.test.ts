import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { asBody, type Reply } from '../../../../src/discord/replies/reply.ts';
import { REPLY_KINDS } from '../../../../src/discord/replies/reply-kind.ts';
import { SAMPLE_GROUPS } from '../../../../test/messages/document.ts';
import { ORDINARY } from '../../../../test/messages/sample-words.ts';
import { numberComponents } from '../../../discord/server/wire.ts';
import { describeInBrowser, openPage, useBrowser } from '../page-under-test.ts';

/** Every card that docs/messages.md shows. */
const CARDS: readonly Reply[] = SAMPLE_GROUPS.flatMap(({ samples }) => samples(ORDINARY)).flatMap(({ shows }) =>
  'kind' in shows ? [shows] : [],
);

/** The page shows the last hundred messages of a channel. */
const AT_ONCE = 40;

describeInBrowser('cards of every kind', () => {
  useBrowser();

  test('the bot has samples of each', () => {
    expect(new Set(CARDS.map(({ kind }) => kind))).toEqual(new Set(Object.keys(REPLY_KINDS)));
  });

  test.each(['light', 'dark'] as const)('are accessible in %s colours', async (scheme) => {
    const { fixture, page, message } = await openPage({ scheme });
    const { world } = fixture.world.discord;
    const ada = fixture.cast[0]?.user;
    const channel = ada?.messages[0] && world.channels.get(ada.messages[0].channelId);
    if (!channel) throw new Error('The fixture is empty');
    for (let first = 0; first < CARDS.length; first += AT_ONCE) {
      const cards = CARDS.slice(first, first + AT_ONCE);
      for (const card of cards) {
        const { flags, components } = asBody(card);
        world.post({ channel, author: world.bot, flags, components: numberComponents(components) as never });
      }
      const end = `These were ${cards.length} cards from number ${first}.`;
      world.post({ channel, author: world.bot, content: end });
      await message(end).waitFor();
      expect(await page.getByRole('log').locator('.embed').count()).toBeGreaterThanOrEqual(cards.length);
      const { violations } = await new AxeBuilder({ page }).include('[role=log]').analyze();
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
      );
      expect(found).toEqual([]);
    }
  });
});

import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { NewsLog } from '../../sandbox/chaos/news-log.ts';
import { asBody } from '../../src/discord/replies/reply.ts';
import { ticketChangedReply, ticketChangedWords } from '../../src/discord/replies/watch-reply.ts';

const REFERENCE = 'KVO-530-34143';
const CHANGE = { ticketId: '1', reference: REFERENCE, changedAt: 1_800_000_000_000 };

function createScene() {
  const events = new EventEmitter();
  const news = new NewsLog({ discord: { events } });
  news.watch('1', REFERENCE);
  return {
    news,
    writeDirectly: () => events.emit('message', { content: ticketChangedWords(CHANGE), components: [] }),
    tellAtCommand() {
      const reply = ticketChangedReply(CHANGE, { name: 'the helpdesk', ticketUrl: undefined });
      events.emit('message', { content: '', visibleTo: '1', ...asBody(reply) });
    },
    look(posts: number) {
      const words = `### 🎫 ${REFERENCE}\n💬 ${posts} posts of others, the last one just now.`;
      events.emit('edit', { content: words, visibleTo: '1', components: [] });
    },
  };
}

test('a change that nobody tells is lost, and one that is told is not', () => {
  const { news, writeDirectly } = createScene();
  news.change(REFERENCE);
  expect(news.report().lost).toHaveLength(1);
  expect(news.notYetTold).toEqual([{ userId: '1', reference: REFERENCE }]);
  expect(news.quiet).toEqual([]);
  writeDirectly();
  expect(news.report()).toMatchObject({ changes: 1, told: 1, lost: [], toldTwice: [] });
  expect(news.quiet).toEqual([REFERENCE]);
});

test('a direct message about nothing new is told twice', () => {
  const { news, writeDirectly } = createScene();
  news.change(REFERENCE);
  writeDirectly();
  writeDirectly();
  expect(news.report().toldTwice).toHaveLength(1);
});

test('whoever is told at a command is told', () => {
  const { news, tellAtCommand } = createScene();
  news.change(REFERENCE);
  tellAtCommand();
  expect(news.report()).toMatchObject({ told: 1, lost: [] });
});

test('whoever looks at all of it needs no notice, and may get the one that was on its way', () => {
  const { news, look, writeDirectly } = createScene();
  news.change(REFERENCE);
  look(0);
  expect(news.isAllTold).toBe(false);
  look(1);
  expect(news.report()).toMatchObject({ seen: 1, told: 0, lost: [] });
  writeDirectly();
  expect(news.report().toldTwice).toEqual([]);
  writeDirectly();
  expect(news.report().toldTwice).toHaveLength(1);
});

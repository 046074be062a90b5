import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { EventLog } from '../../sandbox/chaos/event-log.ts';
import { REPLY_KINDS } from '../../src/discord/replies/reply-kind.ts';

const PERSON = '100000000000000001';
/** In milliseconds since 1970, within one second. */
const SECOND = 1_800_000_000_000;

/** The cards that say so. */
const OPENED = REPLY_KINDS.opened.id;
const NOT_SENT = REPLY_KINDS['not-sent'].id;
const NOTICE = { id: OPENED, content: `-# About what you sent <t:${SECOND / 1000 + 1}:R>` };

/** An event log of a world in which only happens what the test says. */
function createScene() {
  const discord = new EventEmitter();
  const helpdesk = new EventEmitter();
  const eventLog = new EventLog({ discord: { events: discord }, helpdesk });
  let lastId = 0;
  return {
    write(draftId: string) {
      return eventLog.write(PERSON, `ticket:${draftId}`, `The subject of ${draftId}`, 'The body');
    },
    press(name: string, afterMs: number, messageId?: string) {
      const message = messageId && { id: messageId };
      discord.emit('interaction', { id: `interaction ${++lastId}`, name, createdAt: SECOND + afterMs, message });
    },
    open(draftId: string) {
      helpdesk.emit('ticket', { subject: `The subject of ${draftId}`, reference: `KVO-530-${++lastId}` });
    },
    show(event: 'message' | 'edit', id: string, card: { id: number; content?: string }, ...draftIds: string[]) {
      const buttons = draftIds.map((draftId) => ({ custom_id: `ticket-retry:${draftId}` }));
      const components = [{ id: card.id, components: [{ content: card.content ?? '' }, ...buttons] }];
      discord.emit(event, { id, content: '', components, flags: 0, visibleTo: PERSON });
    },
  };
}

test('a ticket without a number is told by the change of the notice under which Try again was pressed', () => {
  const { write, press, open, show } = createScene();
  const text = write('a');
  press('ticket:a', 0);
  show('message', 'notice', { id: NOT_SENT }, 'a');
  press('ticket-retry:a', 2000);
  open('a');
  show('edit', 'notice', { id: OPENED });
  expect(text.lies).toEqual([]);
  expect(text.lastWord?.kind).toBe('opened');
});

test('a list of unsent texts is about none of them, and what it becomes is about the one that was sent from it', () => {
  const { write, press, open, show } = createScene();
  const [listed, sent] = [write('a'), write('b')];
  show('message', 'list', { id: REPLY_KINDS.text.id }, 'a', 'b');
  press('ticket-retry:b', 1000, 'list');
  open('b');
  show('edit', 'list', { id: OPENED });
  expect(sent.lastWord?.kind).toBe('opened');
  expect(listed.lastWord).toBeUndefined();
  expect([...listed.messageIds]).toEqual([]);
});

test('notices that name nothing but the same second are about one text each', () => {
  const { write, press, open, show } = createScene();
  const [first, second, third] = [write('a'), write('b'), write('c')];
  press('ticket:a', 100);
  press('ticket:b', 400);
  press('ticket:c', 800);
  open('a');
  open('b');
  for (const id of ['1', '2']) {
    show('message', id, NOTICE);
  }
  expect([first, second, third].map(({ lastWord }) => lastWord?.kind)).toEqual(['opened', 'opened', undefined]);
  // A third one is about no ticket that there is.
  show('message', '3', NOTICE);
  expect(third.lies).toHaveLength(1);
});

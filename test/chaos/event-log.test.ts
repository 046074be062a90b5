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
const NOT_SENT_CARD = { id: NOT_SENT };
const NOTICE = { id: OPENED, content: `-# About what you sent <t:${SECOND / 1000 + 1}:R>` };

/** An event log of a world in which only happens what the test says. */
function createScene() {
  const discord = new EventEmitter();
  const helpdesk = new EventEmitter();
  const eventLog = new EventLog({ discord: { events: discord }, helpdesk });
  let lastId = 0;
  return {
    write(draftId: string) {
      return eventLog.write(PERSON, `ticket:${draftId}`, { subject: `The subject of ${draftId}`, body: 'The body' });
    },
    answer(draftId: string, reference: string) {
      const typed = { subject: `Answer ${draftId}:`, body: `Answer ${draftId}: yes`, answers: reference };
      return eventLog.write(PERSON, `answer:${draftId}:1`, typed);
    },
    /** All answers in a ticket, after one more was written. */
    post(reference: string, ...posts: string[]) {
      helpdesk.emit('changed', { reference, posts: ['The body', ...posts].map((contents) => ({ contents })) });
    },
    suffer: () => eventLog.noteMisfortune(SECOND),
    press(name: string, afterMs: number, messageId?: string) {
      const message = messageId && { id: messageId };
      discord.emit('interaction', { id: `interaction ${++lastId}`, name, createdAt: SECOND + afterMs, message });
    },
    open(draftId: string) {
      const reference = `KVO-530-${++lastId}`;
      helpdesk.emit('ticket', { subject: `The subject of ${draftId}`, reference, posts: [{ contents: 'The body' }] });
    },
    writeDirectly(content: string) {
      const channel = { recipient: { id: PERSON } };
      discord.emit('message', { id: `direct ${++lastId}`, content, components: [], flags: 0, channel });
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

test('what a bot may have told before something befell it is told once more by another one', () => {
  const { write, press, open, show, suffer } = createScene();
  const [opened, other] = [write('a'), write('b')];
  press('ticket:a', 100);
  press('ticket:b', 400);
  open('a');
  show('message', '1', NOTICE);
  suffer();
  show('message', '2', NOTICE);
  expect([opened, other].map(({ replies }) => replies.length)).toEqual([2, 0]);
  show('message', '3', NOTICE);
  expect(other.lies).toHaveLength(1);
});

test('what was to be sent when the helpdesk was back has a notice of a later time', () => {
  const { write, press, open, show } = createScene();
  const [waiting, other] = [write('a'), write('b')];
  press('ticket-when-back:a', -60_000);
  press('ticket:b', 400);
  open('a');
  show('message', '1', NOTICE);
  expect([waiting, other].map(({ lastWord }) => lastWord?.kind)).toEqual(['opened', undefined]);
});

test('an edit that is made again tells nothing more', () => {
  const { answer, press, post, show } = createScene();
  const text = answer('a', 'KVO-530-1');
  press('answer:a:1', 0);
  show('message', 'told', NOT_SENT_CARD, 'a');
  post('KVO-530-1', 'Answer a: yes');
  show('edit', 'told', NOT_SENT_CARD, 'a');
  expect(text.lies).toEqual([]);
  // It still stands there, and is not true.
  expect(text.lastWord?.kind).toBe('nothing');
});

const POSTED = (reference: string) => ({ id: OPENED, content: `### ✅ Your reply is in ${reference}` });

test('an answer is known by the beginning of its post, and by the message in which its person reads that it is posted', () => {
  const { answer, press, post, show } = createScene();
  const [first, second] = [answer('a', 'KVO-530-1'), answer('b', 'KVO-530-1')];
  press('answer:a:1', 0);
  press('answer:b:1', 100);
  post('KVO-530-1', 'Answer b: yes and more');
  show('message', 'told', NOT_SENT_CARD, 'b');
  expect(second.lies).toHaveLength(1);
  show('edit', 'told', POSTED('KVO-530-1'));
  expect(second.lastWord?.kind).toBe('opened');
  expect([first, second].map(({ arrivals }) => arrivals.length)).toEqual([0, 1]);
  post('KVO-530-1', 'Answer b: yes and more', 'Answer b: yes');
  expect(second.arrivals).toHaveLength(2);
});

test('an answer that is told to be posted and is not there is a lie, whatever else is in its ticket', () => {
  const { write, answer, press, open, show } = createScene();
  write('t');
  press('ticket:t', 0);
  open('t');
  const text = answer('a', 'KVO-530-2');
  press('answer:a:1', 100);
  show('message', 'told', NOT_SENT_CARD, 'a');
  show('edit', 'told', POSTED('KVO-530-2'));
  expect(text.lies).toHaveLength(1);
});

test('a notice about an answer is about the one of that second, and not about the ticket of the same number', () => {
  const { write, answer, press, open, post, show } = createScene();
  const ticket = write('t');
  press('ticket:t', 100);
  open('t');
  const text = answer('a', 'KVO-530-2');
  press('answer:a:1', 200);
  post('KVO-530-2', 'Answer a: yes');
  show('message', '1', { ...NOTICE, content: `${NOTICE.content}\n${POSTED('KVO-530-2').content}` });
  expect([ticket, text].map(({ lastWord }) => lastWord?.kind)).toEqual([undefined, 'opened']);
});

test('direct messages tell what was sent when the helpdesk was back', () => {
  const { write, answer, press, open, post, writeDirectly } = createScene();
  const ticket = write('t');
  press('ticket:t', 0);
  open('t');
  writeDirectly('✅ **Ticket KVO-530-2 is open:** **The subject of t**\nThe helpdesk is back.');
  expect(ticket.lastWord).toEqual({ kind: 'opened', reference: 'KVO-530-2', isAnswer: false });
  const text = answer('a', 'KVO-530-2');
  press('answer:a:1', 100);
  writeDirectly('✅ **Your reply is in KVO-530-2.**\nThe helpdesk is back.');
  expect(text.lies).toHaveLength(1);
  post('KVO-530-2', 'Answer a: yes');
  writeDirectly('✅ **Your reply is in KVO-530-2.**\nThe helpdesk is back.');
  expect(text.lies).toHaveLength(1);
  expect(text.lastWord?.kind).toBe('opened');
});

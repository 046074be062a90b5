import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { viewedTicket } from '../../sandbox/helpdesk/answers.ts';
import type { HelpdeskTicket } from '../../sandbox/helpdesk/stored-tickets.ts';
import { writeAnswer, writeFault } from '../../sandbox/helpdesk/wire.ts';
import { readViewTicketAnswer } from '../../src/helpdesk/view-ticket-answer.ts';
import { clientOf, SESSION, serverThatSays } from './helpdesk-harness.ts';

const AT = Date.UTC(2026, 0, 15, 13);

/** A ticket with these posts, of which the first is Ada's. */
function ticketWith(...contents: string[]): HelpdeskTicket {
  return {
    reference: 'KVO-530-34143',
    requesterEmail: 'ada@example.com',
    subject: 'Größe: 5 €',
    product: '',
    body: '',
    userIp: '',
    createdAt: AT,
    submission: 1,
    state: 'Open',
    lastActivityAt: AT,
    posts: contents.map((text, index) => ({
      authorEmail: index === 0 ? 'ada@example.com' : 'sam@staff.example',
      authorName: 'x',
      writtenAt: AT + index * 1000,
      contents: text,
      isPrivate: false,
    })),
  };
}

/** The XML in which the helpdesk shows it. */
function shown(ticket: HelpdeskTicket): string {
  const result = viewedTicket(ticket);
  if (result.kind !== 'value') throw new Error('It is no value.');
  return writeAnswer('nusoap', 'api_viewTicket', result.value);
}

/** What the bot makes of an answer. */
async function read(answer: string | Uint8Array) {
  const { url } = await serverThatSays(() => answer);
  return clientOf(url).viewTicket('KVO-530-34143');
}

const TWO_POSTS = shown(ticketWith('Äh, <b>help</b>', 'ええと'));

describe('a post is shown as it was written:', () => {
  test.each([
    ['accents, emoji and Japanese', 'Café 🎫 日本語'],
    ['HTML', '<p class="a">Hello&nbsp;<br/>you &amp; me</p>'],
    ['the elements of the answer', '</contents></item></posts></result><status>failed</status>'],
    ['an envelope', TWO_POSTS],
    ['the end of an envelope', '</SOAP-ENV:Body></SOAP-ENV:Envelope>'],
    ['a CDATA section', '<![CDATA[</contents>]]>'],
    ['an end of CDATA', 'a ]]> b'],
    ['an entity that nobody knows', '&unknown; &#0; &#xFFFF;'],
    ['characters that XML forbids', 'a\u0001b\u001B[31mc'],
    ['a document type', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;'],
    ['a prototype', '__proto__'],
    ['100 KB', 'é0123456789\r\n'.repeat(8_000).trim()],
    ['a long run of blanks', `a${' '.repeat(500_000)}b`],
    ['a number', '0034143'],
  ])('%s', async (_what, text) => {
    await expect(read(shown(ticketWith('first', text, 'last')))).resolves.toMatchObject({
      kind: 'viewed',
      ticket: { posts: [{ contents: 'first' }, { email: 'sam@staff.example', contents: text }, { contents: 'last' }] },
    });
  });

  test('a text in another encoding, among others in UTF-8', async () => {
    const [before = '', after = ''] = shown(ticketWith('Café 日本語', 'PLACE', 'naïve €')).split('PLACE');
    const mixed = Buffer.concat([Buffer.from(before), Buffer.from('déjà vu', 'latin1'), Buffer.from(after)]);

    await expect(read(mixed)).resolves.toMatchObject({
      kind: 'viewed',
      ticket: { posts: [{ contents: 'Café 日本語' }, { contents: 'déjà vu' }, { contents: 'naïve €' }] },
    });
  });
});

describe('however many posts there are, and however they are written, they are read:', () => {
  const NO_TYPES = (xml: string) => xml.replace(/ (?:xsi:type|SOAP-ENC:arrayType)="[^"]*"/g, '');
  test.each<[string, string, string[]]>([
    ['none', shown(ticketWith()), []],
    ['none, nil', shown(ticketWith()).replace(/<posts [^>]*><\/posts>/, '<posts xsi:nil="true"/>'), []],
    ['none, and nothing that says so', shown(ticketWith()).replace(/<posts [^>]*><\/posts>/, ''), []],
    ['one', shown(ticketWith('a')), ['a']],
    ['several', shown(ticketWith('a', 'b', 'c')), ['a', 'b', 'c']],
    ['an empty one', shown(ticketWith('a', '')), ['a', '']],
    ['one, without types', NO_TYPES(shown(ticketWith('a'))), ['a']],
    ['several, without types', NO_TYPES(shown(ticketWith('a', 'b'))), ['a', 'b']],
    ['items of another name', shown(ticketWith('a', 'b')).replace(/(<\/?)item/g, '$1post'), ['a', 'b']],
    [
      'without an element around them',
      NO_TYPES(shown(ticketWith('a', 'b')))
        .replace(/<\/?posts>/g, '')
        .replace(/(<\/?)item/g, '$1posts'),
      ['a', 'b'],
    ],
    [
      'one, without an element around it',
      NO_TYPES(shown(ticketWith('a')))
        .replace(/<\/?posts>/g, '')
        .replace(/(<\/?)item/g, '$1posts'),
      ['a'],
    ],
  ])('%s', async (_what, answer, contents) => {
    const result = await read(answer);

    expect(result).toMatchObject({ kind: 'viewed' });
    expect(result.kind === 'viewed' && result.ticket.posts.map((post) => post.contents)).toEqual(contents);
  });

  test('newest first is turned round', async () => {
    const ticket = ticketWith('a', 'b', 'c');

    await expect(read(shown({ ...ticket, posts: ticket.posts.toReversed() }))).resolves.toMatchObject({
      ticket: { posts: [{ contents: 'a' }, { contents: 'b' }, { contents: 'c' }] },
    });
  });
});

test('the part that is returned may have the name of its type', async () => {
  const renamed = TWO_POSTS.replace('<return xsi:type', '<viewTicket_return xsi:type').replace(
    '</return>',
    '</viewTicket_return>',
  );

  await expect(read(renamed)).resolves.toMatchObject({ kind: 'viewed' });
});

describe('what is no ticket that could be shown is unreachable:', () => {
  test.each([
    ['a ticket without its requester', TWO_POSTS.replace(/<email [^>]*>ada@example.com<\/email>/, '')],
    ['a ticket with an empty requester', TWO_POSTS.replace('>ada@example.com<', '> <')],
    ['a ticket with two requesters', TWO_POSTS.replace('<subject', '<email>bob@example.com</email><subject')],
    ['success without a ticket', TWO_POSTS.replace(/<result .*<\/result>/s, '')],
    ['success with nil', TWO_POSTS.replace(/<result .*<\/result>/s, '<result xsi:nil="true"/>')],
    ['success with a text', TWO_POSTS.replace(/<result .*<\/result>/s, '<result>ticket</result>')],
    ['a post that is a text', shown(ticketWith('a')).replace(/<item .*<\/item>/s, '<item>a</item>')],
    ['no status', TWO_POSTS.replace(/<status .*?<\/status>/, '')],
    ['tags that do not match', TWO_POSTS.replace('</item>', '</itm>')],
    ['the answer to another operation', SESSION],
    ['a fault of the server', writeFault('nusoap', 'SOAP-ENV:Server', 'x')],
    ['HTML', '<html><body>Maintenance</body></html>'],
    ['nothing', ''],
  ])('%s', async (_what, answer) => {
    await expect(read(answer)).resolves.toMatchObject({ kind: 'unreachable' });
  });
});

test('an answer that breaks off anywhere shows the whole ticket or nothing of it', async () => {
  const bytes = Buffer.from(TWO_POSTS);
  let length = bytes.length;
  const { url } = await serverThatSays(() => bytes.subarray(0, length));
  const client = clientOf(url);
  const whole = await client.viewTicket('KVO-530-34143');
  const resultEnd = Buffer.from(TWO_POSTS.slice(0, TWO_POSTS.indexOf('</result>'))).length + '</'.length;
  expect(whole.kind).toBe('viewed');

  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (cut) => {
      length = cut;
      const result = await client.viewTicket('KVO-530-34143');
      if (cut >= resultEnd) expect(result).toEqual(whole);
      else expect(result).toMatchObject({ kind: 'unreachable', cause: { kind: 'not-soap' } });
    }),
    { numRuns: 150, examples: [[resultEnd], [resultEnd - 1], [resultEnd - 3], [bytes.length - 1]] },
  );
});

describe('a look that fails', () => {
  const failed = (status: string, statusText: string) =>
    readViewTicketAnswer({
      kind: 'reply',
      value: { return: { status, status_text: statusText } },
      whole: true,
      unfinished: [],
      software: undefined,
    });

  test.each([
    ['failed', 'Kayako exception occurred getting ticket details. Please try again!', false],
    ['FAILED', 'Kayako exception occurred getting ticket details. Please try again!', false],
    ['Failed', 'Kayako exception occurred getting ticket priority. Please try again!', true],
    ['failed', 'The moon is full.', true],
    ['failed', '', true],
  ])('with %j %j is refused, and may be an expired session: %j', (status, text, mayBeExpired) => {
    expect(failed(status, text)).toEqual({ result: { kind: 'refused' }, mayBeExpired });
  });

  test('because of the session alone is unreachable', () => {
    expect(failed('Failed', 'Your session has expired.')).toMatchObject({
      result: { kind: 'unreachable', cause: { kind: 'login' } },
      mayBeExpired: true,
    });
  });
});

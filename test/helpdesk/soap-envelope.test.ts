import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeAnswer } from '../../sandbox/helpdesk/wire.ts';
import { findEnvelope } from '../../src/helpdesk/soap-envelope.ts';

const ANSWER = writeAnswer('nusoap', 'api_openTicket', {
  kind: 'struct',
  type: 'openTicket_return',
  fields: [
    ['status', 'xsd:string', 'success'],
    ['status_text', 'xsd:string', 'créé €'],
    ['ticket_reference_id', 'xsd:int', 'KVO-530-34143'],
  ],
});
const ENVELOPE = ANSWER.slice(ANSWER.indexOf('<SOAP-ENV:Envelope'));

function find(text: string) {
  return findEnvelope(Buffer.from(text));
}

test.each([
  ['nothing', '', ''],
  ['PHP warnings before', '<br />\n<b>Warning</b>: Undefined <index> in x.php', ''],
  ['PHP warnings after', '', '\n<br />\n<b>Warning</b>: &nbsp;'],
  ['a byte order mark and blanks', '\uFEFF\n ', '\n\n'],
])('an envelope is found with %s around it', (_name, before, after) => {
  expect(find(before + ANSWER + after)).toEqual({ xml: ENVELOPE, whole: true, unfinished: [] });
});

test.each([
  ['nothing', ''],
  ['HTML', '<html><body>Envelope</body></html>'],
  ['JSON', '{"Envelope":"<"}'],
  ['text that only looks like it', '<EnvelopeX></EnvelopeX>'],
  ['an envelope that breaks off in its first tag', '<SOAP-ENV:Envelope xmlns:SOAP'],
  ['tags that do not match', '<a:Envelope><b></c>'],
])('there is no envelope in %s', (_name, text) => {
  expect(find(text)).toBeUndefined();
});

test('each text is read in the encoding that it is in', () => {
  const latin1 = Buffer.from('<b>déjà</b>', 'latin1');
  const mixed = Buffer.concat([Buffer.from('<Envelope><a>Größe €</a>'), latin1, Buffer.from('<c>日本</c></Envelope>')]);

  expect(findEnvelope(mixed)?.xml).toBe('<Envelope><a>Größe €</a><b>déjà</b><c>日本</c></Envelope>');
});

describe('an answer that breaks off', () => {
  test('at its last tag says everything', () => {
    for (let cut = 1; cut <= '</SOAP-ENV:Envelope>'.length; cut += 1) {
      expect(find(ENVELOPE.slice(0, -cut))).toMatchObject({ xml: ENVELOPE, whole: false });
    }
  });

  test('anywhere never says half of a value', () => {
    const values = new Set(['success', 'créé €', 'KVO-530-34143']);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Buffer.byteLength(ENVELOPE) - 1 }), (length) => {
        const found = findEnvelope(Buffer.from(ENVELOPE).subarray(0, length));
        const told = found?.xml.match(/(?<=>)[^<]+(?=<)/g) ?? [];
        expect(told.filter((value) => !values.has(value))).toEqual([]);
        expect(found?.whole ?? false).toBe(false);
      }),
    );
  });

  test.each([
    ['<x:Envelope><x:Body><a>1</a><b>2', ['Envelope', 'Body', 'b']],
    ['<x:Envelope><x:Body><a>1</a><b>2</', ['Envelope', 'Body']],
    ['<x:Envelope><x:Body><a>1</a><b>2</b>', ['Envelope', 'Body']],
    ['<x:Envelope><x:Body><a>1</a></x', ['Envelope']],
    ['<x:Envelope><x:Body><a>1</a></x:Body>', ['Envelope']],
    ['<x:Envelope><x:Body><a>1</a></x:Body></x:Envelope', []],
  ])('says what is unfinished: %s', (text, unfinished) => {
    expect(find(text)).toMatchObject({ whole: false, unfinished });
  });

  test('within a character keeps the characters before it', () => {
    const bytes = Buffer.from('<Envelope><a>é</a><b>€');

    expect(findEnvelope(bytes.subarray(0, -1))?.xml).toBe('<Envelope><a>é</a></Envelope>');
  });
});

test('bytes that are no UTF-8 are read as ISO-8859-1', () => {
  expect(findEnvelope(Buffer.from('<Envelope><a>é</a></Envelope>', 'latin1'))?.xml).toContain('é');
});

test.each([
  ['tags', '<'],
  ['openings', '<SOAP-ENV:Envelope '],
  ['open elements', '<a:Envelope><b>'],
  ['colons', '<a:'],
  ['long names', '<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
  ['texts in another encoding', '<a>\xE9</a>'],
])('a megabyte of %s takes no longer than a megabyte of anything', (_name, piece) => {
  // The time limit of the test is the assertion: a search in quadratic time takes minutes for this.
  findEnvelope(Buffer.from(piece.repeat(1_048_576 / piece.length), 'latin1'));
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { customId, parseCustomId } from '../../src/discord/custom-id.ts';

test('a custom ID tells its handler and its IDs', () => {
  expect(customId('ticket-anyway', 'AAAA', '123')).toBe('ticket-anyway:AAAA:123');
  expect(parseCustomId('ticket-anyway:AAAA:123')).toEqual({ name: 'ticket-anyway', ids: ['AAAA', '123'] });
  expect(parseCustomId('link')).toEqual({ name: 'link', ids: [] });
});

test('what was put into a custom ID comes out of it', () => {
  const id = fc.stringMatching(/^[\w-]{1,40}$/);
  fc.assert(
    fc.property(id, fc.array(id, { maxLength: 3 }), (name, ids) => {
      fc.pre([name, ...ids].join(':').length <= 100);
      expect(parseCustomId(customId(name, ...ids))).toEqual({ name, ids });
    }),
  );
});

test('one that Discord would refuse is a bug and not sent', () => {
  expect(customId('x'.repeat(100))).toHaveLength(100);
  expect(() => customId('x', 'y'.repeat(99))).toThrow(RangeError);
});

test('whatever somebody sends is read, and its IDs fit into the custom IDs of the answer', () => {
  const parts = fc.array(fc.string({ unit: 'binary', maxLength: 99 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(parts, (sent) => {
      const [draftId = '', submissionId = ''] = parseCustomId(sent.join(':')).ids;
      customId('ticket-anyway', draftId, submissionId);
      expect(draftId + submissionId).toMatch(/^[\w-]*$/);
    }),
  );
});

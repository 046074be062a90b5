import { expect, test } from 'vitest';
import { type MessageKind, readMessage } from '../../sandbox/discord/rules/message-rules.ts';
import type { UploadedFile } from '../../sandbox/discord/rules/sent-message.ts';
import type { Message } from '../../sandbox/discord/world/discord-world.ts';

const V2 = 32_768;

type Part = Record<string, unknown>;

const text = (content = 'Here', more: Part = {}) => ({ type: 10, content, ...more });
const button = (n: number | string, more: Part = {}) => ({
  type: 2,
  style: 1,
  label: 'Go',
  custom_id: `${n}`,
  ...more,
});
const row = (...components: Part[]) => ({ type: 1, components });
const section = (accessory: Part | undefined, ...components: Part[]) => ({ type: 9, components, accessory });
const container = (components: Part[], more: Part = {}) => ({ type: 17, components, ...more });
const fileOf = (url: string) => ({ type: 13, file: { url } });
const upload: UploadedFile = { index: '0', name: 'ticket.txt', contentType: 'text/plain', content: Buffer.from('x') };
const times = (count: number) => Array.from({ length: count }, (_, i) => i);

/** @returns What the message shows, or Discord's refusal as it stands on the wire. */
function send(body: Part, { kind = 'follow-up', files = [], before }: SendOptions = {}) {
  try {
    const { sent, ...shown } = readMessage(kind, body, files, () => '1', before as Message);
    return { shown };
  } catch (error) {
    return { refusal: JSON.parse(JSON.stringify(error)) as { code: number; message: string; errors?: unknown } };
  }
}

interface SendOptions {
  readonly kind?: MessageKind;
  readonly files?: readonly UploadedFile[];
  readonly before?: unknown;
}

/** A card that stands there already. */
function shownCard(components: Part[] = [text()], files: readonly UploadedFile[] = []) {
  const { shown } = send({ flags: V2, components }, { files });
  return { content: '', embeds: [], ...shown };
}

test.each<[string, Part[]]>([
  ['texts of 4,000 characters together', [text('x'.repeat(1000)), container([text('x'.repeat(3000))])]],
  ['40 components', [container(times(39).map(() => text('x')))]],
  ['a section of three texts', [section(button(1), text('a'), text('b'), text('c'))]],
  ['every colour', [container([text()], { accent_color: 0xff_ff_ff }), container([text()], { accent_color: 0 })]],
  ['IDs that differ, and several that are 0', [text('a', { id: 1 }), text('b', { id: 0 }), text('c', { id: 0 })]],
  ['texts of 10,158 bytes', [text('あ'.repeat(3386))]],
])('%s are taken', (_, components) => {
  expect(send({ flags: V2, components })).not.toHaveProperty('refusal');
});

test.each<[string, Part, string, string?]>([
  [
    'texts of 4,001 characters together',
    { components: [text('x'.repeat(1000)), container([text('x'.repeat(3001))])] },
    'components',
    'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
  ],
  ['one text of 4,001 characters', { components: [text('x'.repeat(4001))] }, 'components.0.content'],
  ['a text of none', { components: [text('')] }, 'components.0.content'],
  [
    '41 components, nested ones counted',
    { components: [container([section(button('a'), text()), ...times(37).map(() => text('x'))])] },
    'components',
    'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
  ],
  [
    'a component ID twice, at different depths',
    { components: [container([text()], { id: 7 }), text('b', { id: 7 })] },
    'components.1.id',
  ],
  [
    'a custom ID twice, in a row and beside a section',
    { components: [container([section(button('go'), text()), row(button('go'))])] },
    'components.0.components.1.components.0.custom_id',
    'COMPONENT_CUSTOM_ID_DUPLICATED',
  ],
  ['a section without a text', { components: [section(button(1))] }, 'components.0.components'],
  [
    'a section of four texts',
    { components: [section(button(1), ...times(4).map(() => text()))] },
    'components.0.components',
  ],
  ['a section with nothing beside it', { components: [section(undefined, text())] }, 'components.0.accessory'],
  ['a section with a text beside it', { components: [section(text(), text())] }, 'components.0.accessory.type'],
  ['a button in a section', { components: [section(button(1), button(2))] }, 'components.0.components.0.type'],
  ['a button in no row', { components: [button(1)] }, 'components.0.type'],
  ['a container in a container', { components: [container([container([text()])])] }, 'components.0.components.0.type'],
  ['an empty container', { components: [container([])] }, 'components.0.components'],
  [
    'a colour below the first',
    { components: [container([text()], { accent_color: -1 })] },
    'components.0.accent_color',
  ],
  [
    'a colour above the last',
    { components: [container([text()], { accent_color: 0x1_00_00_00 })] },
    'components.0.accent_color',
  ],
  ['a gallery of nothing', { components: [{ type: 12, items: [] }] }, 'components.0.items'],
  ['a wide separator', { components: [text(), { type: 14, spacing: 3 }] }, 'components.1.spacing'],
  [
    'a file that was not sent',
    { components: [container([fileOf('attachment://other.txt')])] },
    'components.0.components.0.file.url',
    'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
  ],
  [
    'a picture in a gallery that was not sent',
    { components: [{ type: 12, items: [{ media: { url: 'attachment://a.png' } }] }] },
    'components.0.items.0.media.url',
    'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
  ],
  ['content', { content: 'x', components: [text()] }, 'content', 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2'],
  [
    'embeds',
    { embeds: [{ description: 'x' }], components: [text()] },
    'embeds',
    'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
  ],
  [
    'a poll',
    { poll: { question: { text: 'Why?' }, answers: [{ poll_media: { text: 'So' } }] }, components: [text()] },
    'poll',
    'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
  ],
])('%s in a card is refused with 50035 at its place', (_, body, place, code) => {
  expectRefused(send({ flags: V2, ...body }), place, code);
});

test('stickers in a card are refused', () => {
  const body = { flags: V2, components: [text()], sticker_ids: ['123456789012345678'] };
  expectRefused(send(body, { kind: 'channel-message' }), 'sticker_ids');
});

function expectRefused({ refusal }: ReturnType<typeof send>, place: string, code: string = expect.any(String)) {
  expect(refusal).toMatchObject({ code: 50035, message: 'Invalid Form Body' });
  const node = place
    .split('.')
    .reduce<unknown>((tree, key) => (tree as Record<string, unknown>)?.[key], refusal?.errors);
  expect(node, JSON.stringify(refusal)).toMatchObject({ _errors: [{ code, message: expect.any(String) }] });
}

test('more bytes than Discord can process are answered with 500, as it does', () => {
  expect(send({ flags: V2, components: [text('あ'.repeat(3387))] }).refusal).toEqual({
    code: 0,
    message: '500: Internal Server Error',
  });
});

test.each<[string, Part]>([
  ['other flags', { flags: 0, components: [text()] }],
  ['content and no flags', { content: 'x' }],
  ['embeds and no flags', { embeds: [{ description: 'x' }] }],
])('an edit with %s does not make an ordinary message of a card', (_, body) => {
  const edit = send(body, { kind: 'edit', before: shownCard() });
  expectRefused(edit, 'flags', 'MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG');
});

test('an edit with components alone leaves a card one, and its parts keep their IDs', () => {
  const before = shownCard([container([text('a'), text('b')], { id: 2 })]);
  const { shown } = send({ components: before.components }, { kind: 'edit', before });
  expect(shown?.flags).toBe(V2);
  expect(shown?.components).toEqual(before.components);
});

test('a message with content becomes a card only when the content goes', () => {
  const before = { flags: 0, content: 'x', embeds: [], components: [], attachments: [] };
  const card = { flags: V2, components: [text()] };
  expectRefused(send(card, { kind: 'edit', before }), 'content');
  expect(send({ ...card, content: null }, { kind: 'edit', before }).shown?.flags).toBe(V2);
});

test('a file in a card is seen where a component names it, and nowhere otherwise', () => {
  const files = [upload];
  const named = send({ flags: V2, components: [container([fileOf('attachment://ticket.txt')])] }, { files });
  expect(named.shown?.attachments).toMatchObject([{ name: 'ticket.txt' }]);
  expect(send({ flags: V2, components: [text()] }, { files }).shown?.attachments).toEqual([]);
  expect(send({ content: 'Without a card' }, { files }).shown?.attachments).toHaveLength(1);
});

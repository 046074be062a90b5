import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SandboxDiscord, startDiscord } from '../../sandbox/discord/discord.ts';
import type { Place } from '../../sandbox/discord/people/place.ts';
import { startBot, type TestBot } from './discord-bot.ts';

let discord: SandboxDiscord;
let bot: TestBot;
let place: Place;

beforeAll(async () => {
  discord = await startDiscord();
  bot = await startBot(discord);
  const guild = discord.createGuild({ name: 'Interserver' });
  const ada = discord.createUser({ name: 'ada' });
  guild.addMember(ada);
  place = ada.in(guild.createChannel({ name: 'support' }));
  await bot.publish([{ name: 'do', description: 'Does it' }]);
});

afterAll(async () => {
  await bot.stop();
  await discord.close();
});

/** Answers /do with that raw callback. @returns Discord's refusal, or what the person saw. */
async function answer(body: unknown) {
  let refusal: unknown;
  bot.handle('do', async ({ id, token, client }) => {
    try {
      await client.rest.post(`/interactions/${id}/${token}/callback`, { auth: false, body });
    } catch (error) {
      refusal = (error as { rawError: unknown }).rawError;
      discord.expire(id);
    }
  });
  const shown = await place.slash('do');
  return refusal ?? { kind: shown.kind };
}

const text = (more = {}) => ({ type: 4, custom_id: 'subject', style: 1, ...more });
const select = (more = {}) => ({ type: 3, custom_id: 'product', options: [{ label: 'VPS', value: 'vps' }], ...more });
const label = (component: unknown, more = {}) => ({ type: 18, label: 'Subject', component, ...more });
const modal = (components: unknown[], more = {}) => ({
  type: 9,
  data: { custom_id: 'form', title: 'New ticket', components, ...more },
});
const labels = (count: number) => Array.from({ length: count }, (_, i) => label(text({ custom_id: `field-${i}` })));
const button = (more = {}) => ({ type: 2, style: 1, label: 'Go', custom_id: 'go', ...more });
const rows = (...components: unknown[][]) => components.map((inner) => ({ type: 1, components: inner }));
const message = (data: unknown) => ({ type: 4, data });

test.each([
  ['a plain modal', modal([label(text())])],
  [
    'five fields and a text above 45 characters beside them',
    modal([...labels(4), { type: 10, content: 'x'.repeat(99) }]),
  ],
  [
    'a radio group',
    modal([label({ type: 21, custom_id: 'urgent', options: ['a', 'b'].map((v) => ({ label: v, value: v })) })]),
  ],
  [
    'a message with five rows',
    message({ content: 'Here', components: rows(...[1, 2, 3, 4, 5].map((n) => [button({ custom_id: `${n}` })])) }),
  ],
  [
    'a message of the second generation',
    message({ flags: 32768, components: [{ type: 10, content: 'Here' }, ...rows([button()])] }),
  ],
  [
    'what discord.js adds',
    message({ content: 'Here', tts: false, enforce_nonce: false, nonce: undefined, allowed_mentions: { parse: [] } }),
  ],
])('%s is taken', async (_, body) => {
  expect(await answer(body)).toMatchObject({ kind: expect.stringMatching('modal|message') });
});

test.each([
  ['a title of 46 characters', modal([label(text())], { title: 'x'.repeat(46) }), 'data.title'],
  ['no title', modal([label(text())], { title: undefined }), 'data.title'],
  ['a label of 46 characters', modal([label(text(), { label: 'x'.repeat(46) })]), 'data.components.0.label'],
  ['a prefilled value of 4001', modal([label(text({ value: 'x'.repeat(4001) }))]), 'data.components.0.component.value'],
  ['a custom ID of 101 characters', modal([label(text())], { custom_id: 'x'.repeat(101) }), 'data.custom_id'],
  ['six components', modal(labels(6)), 'data.components'],
  ['no component', modal([]), 'data.components'],
  ['a custom ID twice', modal([label(text()), label(text())]), 'data.components.1.component.custom_id'],
  [
    'a minimum above the maximum',
    modal([label(text({ min_length: 9, max_length: 3 }))]),
    'data.components.0.component.min_length',
  ],
  ['a disabled select', modal([label(select({ disabled: true }))]), 'data.components.0.component.disabled'],
  ['a label inside a label', modal([label(text({ label: 'Twice' }))]), 'data.components.0.component.label'],
  ['two values from one option', modal([label(select({ max_values: 2 }))]), 'data.components.0.component.max_values'],
  [
    'a value twice',
    modal([label(select({ options: ['a', 'a'].map((v) => ({ label: v, value: v })) }))]),
    'data.components.0.component.options.1.value',
  ],
  [
    '26 options',
    modal([label(select({ options: Array.from({ length: 26 }, (_, i) => ({ label: 'x', value: `${i}` })) }))]),
    'data.components.0.component.options',
  ],
  ['a button in a modal', modal([label(button())]), 'data.components.0.component.type'],
  ['content of 2001 characters', message({ content: 'x'.repeat(2001) }), 'data.content'],
  [
    'an embed of 4097 characters',
    message({ embeds: [{ description: 'x'.repeat(4097) }] }),
    'data.embeds.0.description',
  ],
  [
    'two embeds of 6001 characters',
    message({ embeds: [{ description: 'x'.repeat(4000) }, { description: 'x'.repeat(2001) }] }),
    'data.embeds',
  ],
  ['an empty embed', message({ embeds: [{}] }), 'data.embeds.0.description'],
  [
    'a button label of 81',
    message({ content: 'x', components: rows([button({ label: 'x'.repeat(81) })]) }),
    'data.components.0.components.0.label',
  ],
  [
    'a button without custom ID',
    message({ content: 'x', components: rows([button({ custom_id: undefined })]) }),
    'data.components.0.components.0.custom_id',
  ],
  [
    'a link without address',
    message({ content: 'x', components: rows([button({ style: 5, custom_id: undefined })]) }),
    'data.components.0.components.0.url',
  ],
  [
    'two buttons with one custom ID',
    message({ content: 'x', components: rows([button(), button()]) }),
    'data.components.0.components.1.custom_id',
  ],
  [
    'six rows',
    message({ content: 'x', components: rows(...[1, 2, 3, 4, 5, 6].map((n) => [button({ custom_id: `${n}` })])) }),
    'data.components',
  ],
  [
    'six buttons in a row',
    message({ content: 'x', components: rows([1, 2, 3, 4, 5, 6].map((n) => button({ custom_id: `${n}` }))) }),
    'data.components.0.components',
  ],
  [
    'a text display without the flag',
    message({ components: [{ type: 10, content: 'Here' }] }),
    'data.components.0.type',
  ],
  [
    'the flag with content',
    message({ flags: 32768, content: 'x', components: [{ type: 10, content: 'Here' }] }),
    'data.content',
  ],
])('%s is refused with 50035 at its place', async (_, body, place) => {
  const refusal = (await answer(body)) as { code: number; errors: unknown };
  expect(refusal).toMatchObject({ code: 50035, message: 'Invalid Form Body' });
  const node = place
    .split('.')
    .reduce<unknown>((tree, key) => (tree as Record<string, unknown>)?.[key], refusal.errors);
  expect(node, JSON.stringify(refusal.errors)).toHaveProperty('_errors');
});

test('an empty message is refused with 50006', async () => {
  expect(await answer(message({ content: '' }))).toMatchObject({ code: 50006 });
});

test.each([
  ['an upper-case slash name', { name: 'Ticket', description: 'x' }, '0.name'],
  ['a slash name with a space', { name: 'my ticket', description: 'x' }, '0.name'],
  ['no description', { name: 'ticket' }, '0.description'],
  ['a described message command', { name: 'Escalate', type: 3, description: 'x' }, '0.description'],
  ['a name of 33 characters', { name: 'x'.repeat(33), description: 'x' }, '0.name'],
  [
    'an upper-case option',
    { name: 'a', description: 'x', options: [{ type: 3, name: 'A', description: 'x' }] },
    '0.options.0.name',
  ],
  [
    'an option without description',
    { name: 'a', description: 'x', options: [{ type: 3, name: 'a' }] },
    '0.options.0.description',
  ],
  [
    'a required option last',
    {
      name: 'a',
      description: 'x',
      options: [
        { type: 3, name: 'a', description: 'x' },
        { type: 3, name: 'b', description: 'x', required: true },
      ],
    },
    '0.options.1',
  ],
])('a command with %s is refused', async (_, command, place) => {
  const error = (await bot.publish([command]).catch((caught) => caught)) as {
    code: number;
    rawError: { errors: unknown };
  };
  expect(error.code).toBe(50035);
  const node = place
    .split('.')
    .reduce<unknown>((tree, key) => (tree as Record<string, unknown>)?.[key], error.rawError.errors);
  expect(node, JSON.stringify(error.rawError)).toHaveProperty('_errors');
  expect(discord.commands.list().map(({ name }) => name)).toEqual(['do']);
});

test('published commands keep their IDs, and their versions while nothing changes', async () => {
  const guild = discord.createGuild({ name: 'Second' });
  const commands = [
    { name: 'ticket', description: 'x' },
    { name: 'Escalate to ticket', type: 3, default_member_permissions: '1099511627776' },
  ];
  const first = (await bot.publish(commands, guild.id)) as { id: string; version: string }[];
  expect(first).toMatchObject([
    { type: 1, guild_id: guild.id },
    { type: 3, default_member_permissions: '1099511627776' },
  ]);
  expect(await bot.publish(commands, guild.id)).toEqual(first);
  const path = `/applications/${discord.applicationId}/guilds/${guild.id}/commands` as const;
  expect(await bot.client.rest.get(path)).toEqual(first);
  const [changed] = (await bot.publish([{ name: 'ticket', description: 'y' }], guild.id)) as typeof first;
  expect(changed?.id).toBe(first[0]?.id);
  expect(changed?.version).not.toBe(first[0]?.version);
});

import { describe, expect, test } from 'vitest';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import type { SentComponent } from '../../sandbox/discord/rules/component-rules.ts';
import { readModal } from '../../sandbox/discord/rules/modal-rules.ts';
import { ticketModal } from '../../src/discord/forms/ticket-modal.ts';
import { EMPTY_FIELDS, FIELD_LIMITS, FIELD_NAMES, type TicketFields } from '../../src/tickets/ticket-fields.ts';
import { startConversation } from '../support/conversation.ts';
import { ticketForm } from '../support/ticket-form.ts';

/** Discord's limit for the components of a modal. */
const MAX_INPUTS = 5;
const DRAFT = 'AAAAAAAAAAAAAAAA';

/** The form as Discord takes it: its fields by custom ID. @throws {ApiError} where Discord refuses it. */
function fieldsOf(...modal: Parameters<typeof ticketModal>): Record<string, SentComponent | undefined> {
  const body = readModal(JSON.parse(JSON.stringify({ type: 9, data: ticketModal(...modal) })));
  return Object.fromEntries(body.components.map(({ component }) => [component?.custom_id ?? '', component]));
}

function chosen(component: SentComponent | undefined): string[] {
  return (component?.options ?? []).filter((option) => option.default).map(({ label }) => label);
}

test('a field more would not fit: the form of an escalation has one for each field, and says on whose behalf', () => {
  const modal = ticketModal(DRAFT, [], EMPTY_FIELDS, { options: [], chosen: 'self' });
  const components: readonly { component?: { custom_id: string } }[] = JSON.parse(JSON.stringify(modal.components));
  expect(
    components.length,
    `Discord takes ${MAX_INPUTS} inputs in a form: take a field out of src/tickets/ticket-fields.ts, or its input out of ticketModal in src/discord/forms/ticket-modal.ts`,
  ).toBeLessThanOrEqual(MAX_INPUTS);
  expect(components.map(({ component }) => component?.custom_id)).toEqual([...FIELD_NAMES, 'behalf']);
});

const products = (count: number) => Array.from({ length: count }, (_, i) => `${i} ${'x'.repeat(100)}`.slice(0, 100));

test('the empty form asks for a subject, a product that may be left out, and a body, each as long as a ticket may be', () => {
  const { subject, product, body } = fieldsOf(DRAFT, []);
  expect(subject).toMatchObject({ min_length: 1, max_length: FIELD_LIMITS.subject, style: 1 });
  expect(product).toMatchObject({ required: false, max_length: FIELD_LIMITS.product, style: 1 });
  expect(body).toMatchObject({ min_length: 1, max_length: FIELD_LIMITS.body, style: 2 });
  expect([subject, product, body].map((component) => component?.value)).toEqual([undefined, undefined, undefined]);
});

test.each<[string, Pick<TicketFields, 'subject' | 'product' | 'body'>]>([
  ['short texts', { subject: 'My server', product: 'VPS 2', body: 'Since\nthis morning 🙏' }],
  ['the longest texts', { subject: '🎫'.repeat(75), product: 'é'.repeat(100), body: '日'.repeat(4000) }],
  ['blanks', { subject: ' ', product: ' ', body: '\n' }],
])('what was typed is filled in: %s', (_what, typed) => {
  const { subject, product, body } = fieldsOf(DRAFT, [], { ...EMPTY_FIELDS, ...typed });
  expect({ subject: subject?.value, product: product?.value, body: body?.value }).toEqual(typed);
});

test('a text that is too long is cut to what the form takes', () => {
  const long = { ...EMPTY_FIELDS, subject: 'x'.repeat(999), product: 'x'.repeat(999), body: 'x'.repeat(9999) };
  const { subject, product, body } = fieldsOf(DRAFT, [], long);
  expect([subject, product, body].map((component) => component?.value?.length)).toEqual([150, 100, 4000]);
});

describe('with TICKET_PRODUCTS', () => {
  test('as many and as long as there can be, Discord takes the form', () => {
    const { product } = fieldsOf(DRAFT, products(24));
    expect(product).toMatchObject({ type: 3, required: false, min_values: 0, max_values: 1 });
    expect(product?.options?.map(({ label }) => label)).toEqual([...products(24), 'Something else']);
  });

  test('the product of before is chosen, and stays a choice when it is not listed any more', () => {
    const fields = { ...EMPTY_FIELDS, subject: 'x', body: 'x' };
    expect(chosen(fieldsOf(DRAFT, ['VPS', 'Domains'], { ...fields, product: 'Domains' }).product)).toEqual(['Domains']);
    expect(chosen(fieldsOf(DRAFT, ['VPS', 'Domains'], { ...fields, product: 'Old VPS' }).product)).toEqual(['Old VPS']);
    expect(chosen(fieldsOf(DRAFT, products(24), { ...fields, product: 'Old VPS' }).product)).toEqual([]);
    expect(chosen(fieldsOf(DRAFT, ['VPS', 'Domains'], { ...fields, product: '' }).product)).toEqual([]);
  });

  test('a product that is called "Something else" is told apart from something else', () => {
    const { product } = fieldsOf(DRAFT, ['Something else']);
    expect(new Set(product?.options?.map(({ value }) => value)).size).toBe(2);
  });

  test.each([
    ['VPS', 'VPS : My server', 'VPS\n\n'],
    ['Something else', 'My server', ''],
    [undefined, 'My server', ''],
  ])('whoever chooses %s gets the ticket "%s"', async (label, subject, before) => {
    const { ada, world } = await startConversation({
      env: { LINK_VERIFICATION: 'none', TICKET_PRODUCTS: 'VPS, Web hosting' },
    });
    asMessage(await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' }));
    const form = await ticketForm(ada);
    const value = form.field('product').options.find((option) => option.label === label)?.value;
    const fields = { subject: 'My server', body: 'Is down.', ...(value === undefined ? {} : { product: [value] }) };
    expect(asMessage(await form.submit(fields)).text).toContain('is open');
    expect(world.helpdesk.tickets[0]?.subject).toBe(subject);
    expect(world.helpdesk.tickets[0]?.body).toMatch(new RegExp(`^${before}Is down\\.\n\n-- \n`));
  });

  test('Edit shows what was chosen, also when the list is another one by then', async () => {
    const talk = await startConversation({ env: { LINK_VERIFICATION: 'none', TICKET_PRODUCTS: 'VPS,Domains' } });
    const { ada, world } = talk;
    asMessage(await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' }));
    world.helpdesk.fault('refused');
    const refused = asMessage(await (await ticketForm(ada)).submit({ subject: 'x', product: ['Domains'], body: 'y' }));
    expect(asModal(await refused.click('Edit')).field('product').value).toEqual(['Domains']);
    await talk.stop();
    await talk.start({ TICKET_PRODUCTS: 'Servers' });
    const form = asModal(await refused.click('Edit'));
    expect(form.field('product').value).toEqual(['Domains']);
    expect(form.field('subject').value).toBe('x');
    await talk.stop();
    await talk.start({ TICKET_PRODUCTS: '' });
    expect(asModal(await refused.click('Edit')).field('product').value).toBe('Domains');
  });
});

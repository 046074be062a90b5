import { expect, test } from 'vitest';
import { describeInBrowser, fillIn, linkByHand, openPage, type PageUnderTest, useBrowser } from './page-under-test.ts';

/** Hours until the bot must have looked at a ticket again. */
const MAX_HOURS = 24;

/** Opens a ticket as ada. @returns It, as the helpdesk has it on the page. */
async function openTicket(it: PageUnderTest) {
  await linkByHand(it, 'ada@example.org');
  await it.command('ticket');
  await fillIn(it, { subject: 'My server does not answer', body: 'It has been unreachable since this morning.' });
  await it.message('is open').waitFor();
  await it.tab('Tickets');
  return it.page.getByRole('article', { name: 'Ticket KVO-530-34143' });
}

describeInBrowser('at the helpdesk, a visitor is support', () => {
  useBrowser();

  test('answers publicly or with an internal note, and closes the ticket', async () => {
    const it = await openPage();
    const ticket = await openTicket(it);
    const [stored] = it.fixture.world.helpdesk.tickets;
    await ticket.getByText('Be support').click();
    const form = ticket.getByRole('form', { name: 'Answer KVO-530-34143 as support' });
    const text = form.getByRole('textbox', { name: 'Answer' });
    await text.fill('We are restarting it now.');
    await form.getByRole('button', { name: 'Send answer' }).click();
    const posts = ticket.getByRole('list', { name: 'Posts of KVO-530-34143' }).getByRole('listitem');
    await posts.filter({ hasText: 'We are restarting it now.' }).waitFor();
    expect(await text.inputValue()).toBe('');
    await text.fill('Node 7 again, see the other ticket.');
    await form.getByRole('button', { name: 'Add internal note' }).click();
    await posts.filter({ hasText: 'internal note' }).filter({ hasText: 'Node 7 again' }).waitFor();
    expect(stored?.posts.map(({ isPrivate }) => isPrivate)).toEqual([false, false, true]);

    await form.getByRole('combobox', { name: 'State' }).selectOption('Closed');
    await ticket.getByRole('heading').filter({ hasText: 'Closed' }).waitFor();
    expect(stored?.state).toBe('Closed');
  });

  test('the requester sees in Discord that there is an answer, and answers it, which support sees', async () => {
    const it = await openPage();
    const { command, message, form, fixture } = it;
    const ticket = await openTicket(it);
    await ticket.getByText('Be support').click();
    await ticket.getByRole('textbox', { name: 'Answer' }).fill('Please send us the name of the server.');
    await ticket.getByRole('button', { name: 'Send answer' }).click();
    await ticket.getByText('Please send us').waitFor();
    await command('tickets');
    const list = message('Your ticket');
    await list.getByRole('button', { name: 'Show' }).click();
    const shown = message('KVO-530-34143').filter({ has: it.page.getByRole('button', { name: 'Reply' }) });
    await shown.getByRole('button', { name: 'Reply' }).click();
    await form.getByRole('textbox').fill('It is vps-17.');
    await form.getByRole('button', { name: 'Submit' }).click();
    await ticket.getByText('It is vps-17.').waitFor();
    expect(fixture.world.helpdesk.tickets[0]?.posts).toHaveLength(3);
  });

  test('who wants to be told gets a direct message after an answer, without its text', async () => {
    const it = await openPage();
    const { page, message, fixture } = it;
    const ticket = await openTicket(it);
    await message('is open').getByRole('button', { name: 'Tell me when something changes' }).click();
    await message("We'll tell you when something changes").waitFor();
    const hourLater = page.getByRole('button', { name: 'An hour later' });
    const looked = fixture.world.helpdesk.nextCall('api_viewTicket');
    await hourLater.click();
    await looked;
    await ticket.getByText('Be support').click();
    await ticket.getByRole('textbox', { name: 'Answer' }).fill('It is up again.');
    await ticket.getByRole('button', { name: 'Send answer' }).click();
    await ticket.getByText('It is up again.').waitFor();
    // How many hours the next look takes is the bot's affair.
    const unread = page.getByRole('button', { name: 'Direct messages, unread' });
    const isTold = () =>
      unread.waitFor({ timeout: 10_000 }).then(
        () => true,
        () => false,
      );
    for (let hours = 0; hours < MAX_HOURS && !(await isTold()); hours += 1) await hourLater.click();
    await unread.click();
    const notice = message('Something changed at KVO-530-34143');
    await notice.waitFor();
    expect(await page.getByRole('log').textContent()).not.toContain('It is up again.');
  });

  test('the product that the helpdesk writes twice is explained where it stands', async () => {
    const it = await openPage();
    const { form, command, message, page, tab } = it;
    await linkByHand(it, 'ada@example.org');
    await command('ticket');
    await form.getByRole('combobox', { name: 'Product' }).selectOption('VPS');
    await fillIn(it, { subject: 'Short', body: 'Words' });
    await message('is open').waitFor();
    await tab('Tickets');
    await page.getByText('The bot sends “VPS” once, as the product.').waitFor();
  });
});

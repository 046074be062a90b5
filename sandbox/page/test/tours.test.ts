import { expect, test } from 'vitest';
import { describeInBrowser, fillIn, linkByHand, openPage, type PageUnderTest, useBrowser } from './page-under-test.ts';

/** The sentence on the screen that says what to do next. */
function sentenceOf({ page }: PageUnderTest) {
  const status = page.getByRole('region', { name: 'A first minute' }).getByRole('status');
  return (words: string) => status.filter({ hasText: words }).waitFor();
}

describeInBrowser('a first minute', () => {
  useBrowser();

  test.each([
    ['on a wide screen', 1280, 800],
    ['on a phone', 390, 844],
  ])('① leads a newcomer to an open ticket, one sentence at a time, %s', async (_where, width, height) => {
    const it = await openPage({ size: { width, height } });
    const { page, form, command, message, show, tab } = it;
    const says = sentenceOf(it);
    await it.be('mia');
    await page.getByRole('button', { name: width < 1100 ? 'First ticket' : 'Open your first ticket' }).click();
    await says('1 of 7 Be ada');
    await it.be('ada');
    await says('2 of 7 Type /ticket');
    await command('ticket');
    await says('3 of 7 Press Link account');
    await message('Link your helpdesk email first').getByRole('button', { name: 'Link account' }).click();
    await form.getByRole('textbox', { name: 'Email you use at' }).fill('ada@example.org');
    await form.getByRole('button', { name: 'Submit' }).click();
    await says('4 of 7 The mail has arrived');
    await show('Inspector');
    await says('4 of 7');
    await tab('Mailbox');
    await page.getByRole('button', { name: /^Copy code/ }).click();
    await says('5 of 7 Press Enter code');
    await show('Discord');
    await message('Code sent to').getByRole('button', { name: 'Enter code' }).click();
    await form.getByRole('textbox', { name: 'Code' }).fill(await it.clipboard());
    await form.getByRole('button', { name: 'Submit' }).click();
    await says('6 of 7 You are linked');
    await message('is linked.').getByRole('button', { name: 'Open a ticket' }).click();
    await fillIn(it, { subject: 'My first', body: 'Hello' });
    await says('7 of 7 It is open');
    await message('is open').getByRole('link', { name: 'View ticket' }).click();
    await says('Done');
    await page.getByRole('button', { name: 'Close' }).click();
    await show('Discord');
    await page.getByRole('button', { name: width < 1100 ? 'Escalate' : 'Be the moderator' }).waitFor();
  });

  test('② leads a moderator through an escalation, and can be left at any time', async () => {
    const it = await openPage();
    const { page, form, message } = it;
    const says = sentenceOf(it);
    const begin = () => page.getByRole('button', { name: 'Be the moderator and escalate' }).click();
    await begin();
    await says('1 of 4 Be mia');
    await page.getByRole('button', { name: 'Leave' }).click();
    await it.be('mia');
    await begin();
    await says('2 of 4');
    await message('My VPS does not come up').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Escalate to ticket' }).click();
    await says('3 of 4 Choose on whose behalf');
    await form.getByRole('button', { name: 'Submit' }).click();
    await says('4 of 4 Now open #mod-log');
    await page.getByRole('button', { name: /^mod-log/ }).click();
    await says('Done');
    await message('KVO-530-34143').waitFor();
  });

  /** Goes to where the ticket is on its way to a helpdesk that hangs. */
  async function sendIntoNothing(it: PageUnderTest) {
    const says = sentenceOf(it);
    await it.page.getByRole('button', { name: 'Kill the bot while it sends' }).click();
    await says('2 of 7 This needs a linked account');
    await linkByHand(it, 'ada@example.org');
    await says('3 of 7 Turn on Helpdesk hangs');
    await it.turn('Helpdesk hangs');
    await says('4 of 7 Type /ticket');
    await it.command('ticket');
    await fillIn(it, { subject: 'Cut off', body: 'Where has this gone?' });
    await says('5 of 7 It is being sent');
  }

  test('③ leads to a bot that was killed while it sent, and says why it is not sure', async () => {
    const it = await openPage();
    const { page, message, turn } = it;
    const says = sentenceOf(it);
    await sendIntoNothing(it);
    await turn('Bot killed');
    await says('6 of 7 Turn Helpdesk hangs');
    await turn('Helpdesk hangs');
    await turn('Bot killed');
    await says('Done Nobody knows whether it was opened');
    await message('Not sure it went through').waitFor();
    expect(await page.getByText('The bot is online').isVisible()).toBe(true);
  });

  test('③ does not say that nobody knows where the bot died with an answer', async () => {
    const it = await openPage();
    const { message, turn } = it;
    const says = sentenceOf(it);
    await sendIntoNothing(it);
    await turn('Helpdesk hangs');
    await message('is open').waitFor();
    await turn('Bot killed');
    await says('6 of 7');
    await turn('Bot killed');
    await says('Done The bot did not die while the ticket was on its way');
  });
});

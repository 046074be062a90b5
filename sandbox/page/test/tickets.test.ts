import { expect, test } from 'vitest';
import { describeInBrowser, fillIn, linkByHand, openPage, useBrowser } from './page-under-test.ts';

describeInBrowser('on the page, by clicking and typing', () => {
  useBrowser();

  test.each(['light', 'dark'] as const)(
    'a newcomer gets from /ticket to an open ticket, in %s colours',
    async (scheme) => {
      const it = await openPage({ scheme });
      const { page, form, box, command, message, tab, fixture, picture } = it;
      await box.fill('/');
      expect(await page.locator('.commands').getByRole('button').allTextContents()).toEqual([
        expect.stringContaining('/ticket Ask the support team for help'),
        expect.stringContaining('/tickets'),
        expect.stringContaining('/link'),
        expect.stringContaining('/account'),
      ]);

      await command('ticket');
      await message('Link your helpdesk email first').getByRole('button', { name: 'Link account' }).click();
      await form.getByRole('textbox', { name: 'Email you use at' }).fill('ada@example.org');
      await form.getByRole('button', { name: 'Submit' }).click();
      await tab('Mailbox');
      await page.getByRole('button', { name: /^Copy code/ }).click();
      const code = await it.clipboard();
      await message('Code sent to').getByRole('button', { name: 'Enter code' }).click();
      await form.getByRole('textbox', { name: 'Code' }).fill(code);
      await form.getByRole('button', { name: 'Submit' }).click();
      await message('is linked.').getByRole('button', { name: 'Open a ticket' }).click();

      const subject = form.getByRole('textbox', { name: 'Subject' });
      await subject.fill('My server does not answer');
      expect(await form.getByText('25/150').isVisible()).toBe(true);
      await form.getByRole('combobox', { name: 'Product' }).selectOption('VPS');
      await form
        .getByRole('textbox', { name: 'What do you need help with?' })
        .fill('It has been unreachable since this morning.\nThe console shows a kernel panic. 🙏');
      await form.getByRole('button', { name: 'Submit' }).click();

      const receipt = message('Ticket KVO-530-34143 is open');
      await receipt.waitFor();
      expect(await receipt.getByText('Only you can see this').isVisible()).toBe(true);
      await receipt.getByRole('link', { name: 'View ticket' }).click();
      const ticket = page.getByRole('article', { name: 'Ticket KVO-530-34143' });
      await ticket.waitFor();
      const shown = await ticket.textContent();
      for (const part of ['VPS : My server does not answer', 'ada@example.org', '127.0.0.1', 'a kernel panic. 🙏']) {
        expect(shown).toContain(part);
      }
      expect(shown).toContain(fixture.world.helpdesk.tickets[0]?.body);
      if (scheme === 'light') await picture('ticket');
      await message('is linked.').getByRole('button', { name: 'Dismiss message' }).click();
      await receipt.locator('.byline').waitFor();
      if (scheme === 'light') await picture('card', receipt);
    },
  );

  test('a refusal keeps the text, and Edit opens the form with it', async () => {
    const it = await openPage();
    const { form, command, message, fixture } = it;
    await linkByHand(it, 'ada@example.org');
    fixture.world.helpdesk.fault('refused', { times: 1 });
    await command('ticket');
    await fillIn(it, { subject: 'Refused', body: 'A text that is kept' });
    const refused = message("The helpdesk didn't accept this ticket");
    await refused.getByRole('button', { name: 'Edit' }).click();
    expect(await form.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe('Refused');
    expect(await form.getByRole('textbox', { name: 'What do you' }).inputValue()).toBe('A text that is kept');
    await fillIn(it, { subject: 'Accepted', body: 'A text that is kept, and more' });
    await message('is open').waitFor();
    expect(fixture.world.helpdesk.tickets.map(({ subject }) => subject)).toEqual(['Accepted']);
  });

  test('a helpdesk that is switched off opens nothing, and Try again sends the same text when it is back', async () => {
    const it = await openPage();
    const { page, command, message, turn, tab, fixture } = it;
    await linkByHand(it, 'ada@example.org');
    await turn('Helpdesk down');
    await command('ticket');
    await fillIn(it, { subject: 'In an outage', body: 'Nothing of this is lost' });
    const answer = message('No ticket was opened');
    await answer.waitFor();
    await tab('Attempts');
    await page.getByText('unreachable').first().waitFor();
    await turn('Helpdesk down');
    await answer.getByRole('button', { name: 'Try again' }).click();
    await message('is open').waitFor();
    expect(fixture.world.helpdesk.tickets).toHaveLength(1);
    expect(fixture.world.helpdesk.tickets[0]?.body).toContain('Nothing of this is lost');
  });

  test('a moderator hands a message on from its menu, in the name of its author', async () => {
    const it = await openPage({ scheme: 'dark' });
    const { page, form, be, message, fixture, tab, picture } = it;
    await linkByHand(it, 'ada@example.org');
    await be('mia');
    await message('My VPS does not come up').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Escalate to ticket' }).click();
    expect(await form.getByRole('textbox', { name: 'Subject' }).inputValue()).toContain('My VPS does not come up');
    await form
      .getByRole('combobox', { name: 'On whose behalf' })
      .selectOption({ label: "The author's account: ada (linked)" });
    await picture('escalate');
    await form.getByRole('button', { name: 'Submit' }).click();
    await message('is open').waitFor();
    await message('A moderator passed this on to support.').waitFor();
    await tab('Tickets');
    expect(fixture.world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail)).toEqual(['ada@example.org']);

    await be('ben');
    await message('My VPS does not come up').click({ button: 'right' });
    expect(await page.getByRole('menuitem').allTextContents()).toEqual([
      expect.stringContaining('Nothing here for you'),
    ]);
  });
});

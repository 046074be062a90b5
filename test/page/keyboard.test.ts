import { expect, test } from 'vitest';
import { codeIn } from '../../sandbox/mailbox.ts';
import { describeInBrowser, openPage, useBrowser } from './page-under-test.ts';

/** Tab presses before somebody gives up. */
const MAX_TABS = 60;

describeInBrowser('on the page, with the keyboard alone', () => {
  useBrowser();

  test('a newcomer gets from /ticket to an open ticket, and a moderator to the menu of a message', async () => {
    const it = await openPage();
    const { page, stage, form, message } = it;
    const { keyboard } = page;
    /** The accessible name, or at least the text, of what has the focus. */
    const focused = async () =>
      String(
        await page.evaluate(`(() => {
          const e = document.activeElement;
          const label = e.labels?.[0]?.textContent ?? '';
          return [e.getAttribute('aria-label') ?? '', label, e.textContent].join(' ').replace(/\\s+/g, ' ').trim();
        })()`),
      );
    /** Goes on, or back, until something of this name has the focus. */
    const reach = async (name: string, key: 'Tab' | 'Shift+Tab' = 'Tab') => {
      const passed: string[] = [];
      for (let tabs = 0; tabs < MAX_TABS; tabs += 1) {
        await keyboard.press(key);
        const now = await focused();
        if (now.startsWith(name)) return;
        passed.push(now.slice(0, 40));
      }
      throw new Error(`${name} cannot be reached; there were: ${passed.join(' | ')}`);
    };

    await reach('Message #help');
    await keyboard.type('/tick');
    await keyboard.press('Enter');
    await message('No account is linked with you yet').waitFor();
    await reach('Link account', 'Shift+Tab');
    await keyboard.press('Enter');
    await form.waitFor();
    expect(await focused()).toContain('Email address of your account');
    await keyboard.type('ada@example.org');
    await keyboard.press('Enter');
    const mail = await stage.world.mailbox.next('ada@example.org');
    await message('A six-digit code is on its way').waitFor();
    await reach('Message #help');
    await reach('Enter code', 'Shift+Tab');
    await keyboard.press('Space');
    await form.waitFor();
    await keyboard.type(codeIn(mail) ?? '');
    await keyboard.press('Enter');
    await message('is linked.').waitFor();
    await reach('Message #help');
    await reach('Open a ticket', 'Shift+Tab');
    await keyboard.press('Enter');
    await form.waitFor();
    await keyboard.type('By keyboard');
    await keyboard.press('Tab');
    await keyboard.press('ArrowDown');
    await keyboard.press('Tab');
    await keyboard.type('No mouse was used.');
    await reach('Submit');
    await keyboard.press('Enter');
    await message('is open.').waitFor();
    const [ticket] = stage.world.helpdesk.tickets;
    expect([ticket?.subject, ticket?.product]).toEqual(['VPS : By keyboard', 'VPS']);

    await reach('A ada', 'Shift+Tab');
    await keyboard.press('ArrowRight');
    await keyboard.press('ArrowRight');
    await message('My VPS does not come up').waitFor();
    await reach('Apps for the message of ada');
    await keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Escalate to ticket' }).waitFor();
    await keyboard.press('Escape');
    expect(await focused()).toContain('Apps for the message of ada');
    await keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Escalate to ticket' }).waitFor();
    await keyboard.press('Enter');
    await form.getByRole('textbox', { name: 'Subject' }).waitFor();
    await keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
  });

  test('the list of commands, the tabs and the switches answer to the arrow keys and to Space', async () => {
    const { page, box, stage } = await openPage();
    const { keyboard } = page;
    await box.focus();
    await keyboard.type('/');
    await keyboard.press('ArrowUp');
    expect(await page.locator('.commands button:focus').textContent()).toContain('/account');
    await keyboard.press('ArrowUp');
    expect(await page.locator('.commands button:focus').textContent()).toContain('/link');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    expect(await box.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await keyboard.press('Escape');
    expect(await box.inputValue()).toBe('');

    await page.getByRole('tab', { name: /^Tickets/ }).focus();
    await keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: /^Mailbox/, selected: true }).waitFor();
    await keyboard.press('ArrowLeft');
    await keyboard.press('ArrowLeft');
    await page.getByRole('tab', { name: /^Log/, selected: true }).waitFor();

    await page.getByRole('switch', { name: 'Helpdesk slow' }).focus();
    await keyboard.press('Space');
    await page.getByRole('switch', { name: 'Helpdesk slow', checked: true }).waitFor();
    expect(stage.world.helpdesk.latencyMs).toBe(5000);
  });
});

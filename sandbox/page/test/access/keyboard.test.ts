import { expect, test } from 'vitest';
import { describeInBrowser, openPage, type PageUnderTest, useBrowser } from '../page-under-test.ts';

/** Tab presses before somebody gives up. */
const MAX_TABS = 60;

/** What somebody without a mouse does, and knows. */
function keyboardOf({ page }: PageUnderTest) {
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
  return { keyboard, focused, reach };
}

describeInBrowser('on the page, with the keyboard alone', () => {
  useBrowser();

  test('a newcomer gets from /ticket to an open ticket, and a moderator hands a message on', async () => {
    const it = await openPage();
    const { page, fixture, form, message } = it;
    const { keyboard, focused, reach } = keyboardOf(it);
    await reach('Message #help');
    await keyboard.type('/tick');
    await keyboard.press('Enter');
    await message('Link your helpdesk email first').waitFor();
    await reach('Link account', 'Shift+Tab');
    await keyboard.press('Enter');
    await form.waitFor();
    expect(await focused()).toContain('Email you use at the helpdesk');
    await keyboard.type('ada@example.org');
    await keyboard.press('Enter');
    await message('Code sent to').waitFor();
    await reach('Tickets');
    await keyboard.press('ArrowRight');
    await page.getByRole('button', { name: /^Copy code/ }).waitFor();
    await reach('Copy code');
    await keyboard.press('Enter');
    await page.getByText('✓ Copied').waitFor();
    await reach('Message #help', 'Shift+Tab');
    await reach('Enter code', 'Shift+Tab');
    await keyboard.press('Space');
    await form.waitFor();
    await keyboard.press('Control+V');
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
    await message('is open').waitFor();
    const [ticket] = fixture.world.helpdesk.tickets;
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
    await reach('Apps for the message of ben, Mine neither, here is what I');
    await keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Escalate to ticket' }).waitFor();
    await keyboard.press('Enter');
    await form.getByRole('textbox', { name: 'Subject' }).waitFor();
    await reach('On whose behalf');
    await keyboard.type('The community');
    await reach('Submit');
    await keyboard.press('Enter');
    await message('is open').waitFor();
    expect(fixture.world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail)).toEqual([
      'ada@example.org',
      'community@example.com',
    ]);
  });

  test('the list of commands, the tabs and the switches answer to the arrow keys and to Space', async () => {
    const it = await openPage();
    const { page, box, fixture } = it;
    const { keyboard, reach } = keyboardOf(it);
    await reach('Message #help');
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

    await reach('Tickets');
    await keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: /^Mailbox/, selected: true }).waitFor();
    await keyboard.press('ArrowLeft');
    await keyboard.press('ArrowLeft');
    await page.getByRole('tab', { name: /^Faults/, selected: true }).waitFor();
    await keyboard.press('ArrowLeft');
    await page.getByRole('tab', { name: /^Log/, selected: true }).waitFor();

    await reach('Helpdesk slow', 'Shift+Tab');
    await keyboard.press('Space');
    await page.getByRole('switch', { name: 'Helpdesk slow', checked: true }).waitFor();
    expect(fixture.world.helpdesk.latencyMs).toBe(5000);
  });
});

import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { describeInBrowser, fillIn, linkByHand, openPage, type PageUnderTest, useBrowser } from '../page-under-test.ts';

const TABS = ['Tickets', 'Mailbox', 'Attempts', 'Calls', 'Log'];

/** What axe-core finds wrong on the page as it is now. */
async function violations({ page }: PageUnderTest): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')})`,
  );
}

describeInBrowser('a scan with axe-core finds nothing', () => {
  useBrowser();

  test.each([
    ['light', 1280, 800],
    ['dark', 390, 844],
    ['light', 844, 390],
  ] as const)('in %s colours at %d x %d: at the start, in forms, menus and lists', async (scheme, width, height) => {
    const it = await openPage({ scheme, size: { width, height } });
    const { page, form, box, command, message, be, show } = it;
    expect(await violations(it)).toEqual([]);
    await box.fill('/');
    expect(await violations(it)).toEqual([]);
    await command('link');
    await form.waitFor();
    expect(await violations(it)).toEqual([]);
    await page.keyboard.press('Escape');

    await linkByHand(it, 'ada@example.org');
    await command('ticket');
    await fillIn(it, { subject: 'For the scan', body: 'Some words' });
    await message('is open').waitFor();
    expect(await violations(it)).toEqual([]);
    await show('Inspector');
    await it.turn('Mail down');
    for (const tab of TABS) {
      await it.tab(tab);
      expect(await violations(it)).toEqual([]);
    }
    await show('Discord');
    await be('mia');
    await message('My VPS does not come up').getByRole('button', { name: 'Apps for the message of ada' }).click();
    await page.getByRole('menuitem').waitFor();
    expect(await violations(it)).toEqual([]);
    await page.keyboard.press('Escape');
    await command('helpdesk block');
    await page.getByRole('form', { name: '/helpdesk block' }).waitFor();
    expect(await violations(it)).toEqual([]);
  });
});

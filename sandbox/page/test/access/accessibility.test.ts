import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { describeInBrowser, fillIn, linkByHand, openPage, type PageUnderTest, useBrowser } from '../page-under-test.ts';

const TABS = ['Tickets', 'Mailbox', 'Attempts', 'Calls', 'Log', 'Faults'];

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
    ['light', 1920, 1080],
    ['dark', 1920, 1080],
  ] as const)('in %s colours at %d x %d: at the start, in forms, menus and lists', async (scheme, width, height) => {
    const it = await openPage({ scheme, size: { width, height } });
    const { page, form, box, command, message, be, show } = it;
    expect(await violations(it)).toEqual([]);
    // Where the page is wide they stand beside the messages at any time.
    const members = page.getByRole('button', { name: 'Members' });
    if (await members.isVisible()) {
      await members.click();
      expect(await violations(it)).toEqual([]);
      await members.click();
    } else await page.getByRole('complementary', { name: 'Members' }).waitFor();
    await page.getByRole('button', { name: /Kill the bot/ }).click();
    await page.getByRole('button', { name: 'Leave' }).waitFor();
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
    await it.turn('Answers 502 from a proxy');
    await page.getByRole('button', { name: 'Session expires' }).click();
    await page.getByRole('button', { name: /Session expires ✓/ }).waitFor();
    expect(await violations(it)).toEqual([]);
    await it.tab('Tickets');
    const ticket = page.getByRole('article', { name: 'Ticket KVO-530-34143' });
    await ticket.getByText('Be support').click();
    for (const kind of ['Send answer', 'Add internal note']) {
      await ticket.getByRole('textbox', { name: 'Answer' }).fill(`For ${kind}`);
      await ticket.getByRole('button', { name: kind }).click();
      await ticket.getByRole('listitem').filter({ hasText: kind }).waitFor();
    }
    expect(await violations(it)).toEqual([]);
    await show('Discord');
    await page.getByRole('log').evaluate((element) => element.scrollTo(0, 0));
    const [, ben] = it.fixture.cast;
    const help = it.fixture.world.discord.world.channels.get(ben?.user.messages[0]?.channelId ?? '');
    if (!ben || !help) throw new Error('The fixture is empty');
    for (let index = 0; index < 20; index += 1) await ben.user.in(help).say(`Line ${index}`);
    await message('Line 19').waitFor();
    await page.getByRole('log').evaluate((element) => element.scrollTo(0, 0));
    await ben.user.in(help).say('One more');
    await page.getByRole('button', { name: '1 new message' }).waitFor();
    expect(await violations(it)).toEqual([]);
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

import { expect, test } from 'vitest';
import { describeInBrowser, fillIn, linkByHand, openPage, type PageUnderTest, useBrowser } from '../page-under-test.ts';

/** What one cannot get at: tabs that begin or end outside of the window, and a page that is larger than it. */
async function outOfSight({ page }: PageUnderTest): Promise<string[]> {
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  const found: string[] = [];
  for (const tab of await page.getByRole('tab').all()) {
    const box = await tab.boundingBox();
    if (!box || box.x < 0 || box.x + box.width > width)
      found.push(`${await tab.textContent()}: ${JSON.stringify(box)}`);
  }
  const size = await page.evaluate('[document.documentElement.scrollWidth, document.documentElement.scrollHeight]');
  const [pageWidth = 0, pageHeight = 0] = size as number[];
  if (pageWidth > width || pageHeight > height) found.push(`the page is ${pageWidth} x ${pageHeight}`);
  return found;
}

describeInBrowser('in windows of every size', () => {
  useBrowser();

  test.each([
    [320, 640],
    [390, 844],
    [768, 1024],
    [1920, 1080],
  ])('nothing is cut off at %d x %d', async (width, height) => {
    const it = await openPage({ size: { width, height } });
    const { page, be, command, show, form } = it;
    await be('mia');
    const fits = async (part: string) => {
      const outside = await page.locator(`${part} :is(button, p, h2, h3, li, input, label):visible`).evaluateAll(
        (all, right) =>
          all
            .map((element) => ({ name: element.textContent, box: element.getBoundingClientRect() }))
            .filter(({ box }) => box.width > 1 && (box.left < -1 || box.right > right + 1))
            .map(({ name }) => name),
        width,
      );
      expect(outside, part).toEqual([]);
      expect(await outOfSight(it)).toEqual([]);
    };
    for (const part of ['.top', '.servers', '.places', '.channel']) await fits(part);
    await command('helpdesk block');
    await page.getByRole('form', { name: '/helpdesk block' }).waitFor();
    await fits('.command-form');
    await page.keyboard.press('Escape');
    await command('link');
    await form.waitFor();
    await fits('.modal');
    await page.keyboard.press('Escape');
    await show('Inspector');
    await fits('.inspector');
  });

  test('a wide window is used: messages are wider there, and the members stand beside them', async () => {
    const widthAt = async (width: number) => {
      const { page } = await openPage({ size: { width, height: 900 } });
      return (await page.getByRole('log').boundingBox())?.width ?? 0;
    };
    expect(await widthAt(1920)).toBeGreaterThan((await widthAt(1280)) + 100);
  });

  test.each([
    ['a phone', 390, 844],
    ['a phone on its side', 844, 390],
  ])('a newcomer gets from /ticket to an open ticket on %s', async (_name, width, height) => {
    const it = await openPage({ size: { width, height } });
    const { page, command, message, show, fixture } = it;
    expect(await outOfSight(it)).toEqual([]);
    await linkByHand(it, 'ada@example.org');
    await command('ticket');
    await fillIn(it, { subject: 'On the road', body: 'Written on a phone' });
    await message('is open').getByRole('link', { name: 'View ticket' }).click();
    await page.getByRole('article', { name: 'Ticket KVO-530-34143' }).getByText('Written on a phone').waitFor();
    expect(await outOfSight(it)).toEqual([]);
    expect(fixture.world.helpdesk.tickets.map(({ subject }) => subject)).toEqual(['On the road']);
    await it.tab('Log');
    await it.turn('Mail down');
    await page.getByRole('switch', { name: 'Mail down', checked: true }).waitFor();
    await show('Discord');
    await message('is open').waitFor();
  });

  test.each([
    [900, 700],
    [1024, 768],
    [1101, 700],
    [1280, 800],
  ])('every list can be opened at %d x %d', async (width, height) => {
    const it = await openPage({ size: { width, height } });
    await it.show('Inspector');
    await it.page.getByRole('tab', { name: 'Log' }).waitFor();
    expect(await outOfSight(it)).toEqual([]);
    for (const name of ['Mailbox', 'Attempts', 'Calls', 'Log', 'Tickets']) {
      await it.tab(name);
      await it.page.getByRole('tab', { name: new RegExp(`^${name}`), selected: true }).waitFor();
    }
  });
});

import { expect, test } from 'vitest';
import { describeInBrowser, openPage, useBrowser } from './page-under-test.ts';

describeInBrowser('a page that stays open while the sandbox is started anew', () => {
  useBrowser();

  test('begins again in the new world, and works there', async () => {
    const it = await openPage();
    const { page, box, command, message } = it;
    await box.fill('A word of the old world');
    await box.press('Enter');
    await message('A word of the old world').waitFor();

    await it.restart();
    await message('A word of the old world').waitFor({ state: 'detached' });
    await message('My VPS does not come up').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await command('account');
    await message('No account is linked').waitFor();
  });
});

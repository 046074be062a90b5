import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Fixture } from '../fixture.ts';
import { describeInBrowser, openPage, useBrowser } from './page-under-test.ts';

/** The channel #help, and who writes in it. */
function helpOf({ world, cast }: Fixture) {
  const [ada, ben] = cast.map(({ user }) => user);
  const first = ada?.messages[0];
  const channel = first && world.discord.world.channels.get(first.channelId);
  if (!ada || !ben || !channel) throw new Error('The fixture is empty');
  return { ada: ada.in(channel), ben: ben.in(channel), channel, world: world.discord.world };
}

/** Pixels between the lower edge of a list and where it could be scrolled to. */
function distanceFromEnd(log: Locator): Promise<number> {
  return log.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
}

describeInBrowser('the page behaves as Discord’s window does', () => {
  useBrowser();

  test('few messages stand at the bottom, right above where one writes', async () => {
    const { be, message, box } = await openPage({ size: { width: 1280, height: 1000 } });
    await be('zoe');
    const last = await message('Hello from another server.').boundingBox();
    const writing = await box.boundingBox();
    expect((writing?.y ?? 0) - (last?.y ?? 0) - (last?.height ?? 0)).toBeLessThan(60);
  });

  test('who reads further up is told of new messages, and comes down by that bar or by an own command', async () => {
    const { page, fixture, command, message } = await openPage();
    const { ben } = helpOf(fixture);
    for (let index = 0; index < 30; index += 1) await ben.say(`Line ${index}`);
    await message('Line 29').waitFor();
    const log = page.getByRole('log');
    await log.evaluate((element) => element.scrollTo(0, 0));
    const bar = page.getByRole('button', { name: /new message/ });
    expect(await bar.count()).toBe(0);
    await ben.say('Did you see this?');
    await page.getByRole('button', { name: '1 new message' }).waitFor();
    await ben.say('And this?');
    await page.getByRole('button', { name: '2 new messages' }).click();
    await bar.waitFor({ state: 'detached' });
    expect(await distanceFromEnd(log)).toBeLessThan(5);

    await log.evaluate((element) => element.scrollTo(0, 0));
    await command('account');
    await message('No account is linked').waitFor();
    expect(await distanceFromEnd(log)).toBeLessThan(5);
    expect(await bar.count()).toBe(0);
  });

  test('consecutive messages of one author stand under one name, those of bots too', async () => {
    const { page, fixture, message } = await openPage();
    const { ben, channel, world } = helpOf(fixture);
    for (const content of ['One', 'Two', 'Three']) world.post({ channel, author: world.bot, content });
    await message('Three').waitFor();
    const bylines = page.getByRole('article').filter({ hasText: /One|Two|Three/ });
    expect(await bylines.locator('.byline').count()).toBe(1);
    await ben.say('Four');
    world.post({ channel, author: world.bot, content: 'Five' });
    await message('Five').waitFor();
    expect(await message('Five').locator('.byline').count()).toBe(1);
  });

  test('an answer says who used which command, with its subcommand', async () => {
    const { be, command, message } = await openPage();
    await command('account');
    await message('ada used /account').waitFor();
    await be('mia');
    await command('helpdesk status');
    await message('mia used /helpdesk status').waitFor();
  });

  test('the list of commands shows whose they are, and Tab completes one', async () => {
    const { page, be, box, message } = await openPage();
    await box.fill('/acc');
    const first = page.locator('.commands button').first();
    expect(await first.locator('.avatar').count()).toBe(1);
    expect(await first.textContent()).toContain('Helpdesk');
    await box.press('Tab');
    expect(await box.inputValue()).toBe('/account');
    await box.press('Enter');
    await message('No account is linked').waitFor();

    await be('mia');
    await box.fill('/helpdesk pau');
    await box.press('Tab');
    const chips = page.getByRole('form', { name: '/helpdesk pause' });
    const notice = chips.getByRole('textbox', { name: 'notice' });
    expect(await notice.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await notice.press('Escape');
    expect(await box.inputValue()).toBe('');
  });

  test('a form shows the app’s icon and where it goes, and ✕ closes it', async () => {
    const { command, form } = await openPage();
    await command('link');
    await form.waitFor();
    expect(await form.locator('.avatar').textContent()).toBe('H');
    expect(await form.textContent()).toContain('What you fill in goes to the app Helpdesk.');
    await form.getByRole('button', { name: 'Close' }).click();
    await form.waitFor({ state: 'detached' });
  });

  test('servers, members and oneself stand around the messages', async () => {
    const { page, be } = await openPage({ size: { width: 1920, height: 1080 } });
    await be('mia');
    const members = page.getByRole('complementary', { name: 'Members' });
    expect(await members.getByRole('heading').allTextContents()).toEqual(['Moderators — 1', 'Online — 4']);
    await page.getByRole('button', { name: 'mod-log' }).click();
    // Ada and Ben do not see this channel.
    await members.getByText('Online — 2').waitFor();
    const channels = page.getByRole('navigation', { name: 'Channels' });
    expect(await channels.textContent()).toMatch(/mia\s+moderator/);
    await page.getByRole('button', { name: 'Direct messages' }).click();
    await channels.getByRole('button', { name: 'Helpdesk' }).waitFor();
    expect(await members.count()).toBe(0);
    await page.getByRole('button', { name: 'Example Hosting' }).click();
    await channels.getByRole('button', { name: 'help' }).waitFor();
  });

  test('where there is no room for them, the members come when they are asked for', async () => {
    const { page } = await openPage({ size: { width: 390, height: 844 } });
    const members = page.getByRole('complementary', { name: 'Members' });
    expect(await members.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Members' }).click();
    await members.getByText('mia').waitFor();
    await page.getByRole('button', { name: 'Members' }).click();
    await members.waitFor({ state: 'hidden' });
  });

  test('a reload keeps who one is, where, and which list is open', async () => {
    const { page, be, tab, message } = await openPage();
    const isMia = () => page.getByRole('radio', { name: /^mia/, checked: true }).waitFor();
    await be('mia');
    await page.getByRole('button', { name: 'mod-log' }).click();
    await tab('Calls');
    await page.reload();
    await isMia();
    await page.getByRole('log', { name: 'Messages in #mod-log' }).waitFor();
    await page.getByRole('tab', { name: 'Calls', selected: true }).waitFor();

    await page.getByRole('button', { name: 'Direct messages' }).click();
    await page.reload();
    await isMia();
    await page.getByRole('log', { name: 'Messages in @Helpdesk' }).waitFor();
    await be('ada');
    await message('My VPS does not come up').waitFor();
    await tab('Tickets');
    expect(new URL(page.url()).search).toBe('');
  });
});

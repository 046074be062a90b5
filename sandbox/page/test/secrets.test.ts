import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { describeInBrowser, fillIn, linkByHand, openPage, useBrowser } from './page-under-test.ts';

/** Collects all that an event stream tells from now on. */
function collect(url: string): { told(): string; until(fits: (text: string) => boolean): Promise<void> } {
  let text = '';
  let check = () => {};
  const sent = request(url, (response) => {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
      check();
    });
  });
  // The server ends it with the test.
  sent.on('error', () => {});
  sent.end();
  onTestFinished(() => void sent.destroy());
  return {
    told: () => text,
    until: (fits) =>
      new Promise((resolve) => {
        check = () => {
          if (fits(text)) resolve();
        };
        check();
      }),
  };
}

describeInBrowser('what the page is told of secrets', () => {
  useBrowser();

  test('the calls of a ticket, with masks for password and session, and nowhere a session, a password or a token', async () => {
    const it = await openPage();
    const { page, command, message, tab, fixture } = it;
    const stream = collect(`${page.url()}events?person=${fixture.cast[0]?.user.id}`);
    await linkByHand(it, 'ada@example.org');
    const code = fixture.world.mailbox.mails[0]?.text.match(/\d{6}/)?.[0] ?? '';
    await command('ticket');
    await fillIn(it, { subject: 'With secrets', body: 'Words for the helpdesk' });
    await message('is open').waitFor();

    await tab('Calls');
    const calls = page.getByRole('tabpanel').locator('details');
    const shown = async (operation: string) => {
      const call = calls.filter({ hasText: operation });
      await call.filter({ hasText: / ms/ }).waitFor();
      await call.locator('summary').click();
      expect(await call.locator('summary').textContent()).toMatch(/answer\s+\d+ ms/);
      const names = await call.locator('dt').allTextContents();
      const values = await call.locator('dd').allTextContents();
      return Object.fromEntries(names.map((name, index) => [name, values[index]?.trim()]));
    };
    expect(await shown('api_login')).toEqual({ username: 'bot@example.com', password: '•••' });
    expect(await shown('api_openTicket')).toMatchObject({
      sid: '•••',
      user_email: 'ada@example.org',
      subject: 'With secrets',
      body: expect.stringContaining('Words for the helpdesk'),
    });

    await tab('Log');
    const lines = page.getByRole('tabpanel').getByRole('listitem');
    await lines.first().waitFor();
    const log = (await lines.allTextContents()).join('\n');
    expect(log).toContain('info');
    for (const secret of [code, 'ada@example.org', 'With secrets', 'Words for the helpdesk']) {
      expect(log).not.toContain(secret);
    }

    await stream.until((text) => /"operation":"api_openTicket".*?"durationMs":\d/.test(text));
    const { settings } = fixture.world;
    for (const text of [stream.told(), log]) {
      expect(text).not.toMatch(/(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/);
      expect(text).not.toContain(settings.HELPDESK_PASSWORD);
      expect(text).not.toContain(settings.DISCORD_TOKEN);
    }
  });
});

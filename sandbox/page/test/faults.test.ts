import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { Interaction } from '../../discord/world/interaction.ts';
import type { Fixture } from '../fixture.ts';
import { describeInBrowser, fillIn, linkByHand, openPage, useBrowser } from './page-under-test.ts';

/** The next thing that somebody does with the bot. */
async function nextInteraction({ world }: Fixture): Promise<Interaction> {
  const [interaction] = await once(world.discord.events, 'interaction');
  return interaction as Interaction;
}

describeInBrowser('on the page, when something is made to go wrong', () => {
  useBrowser();

  test('a bot that is killed while it sends says after its start that it does not know', async () => {
    const it = await openPage({ scheme: 'dark' });
    const { page, command, message, turn, tab, fixture, picture } = it;
    await linkByHand(it, 'ada@example.org');
    await turn('Helpdesk hangs');
    await command('ticket');
    const call = fixture.world.helpdesk.nextCall('api_openTicket');
    await fillIn(it, { subject: 'Cut off', body: 'Where has this gone?' });
    await message('Helpdesk is thinking').waitFor();
    await call;
    await turn('Bot killed');
    await page.getByText('The bot is offline').waitFor();
    await message('is linked.').getByRole('button', { name: 'Open a ticket' }).click();
    await message('This interaction failed').waitFor();

    await turn('Helpdesk hangs');
    await turn('Bot killed');
    const answer = message('Not sure it went through');
    await answer.waitFor();
    await page.getByText('The bot is online').waitFor();
    await tab('Attempts');
    await page.getByRole('listitem').filter({ hasText: 'unconfirmed' }).waitFor();
    await picture('killed');
    await answer.getByRole('button', { name: 'Show my text' }).click();
    await message('Where has this gone?').waitFor();
    expect(fixture.world.helpdesk.tickets).toEqual([]);
  });

  test('a ticket that was opened before the connection dropped is told as a doubt, and opened once', async () => {
    const it = await openPage();
    const { command, message, turn, fixture } = it;
    await linkByHand(it, 'ada@example.org');
    await turn('Opens, then drops');
    await command('ticket');
    await fillIn(it, { subject: 'In doubt', body: 'Perhaps it is there' });
    const answer = message('Not sure it went through');
    await answer.getByRole('button', { name: 'Send it again' }).waitFor();
    expect(fixture.world.helpdesk.tickets).toHaveLength(1);
  });

  test('without mail no code arrives, and the person is told', async () => {
    const { form, command, message, turn } = await openPage();
    await turn('Mail down');
    await command('link');
    await form.getByRole('textbox', { name: 'Email you use at' }).fill('ada@example.org');
    await form.getByRole('button', { name: 'Submit' }).click();
    await message("couldn't be sent").getByRole('button', { name: 'Send again' }).waitFor();
  });

  test('a store that is read-only gives the text back at once', async () => {
    const it = await openPage();
    const { command, message, turn } = it;
    await linkByHand(it, 'ada@example.org');
    await turn('Store read-only');
    await command('ticket');
    await fillIn(it, { subject: 'On a full disk', body: 'These words come back' });
    const answer = message("Your text couldn't be saved");
    await answer.waitFor();
    expect(await answer.textContent()).toContain('These words come back');
    await turn('Store read-only');
    await command('ticket');
    await fillIn(it, { subject: 'On a full disk', body: 'These words go through' });
    await message('is open').waitFor();
  });

  test('a session that expires makes the bot log in again, and the ticket is opened', async () => {
    const it = await openPage();
    const { page, command, message, tab, fixture } = it;
    const logins = () => fixture.world.helpdesk.calls.filter(({ operation }) => operation === 'api_login').length;
    await linkByHand(it, 'ada@example.org');
    await tab('Faults');
    for (const [index, expected] of [1, 2, 3].entries()) {
      await command('ticket');
      await fillIn(it, { subject: `Ticket ${index}`, body: `Words ${index}` });
      await message(`KVO-530-${34143 + index} is open`).waitFor();
      expect(logins()).toBe(expected);
      const done = page.waitForResponse(/\/switches$/);
      await page.getByRole('button', { name: 'Session expires' }).click();
      await done;
    }
  });

  test('a gateway that drops brings the bot back by itself, and the ticket is opened', async () => {
    const it = await openPage();
    const { page, command, message, fixture } = it;
    await linkByHand(it, 'ada@example.org');
    const back = fixture.world.discord.nextReady();
    await page.getByRole('button', { name: 'Gateway drops' }).click();
    expect(await back).toBe('resumed');
    await command('ticket');
    await fillIn(it, { subject: 'After a drop', body: 'Some words' });
    await message('KVO-530-34143 is open').waitFor();
  });

  test('while the helpdesk is slow the bot is seen thinking, and then the ticket is open', async () => {
    const it = await openPage();
    const { page, command, message, turn, tab, fixture } = it;
    await linkByHand(it, 'ada@example.org');
    await turn('Helpdesk slow');
    await tab('Calls');
    await command('ticket');
    await fillIn(it, { subject: 'With patience', body: 'Some words' });
    await message('Helpdesk is thinking').waitFor();
    const call = page.getByRole('tabpanel').locator('details').filter({ hasText: 'api_openTicket' });
    await call.filter({ hasText: 'under way' }).waitFor();
    expect(await message('Helpdesk is thinking').count()).toBe(1);
    await message('KVO-530-34143 is open').waitFor();
    // How long it took at the helpdesk itself. Its timer may come a few milliseconds early by the clock.
    for (const { durationMs } of fixture.world.helpdesk.calls) expect(durationMs).toBeGreaterThan(4900);
  });

  test('what the bot does not acknowledge is shown as under way until its time is over, and then as failed', async () => {
    const it = await openPage();
    const { page, command, message, fixture } = it;
    const { discord } = fixture.world;
    await command('account');
    const button = message('No account is linked').getByRole('button', { name: 'Link account' });
    await button.waitFor();
    expect(discord.limits.deadlineMs).toBe(3000);
    // Long enough that it is this test that lets the time pass.
    discord.limits.deadlineMs = 600_000;
    process.kill(fixture.bot.pid ?? 0, 'SIGSTOP');
    const failed = page.getByText('This interaction failed');

    const click = nextInteraction(fixture);
    await button.click();
    const { id: clickId } = await click;
    await page.locator('[aria-busy=true]', { hasText: 'Link account' }).waitFor();
    expect(await failed.count()).toBe(0);
    discord.expire(clickId);
    await failed.waitFor();
    expect(await button.getAttribute('aria-busy')).toBe('false');

    const use = nextInteraction(fixture);
    await command('ticket');
    const { id: useId } = await use;
    await page.getByText('Sending /ticket…').waitFor();
    expect(await failed.count()).toBe(1);
    discord.expire(useId);
    await page.getByRole('alert').filter({ hasText: '/ticket: This interaction failed' }).waitFor();

    process.kill(fixture.bot.pid ?? 0, 'SIGCONT');
    await button.click();
    await it.form.getByRole('textbox', { name: 'Email you use at' }).waitFor();
    expect(await failed.count()).toBe(1);
  });

  test('a fault says in words what it does, a moment says when it happened, and Reset turns all of it off', async () => {
    const it = await openPage();
    const { page, turn, tab, fixture } = it;
    await page.getByRole('button', { name: /^All \d+ faults$/ }).click();
    await page.getByText('The bot’s first answer reaches Discord 2 seconds late.').waitFor();
    await turn('Answers 502 from a proxy');
    await turn('Direct messages closed');
    await page.getByRole('button', { name: 'Session expires' }).click();
    await page.getByRole('button', { name: /Session expires ✓ \d/ }).waitFor();
    expect(fixture.world.helpdesk.faults).toEqual([{ fault: 'bad-gateway', operation: 'api_openTicket' }]);
    await page.getByText('Nobody here takes direct messages from the bot.').first().waitFor();
    await tab('Tickets');
    await page.getByText('Answers 502 from a proxy.').waitFor();
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByText('Answers 502 from a proxy.').waitFor({ state: 'detached' });
    expect(fixture.world.helpdesk.faults).toEqual([]);
    expect(fixture.cast.every(({ user }) => user.account.directMessagesOpen)).toBe(true);
  });

  test('a refused login opens nothing, and once it is taken again the ticket is opened', async () => {
    const it = await openPage();
    const { command, message, tab, turn, fixture } = it;
    await linkByHand(it, 'ada@example.org');
    await tab('Faults');
    await turn('Login refused');
    await command('ticket');
    await fillIn(it, { subject: 'No login', body: 'Some words' });
    await message('No ticket was opened').waitFor();
    expect(fixture.world.helpdesk.tickets).toEqual([]);
    await turn('Login refused');
    await message('No ticket was opened').getByRole('button', { name: 'Try again' }).click();
    await message('is open').waitFor();
  });

  test('an hour later a code is too old, for the bot and on the page', async () => {
    const it = await openPage();
    const { page, form, command, message, fixture } = it;
    await command('link');
    await form.getByRole('textbox', { name: 'Email you use at' }).fill('ada@example.org');
    await form.getByRole('button', { name: 'Submit' }).click();
    const sent = message('Code sent to');
    await sent.waitFor();
    const code = fixture.world.mailbox.mails[0]?.text.match(/\d{6}/)?.[0] ?? '';
    await page.getByRole('button', { name: 'An hour later' }).click();
    await page.getByRole('button', { name: /An hour later ✓/ }).waitFor();
    await sent.getByRole('button', { name: 'Enter code' }).click();
    await form.getByRole('textbox', { name: 'Code' }).fill(code);
    await form.getByRole('button', { name: 'Submit' }).click();
    await message(/expired|no longer|too old|ran out/i).waitFor();
    await command('account');
    await message('No account is linked').waitFor();
  });

  test('after an outage one sees how long the bot still leaves the helpdesk alone', async () => {
    const it = await openPage();
    const { page, command, message, turn } = it;
    await linkByHand(it, 'ada@example.org');
    await turn('Helpdesk down');
    await command('ticket');
    await fillIn(it, { subject: 'In an outage', body: 'Some words' });
    // Each submit is tried three times, and the fifth failure opens the circuit.
    await message('No ticket was opened').getByRole('button', { name: 'Try again' }).click();
    const alone = page.getByText(/The bot leaves the helpdesk alone for \d+ more seconds?/);
    await alone.waitFor();
    await turn('Helpdesk down');
    expect(await alone.isVisible()).toBe(true);
  });
});

import { expect, test } from 'vitest';
import { describeInBrowser, fillIn, linkByHand, openPage, useBrowser } from './page-under-test.ts';

describeInBrowser('on the page, when something is made to go wrong', () => {
  useBrowser();

  test('a bot that is killed while it sends says after its start that it does not know', async () => {
    const it = await openPage({ scheme: 'dark' });
    const { page, command, message, turn, tab, stage, picture } = it;
    await linkByHand(it, 'ada@example.org');
    await turn('Helpdesk hangs');
    await command('ticket');
    const call = stage.world.helpdesk.nextCall('api_openTicket');
    await fillIn(it, { subject: 'Cut off', body: 'Where has this gone?' });
    await message('Helpdesk is thinking').waitFor();
    await call;
    await turn('Bot killed');
    await page.getByText('The bot is offline').waitFor();
    await message('is linked.').getByRole('button', { name: 'Open a ticket' }).click();
    await message('This interaction failed').waitFor();

    await turn('Helpdesk hangs');
    await turn('Bot killed');
    const answer = message('We do not know whether your ticket was opened');
    await answer.waitFor();
    await page.getByText('The bot is online').waitFor();
    await tab('Ledger');
    await page.getByRole('listitem').filter({ hasText: 'unconfirmed' }).waitFor();
    await picture('killed');
    await answer.getByRole('button', { name: 'Show my text' }).click();
    await message('Where has this gone?').waitFor();
    expect(stage.world.helpdesk.tickets).toEqual([]);
  });

  test('a ticket that was opened before the connection dropped is told as a doubt, and opened once', async () => {
    const it = await openPage();
    const { command, message, turn, stage } = it;
    await linkByHand(it, 'ada@example.org');
    await turn('Opens, then drops');
    await command('ticket');
    await fillIn(it, { subject: 'In doubt', body: 'Perhaps it is there' });
    const answer = message('We do not know whether your ticket was opened');
    await answer.getByRole('button', { name: 'Try again' }).click();
    await message('This may be open already').getByRole('button', { name: 'Send anyway' }).waitFor();
    expect(stage.world.helpdesk.tickets).toHaveLength(1);
  });

  test('without mail no code arrives, and the person is told', async () => {
    const { form, command, message, turn } = await openPage();
    await turn('Mail down');
    await command('link');
    await form.getByRole('textbox', { name: 'Email address' }).fill('ada@example.org');
    await form.getByRole('button', { name: 'Submit' }).click();
    await message('could not be sent right now').getByRole('button', { name: 'Send again' }).waitFor();
  });

  test('a store that is read-only gives the text back at once', async () => {
    const it = await openPage();
    const { command, message, turn } = it;
    await linkByHand(it, 'ada@example.org');
    await turn('Store read-only');
    await command('ticket');
    await fillIn(it, { subject: 'On a full disk', body: 'These words come back' });
    const answer = message('Your text could not be saved, and nothing was sent');
    await answer.waitFor();
    expect(await answer.textContent()).toContain('These words come back');
    await turn('Store read-only');
    await command('ticket');
    await fillIn(it, { subject: 'On a full disk', body: 'These words go through' });
    await message('is open.').waitFor();
  });

  test('a session that expires and a gateway that drops are nothing that people notice', async () => {
    const it = await openPage();
    const { page, command, message, stage } = it;
    await linkByHand(it, 'ada@example.org');
    for (const [index, fault] of ['Session expires', 'Gateway drops', 'Session expires'].entries()) {
      await page.getByRole('button', { name: fault }).click();
      await stage.world.discord.ready();
      await command('ticket');
      await fillIn(it, { subject: `Ticket ${index}`, body: `Words ${index}` });
      await message(`KVO-530-${34143 + index} is open.`).waitFor();
    }
  });
});

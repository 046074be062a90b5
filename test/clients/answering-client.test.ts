import { execFile, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { clientOf, helpdeskForTest, PASSWORD, REQUEST, USERNAME } from '../helpdesk/helpdesk-harness.ts';

const HAS_PHP = spawnSync('php', ['-r', 'exit(class_exists("SoapClient") ? 0 : 1);']).status === 0;

/** Runs the sample with these arguments. @returns What it printed. */
function answerTicket(...args: readonly string[]): Promise<string> {
  const sample = new URL('answer-ticket.php', import.meta.url).pathname;
  return new Promise((resolve) => {
    execFile('php', [sample, ...args], (_error, stdout, stderr) => resolve((stdout + stderr).trim()));
  });
}

// apt-get install php-cli php-soap to run it.
test.skipIf(!HAS_PHP)(
  "PHP's SoapClient reads the types of the stand-in's WSDL, and sees what the bot sees",
  async () => {
    const helpdesk = await helpdeskForTest();
    const bot = clientOf(helpdesk.url);
    await bot.openTicket(REQUEST);
    const text = 'It <is> kernel "6.1" & newer.';
    const said = JSON.parse(await answerTicket(`${helpdesk.url}?wsdl`, USERNAME, PASSWORD, 'KVO-530-34143', text));
    const seen = await bot.viewTicket('KVO-530-34143');
    const ticket = seen.kind === 'viewed' ? seen.ticket : undefined;

    expect(said.posted).toEqual({ status: 'success', status_text: 'added post successfully.' });
    expect(ticket?.posts.map(({ contents }) => contents)).toEqual([REQUEST.body, text]);
    expect(said.viewed.result).toMatchObject({
      ticket_reference_id: ticket?.reference,
      email: ticket?.requesterEmail,
      statustitle: ticket?.state,
      lastactivity: ticket?.lastActivityAt,
      posts: ticket?.posts.map(({ email, writtenAt, contents }) => ({ email, dateline: writtenAt, contents })),
    });
  },
);

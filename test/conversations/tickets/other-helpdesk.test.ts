import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { startConversation, submitTicket } from '../../support/conversation.ts';
import { MemoryHelpdesk } from '../../support/memory-helpdesk.ts';
import { ANSWER, answer, beginDoubtful, shownTicket } from '../../support/own-ticket.ts';

/** The bot with a helpdesk that is a list, and Ada linked. */
async function startWithMemory() {
  const helpdesk = new MemoryHelpdesk();
  const kind = {
    createClient: () => helpdesk,
    checks: () => [],
    takesAddress: (address: string) => address.length < 20,
  };
  const talk = await startConversation({ env: { LINK_VERIFICATION: 'none' }, tuning: { helpdesk: kind } });
  const refused = await asModal(await talk.ada.slash('link')).submit({ email: 'ada@department.example.org' });
  expect(asMessage(refused).text).toContain("can't use that as an email address");
  await asModal(await talk.ada.slash('link')).submit({ email: 'ada@example.org' });
  return { talk, ada: talk.ada, helpdesk };
}

test('with another helpdesk than MyAdmin, a ticket is opened, shown and answered', async () => {
  const { ada, helpdesk, talk } = await startWithMemory();
  const opened = await submitTicket(ada, { subject: 'My server is down', body: 'Since this morning.' });
  expect(opened.text).toContain('Ticket MEM-1 is open');
  const shown = await shownTicket(ada);
  expect(shown.text).toContain('Since this morning.');
  // This helpdesk tells no times: there is no line for one.
  expect(shown.text).not.toMatch(/^-#\s*$/m);
  expect((await answer(ada)).text).toContain('Your reply is in MEM-1');
  expect(helpdesk.postsOf('MEM-1')).toEqual([expect.stringContaining('Since this morning.'), ANSWER]);
  expect(talk.world.helpdesk.calls).toEqual([]);
});

test('with another helpdesk than MyAdmin, nothing is sent twice where an answer is lost', async () => {
  const { ada, helpdesk, talk } = await startWithMemory();
  helpdesk.loseNextAnswer();
  const doubt = await submitTicket(ada, { subject: 'My server is down', body: 'Since this morning.' });
  expect(doubt.text).not.toContain('is open');
  expect(helpdesk.ticketCount()).toBe(1);

  await submitTicket(ada, { subject: 'Another one', body: 'Since noon.' });
  helpdesk.loseNextAnswerTo('reply');
  const message = await beginDoubtful(ada);
  const told = message.nextEdit();
  await talk.clock.passUntil(told);
  expect((await told).text).toContain('Your reply is in MEM-2');
  expect(helpdesk.postsOf('MEM-2')).toHaveLength(2);
});

import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import type { ShownModal } from '../../../sandbox/discord/people/shown-modal.ts';
import { linkAccount, submitTicket } from '../../support/conversation.ts';
import { createElsewhere, type Elsewhere, escalate, type Moderated, startModerated } from '../../support/moderated.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const MINUTE_MS = 60_000;

async function startLimited(env: Record<string, string>): Promise<Moderated & { elsewhere: Elsewhere }> {
  let elsewhere: Elsewhere | undefined;
  const scene = await startModerated({
    env,
    prepare(talk) {
      elsewhere = createElsewhere(talk);
    },
  });
  if (!elsewhere) throw new Error('There is one server only');
  await linkAccount(scene.ada, 'ada@example.org', scene.talk.world);
  return { ...scene, elsewhere };
}

let texts = 0;
/** A ticket about something new. */
const submit = (place: Place) => submitTicket(place, { subject: `Problem ${++texts}`, body: 'What I wrote' });

async function escalateFor(author: Place, moderator: Place): Promise<ShownMessage> {
  const form = await escalate(moderator, await author.say(`Problem ${++texts}`));
  return asMessage(await form.submit({ behalf: ['community'] }));
}

/** When the reply says that it can be sent, in milliseconds since 1970. */
function toldEnd({ text }: ShownMessage): number {
  return Number(/open the next one <t:(\d+):R>/.exec(text)?.[1]) * 1000;
}

test('over the personal limit the text stays and the end is told, which is true; a restart does not lift it', async () => {
  const { talk, ada, restart } = await startLimited({ TICKETS_PER_HOUR: '2' });
  const early = await ticketForm(ada);
  talk.world.helpdesk.fault('refused', { times: 1 });
  // What was not opened does not count.
  expect((await submit(ada)).text).toContain('Nothing was opened');
  await submit(ada);
  const firstAt = talk.now();
  talk.passTime(10 * MINUTE_MS);
  await submit(ada);
  const limited = asMessage(await early.submit({ subject: 'Written early', body: 'What I wrote' }));
  expect(limited.text).toContain("You've reached the limit of");
  expect(limited.text).toContain('your text is saved');
  expect(limited.buttons.map(({ label }) => label)).toEqual(['Try again', 'Edit', 'Show my text']);
  // An hour after the first ticket, not after the last.
  expect(Math.abs(toldEnd(limited) - (firstAt + 60 * MINUTE_MS))).toBeLessThan(5000);

  await restart({ TICKETS_PER_HOUR: '2' });
  talk.passTime(toldEnd(limited) - talk.now() - 5000);
  expect(asMessage(await limited.click('Try again')).text).toContain("You've reached the limit of 2 tickets per hour");
  expect(asMessage(await limited.click('Show my text')).text).toContain('What I wrote');
  talk.passTime(5000);
  expect(asMessage(await limited.click('Try again')).text).toContain('is open');
  expect(talk.world.helpdesk.tickets).toHaveLength(3);
});

test('a doubt uses nothing up when the helpdesk itself failed, and counts when it may be the answer to the text', async () => {
  const { talk, ada } = await startLimited({ TICKETS_PER_HOUR: '1' });
  talk.world.helpdesk.fault('open-then-fault', { times: 1 });
  expect((await submit(ada)).text).toContain('Not sure it went through');
  talk.world.helpdesk.fault('failed-creating', { times: 1 });
  expect((await submit(ada)).text).toContain('Not sure it went through');
  expect(asMessage(await ada.slash('ticket')).text).toContain("You've reached the limit of 1 ticket per hour");
});

test('the personal limit is one for all servers and direct messages, and another person has their own', async () => {
  const { talk, ada, elsewhere } = await startLimited({ TICKETS_PER_HOUR: '1' });
  const bob = talk.join('bob');
  await linkAccount(bob, 'bob@example.org', talk.world);
  expect((await submit(ada)).text).toContain('is open');
  for (const place of [elsewhere.welcome(ada.user), ada.user.inDirectMessage()]) {
    // Told before anything is written for nothing.
    expect(asMessage(await place.slash('ticket')).text).toContain("You've reached the limit of 1 ticket per hour");
  }
  expect((await submit(bob)).text).toContain('is open');
});

test('unlinking and linking again does not lift the personal limit', async () => {
  const { talk, ada } = await startLimited({ TICKETS_PER_HOUR: '1' });
  await submit(ada);
  await asMessage(await ada.slash('account')).click('Unlink');
  await linkAccount(ada, 'ada@example.org', talk.world);
  expect(asMessage(await ada.slash('ticket')).text).toContain("You've reached the limit of 1 ticket per hour");
});

test('a person’s tickets at the same moment are as many as the limit', async () => {
  const { talk, ada } = await startLimited({ TICKETS_PER_HOUR: '2' });
  talk.world.helpdesk.latencyMs = 50;
  const forms = [];
  for (let i = 0; i < 5; i += 1) forms.push(await ticketForm(ada));
  const write = (form: ShownModal, i: number) => form.submit({ subject: `At once ${i}`, body: 'What I wrote' });
  const replies = (await Promise.all(forms.map(write))).map((shown) => asMessage(shown));
  expect(replies.filter(({ text }) => text.includes('is open'))).toHaveLength(2);
  expect(replies.filter(({ text }) => text.includes("You've reached the limit of"))).toHaveLength(3);
  expect(talk.world.helpdesk.tickets).toHaveLength(2);
});

test('moderators who escalate are exempt from the personal limit, not with tickets of their own', async () => {
  const { talk, ada, mia } = await startLimited({ TICKETS_PER_HOUR: '1' });
  await linkAccount(mia, 'mia@example.org', talk.world);
  for (let i = 0; i < 3; i += 1) expect((await escalateFor(ada, mia)).text).toContain('is open');
  expect((await submit(mia)).text).toContain('is open');
  expect(asMessage(await mia.slash('ticket')).text).toContain("You've reached the limit of");
  expect((await escalateFor(ada, mia)).text).toContain('is open');
  // Nor do escalations count for the author.
  expect((await submit(ada)).text).toContain('is open');
});

test('nobody is exempt from the limit of the server; the text stays, the end is true, and a restart does not lift it', async () => {
  const { talk, ada, mia, restart } = await startLimited({ SERVER_TICKETS_PER_HOUR: '2' });
  const form = await ticketForm(ada);
  const escalation = await escalate(mia, await ada.say('A problem'));
  expect((await submit(ada)).text).toContain('is open');
  expect((await escalateFor(ada, mia)).text).toContain('is open');
  const late = { subject: 'Too late', body: 'What I wrote' };
  const limited = [asMessage(await form.submit(late)), asMessage(await escalation.submit({ behalf: ['community'] }))];
  // Told before anything is written for nothing, to moderators as well.
  const another = await ada.say('Another problem');
  for (const shown of [await ada.slash('ticket'), await mia.messageCommand('Escalate to ticket', another)]) {
    expect(asMessage(shown).text).toContain('This server has reached its limit of 2 tickets per hour');
  }
  for (const { text } of limited) {
    expect(text).toContain('This server has reached its limit of');
    expect(text).toContain('your text is saved');
  }
  await restart({ SERVER_TICKETS_PER_HOUR: '2' });
  const [member, moderator] = limited as [ShownMessage, ShownMessage];
  expect(asMessage(await moderator.click('Try again')).text).toContain('This server has reached its limit of');
  talk.passTime(toldEnd(moderator) - talk.now());
  expect(asMessage(await moderator.click('Try again')).text).toContain('is open');
  expect(asMessage(await member.click('Try again')).text).toContain('is open');
  expect(talk.world.helpdesk.tickets).toHaveLength(4);
});

test('one server does not use up what another has, and direct messages belong to none', async () => {
  const { ada, elsewhere } = await startLimited({ SERVER_TICKETS_PER_HOUR: '1' });
  for (const place of [ada, elsewhere.welcome(ada.user), ada.user.inDirectMessage(), ada.user.inDirectMessage()]) {
    expect((await submit(place)).text).toContain('is open');
  }
  expect(asMessage(await ada.slash('ticket')).text).toContain('This server has reached its limit of 1 ticket per hour');
  // Who was stopped by the server has used up nothing of their own.
  expect((await submit(ada.user.inDirectMessage())).text).toContain('is open');
});

import { expect, test } from 'vitest';
import { startShared } from '../../support/shared-store.ts';
import { directMessages, looksOf, passLooks, passUntil, passUntilTold, watchTicket } from '../../support/watched.ts';

test('of two processes on one store one looks at watched tickets, and a change is told once', async () => {
  const { talk, ada, world, startNext } = await startShared();
  const { reference } = await watchTicket(talk);
  const second = await startNext();
  world.helpdesk.answerAsSupport({ reference, text: 'Done.', isPrivate: false });
  await passUntilTold(talk, ada);
  await passLooks(talk, 3);
  expect(directMessages(ada)).toHaveLength(1);
  expect(await looksOf([second.app])).toBe(0);
  // The one that looks is stopped: the other one goes on.
  await talk.stop();
  world.helpdesk.setState(reference, 'On Hold');
  await passUntilTold(talk, ada, 2);
  await passLooks(talk, 2, [second.app]);
  expect(directMessages(ada)).toHaveLength(2);
});

test('when the process that looks hangs another one takes over, and what both of them find is told once', async () => {
  const { talk, ada, world, startNext, sleep, wake } = await startShared();
  const { reference } = await watchTicket(talk);
  const second = await startNext();
  world.helpdesk.setState(reference, 'In Progress');
  // It has asked the helpdesk, and hangs before it can write down what it saw.
  const called = world.helpdesk.nextCall('api_viewTicket').then(sleep);
  await talk.clock.passUntil(called);
  await passUntil(talk, async () => (await looksOf([second.app])) > 0);
  wake();
  await passUntilTold(talk, ada);
  await passLooks(talk, 3, [talk.app, second.app]);
  expect(directMessages(ada)).toHaveLength(1);
});

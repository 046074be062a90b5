import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { HELPDESK_FAULTS, type HelpdeskFaultName } from '../../sandbox/helpdesk/faults.ts';
import { createLog } from '../../src/log.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { clientOf, helpdeskForTest, PASSWORD, REQUEST, USERNAME } from './helpdesk-harness.ts';

const TEXT = 'my very own words';
const SECRETS = new RegExp(
  [PASSWORD, USERNAME, REQUEST.requesterEmail, TEXT, '127\\.0\\.0\\.1', '192\\.0\\.2', '[0-9a-f]{32}'].join('|'),
);

const FAULTS = (Object.keys(HELPDESK_FAULTS) as HelpdeskFaultName[]).filter(
  (name) => HELPDESK_FAULTS[name].effect.kind !== 'late',
);

test.each(
  FAULTS.flatMap(
    (name) =>
      [
        [name, 'api_login'],
        [name, 'api_openTicket'],
      ] as const,
  ),
)('neither errors nor logs carry a secret or a text after %s at %s', async (fault, operation) => {
  const lines: string[] = [];
  const helpdesk = await helpdeskForTest();
  helpdesk.fault(fault, { operation });
  const clock = new ManualClock();
  const client = clientOf(helpdesk.url, { clock, log: createLog('trace', (line) => lines.push(line)) });
  const result = await clock.passUntil(client.openTicket({ ...REQUEST, subject: TEXT, body: TEXT }));
  const told = [inspect(result, { depth: null, showHidden: true }), JSON.stringify(result), ...lines].join('\n');

  expect(told).not.toMatch(SECRETS);
  expect(lines.length).toBeGreaterThan(0);
});

test.each(
  FAULTS.flatMap((name) =>
    (['api_login', 'api_viewTicket', 'api_ticketPost'] as const).map((one) => [name, one] as const),
  ),
)('neither errors nor logs of looks and replies carry a secret or a text after %s at %s', async (fault, operation) => {
  const lines: string[] = [];
  const helpdesk = await helpdeskForTest();
  const clock = new ManualClock();
  const client = clientOf(helpdesk.url, { clock, log: createLog('trace', (line) => lines.push(line)) });
  await client.openTicket({ ...REQUEST, subject: TEXT, body: TEXT });
  if (operation === 'api_login') helpdesk.expireSessions();
  helpdesk.fault(fault, { operation });
  const look = await clock.passUntil(client.viewTicket('KVO-530-34143'));
  const reply = await clock.passUntil(client.postReply({ reference: 'KVO-530-34143', text: TEXT }));
  // A ticket that is shown has its texts, of course.
  const told = [look.kind === 'viewed' ? '' : look, reply].map((one) =>
    inspect(one, { depth: null, showHidden: true }),
  );

  expect([...told, JSON.stringify(reply), ...lines].join('\n')).not.toMatch(SECRETS);
  expect(lines.length).toBeGreaterThan(2);
});

test('a fault that repeats what was sent is not repeated by the error', async () => {
  const helpdesk = await helpdeskForTest();
  const text = `bad value ${PASSWORD} in <body>${TEXT}</body>`;
  helpdesk.fault({ works: false, effect: { kind: 'fault', code: `SOAP-ENV:Server ${PASSWORD}`, text } });
  const result = await clientOf(helpdesk.url).openTicket(REQUEST);

  expect(result).toMatchObject({ kind: 'unconfirmed', cause: { kind: 'fault' } });
  expect(inspect(result, { depth: null, showHidden: true })).not.toMatch(SECRETS);
});

test("soap's own debug output carries no password and no session", async () => {
  const fromSoap = createRequire(createRequire(import.meta.url).resolve('soap'));
  const debug = fromSoap('debug');
  const printed: unknown[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((line) => printed.push(line) > 0);
  const { log } = debug;
  debug.log = (...parts: unknown[]) => printed.push(inspect(parts, { depth: null }));
  debug.enable('node-soap*');
  onTestFinished(() => {
    debug.disable();
    debug.log = log;
    write.mockRestore();
  });
  const helpdesk = await helpdeskForTest();
  const client = clientOf(helpdesk.url);
  await client.openTicket({ ...REQUEST, body: TEXT });
  helpdesk.fault('open-then-fault');
  await client.openTicket({ ...REQUEST, body: TEXT });

  expect(printed.join('\n')).not.toMatch(SECRETS);
});

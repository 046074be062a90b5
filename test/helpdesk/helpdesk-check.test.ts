import { expect, test } from 'vitest';
import type { HelpdeskFaultName } from '../../sandbox/helpdesk/faults.ts';
import { helpdeskCheck } from '../../src/helpdesk/helpdesk-check.ts';
import { clientOf, helpdeskForTest } from './helpdesk-harness.ts';

test.each<[HelpdeskFaultName, string, string]>([
  ['forbidden', 'HTTP 403', 'through its firewall'],
  ['block-page', 'HTTP 200', 'through its firewall'],
  ['rate-limited', 'HTTP 429', 'Wait a few minutes'],
  ['bad-gateway', 'HTTP 502', 'its server is down or broken'],
  ['redirect', 'HTTP 307', 'Look at HELPDESK_URL'],
])('a login that ends in %s is told with %s, and what to do', async (fault, status, remedy) => {
  const helpdesk = await helpdeskForTest();
  helpdesk.fault(fault, { operation: 'api_login' });
  const result = JSON.stringify(await helpdeskCheck(clientOf(helpdesk.url), 'the helpdesk').run());
  expect(result).toContain(status);
  expect(result).toContain(remedy);
});

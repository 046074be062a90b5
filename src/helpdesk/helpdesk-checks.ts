import type { Config } from '../config.ts';
import type { Check } from '../health/check.ts';
import { createLog } from '../log.ts';
import { helpdeskCheck } from './helpdesk-check.ts';
import { helpdeskOperationsCheck } from './helpdesk-operations-check.ts';
import { readLiveWsdl, sentArguments } from './live-wsdl.ts';
import { createSoapHelpdeskClient } from './soap-helpdesk-client.ts';

/** Milliseconds for a call to the helpdesk: the doctor logs in and opens nothing, which is quick. */
const TIMEOUT_MS = 15_000;

/** What the doctor looks at. @param host Where the helpdesk is, without credentials. */
export function helpdeskChecks(helpdesk: Config['helpdesk'], host: string): Check[] {
  const timeoutMs = Math.min(helpdesk.timeoutMs, TIMEOUT_MS);
  const client = createSoapHelpdeskClient({ ...helpdesk, timeoutMs, log: createLog('silent') });
  const describe = () => readLiveWsdl(helpdesk.url);
  return [
    { ...helpdeskCheck(client, host), settings: ['HELPDESK_URL', 'HELPDESK_USERNAME', 'HELPDESK_PASSWORD'] },
    { ...helpdeskOperationsCheck({ needed: sentArguments, describe, host }), settings: ['HELPDESK_URL'] },
  ];
}

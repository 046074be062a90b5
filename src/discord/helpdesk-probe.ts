import { type Clock, TIMED_OUT, waitAtMost } from '../clock.ts';
import type { HelpdeskClient, HelpdeskErrorKind } from '../tickets/helpdesk-client.ts';

/** Milliseconds that a moderator waits for word of the helpdesk. A ticket is more patient, up to HELPDESK_TIMEOUT_SECONDS. */
const HELPDESK_PROBE_MS = 5000;

/** Tries a login. @returns What is wrong, for moderators, or undefined when it works. Never rejects. */
export async function helpdeskProblem(
  helpdesk: Pick<HelpdeskClient, 'check'>,
  clock: Clock,
): Promise<string | undefined> {
  // The login itself goes on: tickets that come meanwhile use it.
  const found = await waitAtMost(clock, HELPDESK_PROBE_MS, helpdesk.check());
  const problem = found === TIMED_OUT ? 'timeout' : found?.kind;
  return problem && WORDS[problem];
}

const WORDS: Readonly<Record<HelpdeskErrorKind, string>> = {
  connect: 'the bot cannot connect to it',
  timeout: 'it does not answer',
  'connection-lost': 'it breaks off the connection before it has answered',
  login: "it does not accept the bot's login",
  'no-turn': 'too many tickets wait for it',
  fault: 'it answers with an error of its own',
  'bad-request': "it does not understand the bot's request",
  firewall: 'something in front of it does not let the bot through',
  'login-blocked': 'something in front of it does not let the bot through',
  'rate-limited': 'something in front of it wants fewer requests',
  'server-error': 'it answers with an error of its server',
  'not-soap': 'its answer cannot be read',
  'unexpected-status': 'its answer is none that the bot knows',
  closed: 'the bot is being stopped',
};

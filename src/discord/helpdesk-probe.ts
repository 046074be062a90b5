import type { HelpdeskClient, HelpdeskErrorKind } from '../tickets/helpdesk-client.ts';
import { lines } from './replies/reply.ts';

/** Milliseconds that a moderator waits for word of the helpdesk. A ticket is more patient, up to HELPDESK_TIMEOUT_SECONDS. */
export const HELPDESK_PROBE_MS = 5000;

/** Tries a login, and says for moderators what came of it. Never rejects. @param withinMs When it stops waiting. */
export async function helpdeskStanding(helpdesk: Pick<HelpdeskClient, 'check'>, withinMs: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<HelpdeskErrorKind>((resolve) => {
    timer = setTimeout(resolve, withinMs, 'timeout');
  });
  // The login itself goes on: tickets that come meanwhile use it.
  const problem = await Promise.race([helpdesk.check().then((error) => error?.kind), tooLong]);
  clearTimeout(timer);
  if (!problem) return 'The helpdesk is reachable.';
  return lines(
    `The helpdesk **cannot be used** right now: ${WORDS[problem]}.`,
    "If it stays so, tell the people who run the bot: `npm run doctor` on the bot's machine says more.",
  );
}

const WORDS: Readonly<Record<HelpdeskErrorKind, string>> = {
  connect: 'the bot cannot connect to it',
  timeout: 'it does not answer',
  'connection-lost': 'it breaks off the connection before it has answered',
  login: "it does not accept the bot's login",
  'no-turn': 'too many tickets wait for it',
  fault: 'it answers with an error of its own',
  'not-soap': 'its answer cannot be read',
  'unexpected-status': 'its answer is none that the bot knows',
  closed: 'the bot is being stopped',
};

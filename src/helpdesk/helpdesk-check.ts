import { type Check, fail, ok, warn } from '../health/check.ts';
import type { HelpdeskClient, HelpdeskErrorKind } from '../tickets/helpdesk-client.ts';

/** A helpdesk that can say what the bot's own account is: an admin's may open tickets for any address. */
export type CheckedHelpdesk = Pick<HelpdeskClient, 'check'> & {
  accountKind(): Promise<'client' | 'admin' | undefined>;
};

/** Logs in and asks for the kind of the account. Opens no ticket. */
export function helpdeskCheck(helpdesk: CheckedHelpdesk, host: string): Check {
  return {
    name: 'Helpdesk',
    lookedAt: host,
    async run() {
      const problem = await helpdesk.check();
      if (problem) return fail(`${capitalized(problem.message)} (${host}).`, REMEDIES[problem.kind] ?? OTHER_REMEDY);
      const kind = await helpdesk.accountKind();
      switch (kind) {
        case 'admin':
          return ok(
            `The login at ${host} works. It is an admin account, which opens tickets for everybody who has linked.`,
          );
        case 'client':
          return fail(
            `The login at ${host} works, but it is a customer's account: it opens tickets for its own address alone.`,
            'Set HELPDESK_USERNAME and HELPDESK_PASSWORD to an admin account of the helpdesk.',
          );
        case undefined:
          return warn(
            `The login at ${host} works. Whether it is an admin account was not told.`,
            'Only an admin account opens tickets for other addresses. Ask whoever runs the helpdesk.',
          );
      }
    },
  };
}

const OTHER_REMEDY = 'Look at HELPDESK_URL: it must be the address of api.php, without ?wsdl.';
const CONNECTION_REMEDY = 'Look at HELPDESK_URL, and whether this machine may reach it.';

const FIREWALL_REMEDY = 'Ask whoever runs the helpdesk to let the requests of this machine through its firewall.';

const REMEDIES: Partial<Record<HelpdeskErrorKind, string>> = {
  connect: CONNECTION_REMEDY,
  timeout: CONNECTION_REMEDY,
  'connection-lost': CONNECTION_REMEDY,
  firewall: FIREWALL_REMEDY,
  'login-blocked': FIREWALL_REMEDY,
  'rate-limited':
    'Wait a few minutes. If it stays so, ask whoever runs the helpdesk to let this machine make more requests.',
  'server-error': 'Ask whoever runs the helpdesk: its server is down or broken.',
  login: 'Look at HELPDESK_USERNAME and HELPDESK_PASSWORD; an API key of the account works as the password.',
};

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

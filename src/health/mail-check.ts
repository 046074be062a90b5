import type { Mailer } from '../accounts/mailer.ts';
import { bad, type Check, good } from './check.ts';

/** Connects to the mail server and logs in. Sends nothing. */
export function mailCheck(mailer: Pick<Mailer, 'check'>): Check {
  return {
    name: 'Mail',
    async run() {
      const problem = await mailer.check();
      return problem
        ? bad(problem, 'Look at SMTP_URL: host, port (587 for smtp://, 465 for smtps://), user and password.')
        : good('The mail server takes mail from the bot.');
    },
  };
}

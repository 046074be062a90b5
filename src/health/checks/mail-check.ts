import type { Mailer } from '../accounts/mailer.ts';
import { bad, type Check, good } from './check.ts';

/** Connects to the mail server, logs in and names sender and recipient, as for a mail. Sends nothing. */
export function mailCheck(mailer: Pick<Mailer, 'check'>): Check {
  return {
    name: 'Mail',
    async run() {
      const problem = await mailer.check();
      return problem ? bad(problem.message, problem.remedy) : good('The mail server takes mail from the bot.');
    },
  };
}

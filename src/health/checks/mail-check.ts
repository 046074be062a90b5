import type { Mailer } from '../../accounts/mailer.ts';
import { type Check, fail, ok } from '../check.ts';

/**
 * Connects to the mail server, logs in and names sender and recipient, as for a mail (MAIL FROM, RCPT TO), and takes it back
 * (RSET). Sends nothing.
 * @param host Of the mail server, with its port.
 */
export function mailCheck(mailer: Pick<Mailer, 'check'>, host: string): Check {
  return {
    name: 'Mail',
    lookedAt: host,
    async run() {
      const problem = await mailer.check();
      return problem
        ? fail(`${problem.message} It is at ${host}.`, problem.remedy)
        : ok(`${host} takes mail from MAIL_FROM.`);
    },
  };
}

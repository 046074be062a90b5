import type { Mailer } from '../accounts/mailer.ts';
import type { SmtpMailerOptions } from './smtp-mailer.ts';

/** The mailer, loaded with all of nodemailer for the first mail: nobody waits for it while the bot starts. */
export function mailerOnDemand(options: SmtpMailerOptions): Mailer {
  let loading: Promise<Mailer> | undefined;
  let isClosed = false;

  async function load(): Promise<Mailer> {
    const { createSmtpMailer } = await import('./smtp-mailer.ts');
    const mailer = createSmtpMailer(options);
    if (isClosed) mailer.close();
    return mailer;
  }
  const mailer = () => {
    loading ??= load();
    return loading;
  };

  return {
    send: async (mail) => (await mailer()).send(mail),
    check: async () => (await mailer()).check(),
    close() {
      isClosed = true;
      loading?.then(
        (loaded) => loaded.close(),
        () => undefined,
      );
    },
  };
}

import type { Mail } from './mailer.ts';

/**
 * The mail with a code. Its subject begins with the code, so that a phone shows it without unlocking: the code proves nothing
 * without the Discord account that asked for it.
 */
export function linkCodeMail(
  person: { id: string; name: string },
  { code, helpdeskName, minutes }: { code: string; helpdeskName: string; minutes: number },
): Pick<Mail, 'subject' | 'text'> {
  return {
    subject: `${code} is your Discord link code`,
    text: [
      `${code} is your code for ${helpdeskName}. It links this email address to your Discord account.`,
      '',
      `Enter it in Discord within ${minutes} minutes: press "Enter code" under the bot's message, or use /account.`,
      '',
      `Requested by the Discord user ${person.name} (${person.id}).`,
      'Never share this code: with it, somebody can open tickets as you.',
      'Not you? Ignore this email. Nothing happens without the code.',
    ].join('\n'),
  };
}

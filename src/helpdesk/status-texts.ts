import { HelpdeskError } from '../tickets/helpdesk-client.ts';

const SUCCESS = new Set(['success', 'ok']);

/** The helpdesk writes `success`, `Success`, `Failed` and `failed`. */
export function saysSuccess(status: string): boolean {
  return SUCCESS.has(status.toLowerCase());
}

export function saysFailed(status: string): boolean {
  return status.toLowerCase() === 'failed';
}

/** The ticket system behind the helpdesk failed. The words that follow say at what. */
export const KAYAKO_EXCEPTION = /^kayako exception occurred\b/i;

/** An account that does not own the address, or a session that has no account any more. */
export const ACCOUNT_MISMATCH = /does not match your account email/i;

export const SPEAKS_OF_SESSION = /\b(?:session|sid|login|(?:re-?)?log(?:ged)?[\s-]?(?:in|out)|authenticat\w+)\b/i;

/**
 * All the words of a text that is about the session and about nothing else. One word more, such as "notification", and the
 * text may be about something that comes after the work was done.
 */
const WORDS_ABOUT_A_SESSION = new Set(
  (
    'a an the your you this that it we i is are was were be been has have had must should could can cannot can not no none longer ' +
    "isn't wasn't hasn't doesn't don't couldn't couldnt found find find exist exists does do did know known unknown recognized " +
    'recognised invalid valid expired expire expires missing empty blank wrong bad incorrect inactive active required require ' +
    'requires need needs needed denied refused rejected failed failure fails error errors ended over out timed time too old due ' +
    'to of for in by with from because or and attempt attempts but before first again please try retry there session sessions sid id ids key ' +
    'keys login logins log logged logging re relogin re-login logout log-in log-out authenticate authenticated authentication ' +
    'authorised authorized unauthorized unauthorised access account user username password credentials token api inactivity'
  ).split(' '),
);

export function isAboutSessionAlone(text: string): boolean {
  const words =
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}'-]+/gu) ?? [];
  return SPEAKS_OF_SESSION.test(text) && words.every((word) => WORDS_ABOUT_A_SESSION.has(word));
}

/** For an answer that does not accept the session. With an older one it may have expired; a new one is refused for another reason. */
export function sessionRefused(): HelpdeskError {
  return new HelpdeskError('login', 'the helpdesk does not accept the session that it gave');
}

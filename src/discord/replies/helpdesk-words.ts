import { escapeUserText } from './escape-user-text.ts';

/** How the helpdesk is called and where its tickets are (HELPDESK_NAME, HELPDESK_TICKET_URL). */
export interface HelpdeskNames {
  readonly name: string;
  /** With `{reference}` in it. */
  readonly ticketUrl: string | undefined;
}

/** The helpdesk's name in a sentence: "the helpdesk", or "Example Hosting". */
export function inSentence({ name }: Pick<HelpdeskNames, 'name'>): string {
  return escapeUserText(name, name.length);
}

/** The name at the start of a sentence or a title: "The helpdesk". */
export function atStart(names: Pick<HelpdeskNames, 'name'>): string {
  const words = inSentence(names);
  return words.startsWith('the ') ? `T${words.slice(1)}` : words;
}

/** Where a ticket can be seen. The reference comes from the helpdesk and is escaped like anything foreign. */
export function ticketPage({ ticketUrl }: HelpdeskNames, reference: string | undefined): string | undefined {
  if (ticketUrl === undefined || reference === undefined) return undefined;
  return ticketUrl.replaceAll('{reference}', encodeURIComponent(reference));
}

/** The name before another noun, unescaped, for labels and titles: "your helpdesk account", "your Example Hosting account". */
export function withoutArticle({ name }: Pick<HelpdeskNames, 'name'>): string {
  return name.replace(/^the /, '');
}

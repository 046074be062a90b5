/**
 * A custom ID names a handler and carries IDs to look things up by: `ticket-retry:<draft ID>`. Everybody can send any
 * custom ID, so it carries no authority and no state.
 */
export interface CustomId {
  readonly name: string;
  readonly ids: readonly string[];
}

/** Discord's limit, in UTF-16 units. */
const MAX_LENGTH = 100;

/** @throws {RangeError} when it would be longer than Discord allows: a bug in the caller. */
export function customId(name: string, ...ids: readonly string[]): string {
  const text = [name, ...ids].join(':');
  if (text.length > MAX_LENGTH) throw new RangeError(`The custom ID of ${name} is longer than ${MAX_LENGTH}.`);
  return text;
}

/** IDs of ours: Discord's digits or base64url, and so short that any two fit into a custom ID again. */
const OUR_ID = /^[\w-]{1,40}$/;

/** Reads a custom ID, whoever made it. An ID that cannot be one of ours reads as the empty text, under which there is nothing. */
export function parseCustomId(text: string): CustomId {
  const [name = '', ...ids] = text.split(':');
  return { name, ids: ids.map((id) => (OUR_ID.test(id) ? id : '')) };
}

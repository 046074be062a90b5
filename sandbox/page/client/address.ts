/** Where somebody is on the page, as it stands in the address: a reload and a bookmark keep it. */
export interface Whereabouts {
  /** A name; IDs are others after each start of the sandbox. */
  readonly person: string | undefined;
  /** The name of a channel, or {@link DIRECT_MESSAGES}. */
  readonly place: string | undefined;
  readonly tab: string | undefined;
  readonly half: string | undefined;
}

/** Stands for the direct messages with the bot. No channel is called so: Discord's names have no blanks. */
export const DIRECT_MESSAGES = 'direct messages';

const KEYS = { person: 'as', place: 'in', tab: 'tab', half: 'half' } as const satisfies Record<
  keyof Whereabouts,
  string
>;

export function readAddress(search: string): Whereabouts {
  const query = new URLSearchParams(search);
  const read = (key: keyof Whereabouts) => query.get(KEYS[key]) ?? undefined;
  return { person: read('person'), place: read('place'), tab: read('tab'), half: read('half') };
}

/** @returns The query with its question mark; empty where nothing differs from how the page begins. */
export function writeAddress(whereabouts: Whereabouts): string {
  const query = new URLSearchParams();
  for (const key of Object.keys(KEYS) as (keyof Whereabouts)[]) {
    const value = whereabouts[key];
    if (value !== undefined) query.set(KEYS[key], value);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

import type { PlaceView } from '../protocol.ts';

/** What somebody has seen of each channel, for each person whom they have been. */
export class ReadMarks {
  /** The last message that was seen, by person and channel. */
  readonly #seen = new Map<string, string>();

  /** What is on the screen counts as seen; so does all that was there when somebody came. */
  note(personId: string, places: readonly PlaceView[], onScreen: PlaceView | undefined): void {
    for (const place of places) {
      const key = `${personId}/${place.channelId}`;
      const last = place.messages.at(-1);
      if (last && (place === onScreen || !this.#seen.has(key))) this.#seen.set(key, last.id);
      else if (!last && !this.#seen.has(key)) this.#seen.set(key, '');
    }
  }

  /** Whether something was written there since it was last looked at. */
  isUnread(personId: string, { channelId, messages }: PlaceView): boolean {
    const last = messages.at(-1);
    return last !== undefined && this.#seen.get(`${personId}/${channelId}`) !== last.id;
  }
}

/** How many messages of a channel were not there before. */
export function countNew(before: PlaceView | undefined, after: PlaceView | undefined): number {
  if (!before || !after || before.channelId !== after.channelId) return 0;
  const known = new Set(before.messages.map(({ id }) => id));
  return after.messages.filter(({ id }) => !known.has(id)).length;
}

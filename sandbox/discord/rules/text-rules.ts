import { type BodyErrors, refusal } from './api-error.ts';

/** UTF-16 units in all text displays of a message together. The published schema knows only the limit of each. */
const MAX_CHARACTERS = 4000;

/**
 * The bytes at which Discord itself fails, with 12 for each text display. In no document of Discord, but measured to the byte:
 * https://github.com/discord/discord-api-docs/issues/8554. Texts of other scripts than Latin reach it below 4,000 characters.
 */
const MAX_BYTES = 10_170;
const BYTES_OF_DISPLAY = 12;

/** @throws {ApiError} 500 for a text within the limits that is more than Discord can process. */
export function checkTextOfCard(texts: readonly string[], at: readonly (string | number)[], errors: BodyErrors): void {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  if (characters > MAX_CHARACTERS) {
    const message = `Components displayable text size exceeds maximum size of ${MAX_CHARACTERS}`;
    errors.add(at, 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED', message);
    return;
  }
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + BYTES_OF_DISPLAY, 0);
  if (bytes > MAX_BYTES) throw refusal('tooManyBytes');
}

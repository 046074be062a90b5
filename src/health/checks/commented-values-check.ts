import { readFileSync } from 'node:fs';
import { SETTINGS } from '../../config.ts';
import { type Check, ok, warn } from '../check.ts';

/** `NAME=#mods`: Node.js and systemd read nothing there, and Docker reads the whole. A blank behind the # makes it a comment. */
const COMMENTED = /^\s*(?:export\s+)?([A-Z_]+)[ \t]*=[ \t]*#[^\s#]/gm;

/** Looks for values that begin with a #, such as the name of a channel: the bot takes such a setting for one that is not set. */
export function commentedValuesCheck({ envFile }: { readonly envFile: string }): Check {
  return {
    name: 'Setting values',
    lookedAt: envFile,
    async run() {
      const names = [...read(envFile).matchAll(COMMENTED)].map(([, name = '']) => name).filter(isSetting);
      if (names.length === 0) return ok('No value is taken for a comment.');
      return warn(
        `What stands behind ${names.join(' and ')} in ${envFile} begins with a #, so it is read as a comment, and the setting as empty.`,
        'Write the value without the #, an ID as digits alone. If it is meant to be empty, take the line away.',
      );
    },
  };
}

const isSetting = (name: string) => SETTINGS.includes(name);

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // No file, or one that this user may not read: then Node.js has not read it, either.
    return '';
  }
}

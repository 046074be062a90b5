/** Where a STORAGE_URL that begins with `sqlite:` points. */
export type SqliteLocation =
  | { readonly kind: 'memory' }
  | {
      readonly kind: 'file';
      readonly file: string;
      /**
       * A folder that has to be there. Some tools read `sqlite:///data/x` as a path in the working directory: a folder is
       * not made at the root of the disk for somebody who meant that.
       */
      readonly existingFolder?: string | undefined;
    }
  /** What other tools read in another way, or nobody can read. `remedy` says what to write, and does not quote the value. */
  | { readonly kind: 'refused'; readonly remedy: string };

const FORMS = 'Write sqlite:./data/openticket.sqlite, or sqlite:/var/lib/openticket/openticket.sqlite';

/**
 * Reads the forms of such addresses that are in use:
 *
 * - `sqlite:` and a path as it stands on the disk, from the working directory or absolute;
 * - `sqlite://` and a path, percent-encoded. Two slashes and a name begin in the working directory (keyv, Sequelize); with a
 *   third slash the path is absolute (keyv, RFC 8089), and so it is with four (SQLAlchemy, Django);
 * - `sqlite::memory:`, also behind two or three slashes.
 *
 * What would need a guess is refused: a file in another place than the one that was meant is an empty store without an error.
 */
export function parseSqliteUrl(url: string, platform: NodeJS.Platform = process.platform): SqliteLocation {
  const [, given = ''] = /^sqlite:(.*)$/is.exec(url) ?? [];
  if (/^(\/\/\/?)?:memory:$/i.test(given)) return { kind: 'memory' };
  if (/^[\s"'`]|[\s"'`]$/.test(given)) {
    return refused('The address begins or ends with a blank or a quote. Leave that out.');
  }
  // Before anything is decoded: what is encoded was meant as it is.
  if (/:memory\b|^(\/\/\/?)?memory:?$/i.test(given)) {
    return refused('For records in memory, write sqlite::memory: and nothing after it.');
  }
  if (given.includes('?')) return refused('There are no options after a question mark. Leave them out.');
  if (/^(\/*)(~|\$|%[a-z_]{3,}%)|\$\{|\/\$\w/i.test(given)) {
    return refused(`~ and variables are not replaced. ${FORMS}.`);
  }
  return given.startsWith('//') ? behindSlashes(given.slice(2), platform) : plainPath(given, platform);
}

function plainPath(path: string, platform: NodeJS.Platform): SqliteLocation {
  if (/%[0-9a-f]{2}/i.test(path)) {
    return refused(
      'A path behind sqlite: is written as it stands on the disk; percent-encoding is read behind sqlite://.',
    );
  }
  return fileAt(path, platform);
}

/** @param rest What follows `sqlite://`. */
function behindSlashes(rest: string, platform: NodeJS.Platform): SqliteLocation {
  if (rest.includes('#')) return refused('A # in the path is written as %23 behind sqlite://.');
  const path = decode(rest);
  if (path === undefined) {
    return refused(
      'Something in the path is no percent-encoded UTF-8. A percent sign is written as %25 behind sqlite://.',
    );
  }
  if (/^\/*[a-z]:/i.test(path)) return fileAt(path, platform);
  const [host = ''] = rest.split('/');
  if (/@|:\d*$/.test(host) || /^localhost$/i.test(host)) {
    return refused(`SQLite is a file on this machine, without a host, a port or a user. ${FORMS}.`);
  }
  if (!path.startsWith('/')) return fileAt(path, platform);
  if (path.startsWith('//')) return fileAt(path.replace(/^\/+/, '/'), platform);
  const [, top] = /^(\/[^/]+)\/./.exec(path) ?? [];
  return fileAt(path, platform, top);
}

function fileAt(path: string, platform: NodeJS.Platform, existingFolder?: string): SqliteLocation {
  const isWindows = platform === 'win32';
  // As in file:///C:/data.
  const file = path.replace(/^\/+(?=[a-z]:)/i, '');
  if (file === '') return refused(`The address names no file. ${FORMS}.`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\0-\x1f\x7f]/.test(file)) return refused('There is a control character in the path.');
  if (/^[a-z]:/i.test(file)) {
    if (!isWindows) return refused(`A drive letter is a path of Windows, and this is not Windows. ${FORMS}.`);
    if (!/^[a-z]:[\\/]/i.test(file))
      return refused('After the drive letter comes a slash: sqlite:C:/data/openticket.sqlite.');
  } else if (/^[a-z][a-z0-9+.-]*:/i.test(file)) {
    // The library would connect to a server for some of them.
    return refused(`There is a second scheme behind sqlite:. ${FORMS}.`);
  }
  if (!isWindows && file.includes('\\')) return refused('Folders are separated by /, not by \\.');
  if (isWindows && /^[\\/]{2}/.test(file))
    return refused('SQLite cannot lock a file on a network share. Use a local disk.');
  if (/(^|[\\/])\.{0,2}$/.test(file)) return refused(`The address names a folder. ${FORMS}.`);
  return { kind: 'file', file, existingFolder };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function refused(remedy: string): SqliteLocation {
  return { kind: 'refused', remedy };
}

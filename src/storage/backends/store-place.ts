import { backendKindOf } from './backend-kinds.ts';
import { parseSqliteUrl } from './sqlite-url.ts';

/** Where the records of a store are. Files are looked at in other ways than servers: their rights, their disk, whether there is one. */
export type StorePlace =
  | { readonly kind: 'memory' }
  /** `existingFolder` is one that has to be there: the bot does not make it. */
  | { readonly kind: 'file'; readonly file: string; readonly existingFolder?: string | undefined }
  | { readonly kind: 'server' }
  /** No address of a store. */
  | { readonly kind: 'unknown' };

/** Looks at the address alone. */
export function storePlaceOf(url: string): StorePlace {
  const kind = backendKindOf(url);
  switch (kind) {
    case undefined:
      return { kind: 'unknown' };
    case 'sqlite': {
      const location = parseSqliteUrl(url);
      return location.kind === 'refused' ? { kind: 'unknown' } : location;
    }
    case 'redis':
    case 'postgres':
      return { kind: 'server' };
  }
}

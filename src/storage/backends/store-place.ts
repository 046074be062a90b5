import { backendKindOf } from './backend-kinds.ts';
import { parseSqliteUrl } from './sqlite-url.ts';

/** Where the records of a store are. Files are looked at in other ways than servers: their rights, their disk, whether there is one. */
export type StorePlace =
  | { readonly kind: 'memory' }
  /** `existingFolder` is one that has to be there: the bot does not make it. */
  | { readonly kind: 'file'; readonly file: string; readonly existingFolder?: string | undefined }
  | { readonly kind: 'server' };

/** @returns Undefined for what is no address of a store. Looks at the address alone. */
export function storePlaceOf(url: string): StorePlace | undefined {
  const kind = backendKindOf(url);
  switch (kind) {
    case undefined:
      return undefined;
    case 'sqlite': {
      const location = parseSqliteUrl(url);
      return location.kind === 'refused' ? undefined : location;
    }
    case 'redis':
    case 'postgres':
      return { kind: 'server' };
  }
}

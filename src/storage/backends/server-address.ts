import { ENCODING_REMEDY, StorageServerError } from './server-failure.ts';

/**
 * Refuses an address that the client libraries would read as something else than was meant, or end on with a stack: mostly
 * passwords with special characters in them.
 * @throws {StorageServerError} without any part of the address.
 */
export function checkServerAddress(address: string): URL {
  const url = parse(address);
  if (url === undefined) throw malformed('The address cannot be read.');
  for (const [name, text] of [
    ['user', url.username],
    ['password', url.password],
    ['host', url.hostname],
    ['database', url.pathname],
  ] as const) {
    if (!isDecodable(text)) throw malformed(`The ${name} has a % that begins no code.`);
  }
  if (url.hash !== '' || address.includes('#')) throw malformed('The address has a # in it, which ends it.');
  // The real separator of the host, which stands behind the first / or ?: these belong to the password.
  if (`${url.pathname}${url.search}`.includes('@')) throw malformed('The address has an @ behind the host.');
  return url;
}

/** With a host where there is none: PostgreSQL's is then among the parameters, or the socket on this machine. */
function parse(address: string): URL | undefined {
  for (const candidate of [address, address.replace('@/', '@localhost/')]) {
    if (URL.canParse(candidate)) return new URL(candidate);
  }
  return undefined;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function malformed(problem: string): StorageServerError {
  return new StorageServerError({ problem, remedy: ENCODING_REMEDY });
}

import { StorageError } from '../record-store.ts';

/** Why a server cannot be used. Neither text holds an address, a user's name or a password. */
export interface ServerFailure {
  /** One sentence, with the cause's own code in brackets where it has one. */
  readonly problem: string;
  readonly remedy: string;
}

/** A server that cannot be used until the operator has mended something. */
export class StorageServerError extends StorageError {
  readonly problem: string;
  readonly remedy: string;

  constructor({ problem, remedy }: ServerFailure, options?: ErrorOptions) {
    super(`STORAGE_URL: ${problem} ${remedy}`, options);
    this.problem = problem;
    this.remedy = remedy;
  }
}

/** How special characters are written in an address. */
export const ENCODING_REMEDY =
  'In STORAGE_URL, write special characters of user and password as codes: % as %25, @ as %40, : as %3A, / as %2F, ? as %3F, # as %23.';

const HOST_REMEDY =
  'Look at STORAGE_URL: host and port; and whether the server runs, listens on that address and may be reached from here.';
const AUTHORITY_REMEDY =
  'Name the authority that signed it: start the bot with NODE_EXTRA_CA_CERTS=/path/to/authority.pem in the environment (in .env it comes too late for Node.js).';

/**
 * @param tls A sentence on how TLS is turned on, or off where STORAGE_URL asks for it.
 * @returns What the way to a server says against it; undefined when the failure is none of the network or of TLS.
 */
export function connectionFailure(server: string, cause: unknown, tls: string): ServerFailure | undefined {
  const code = codeOf(cause);
  const text = cause instanceof Error ? cause.message : '';
  switch (code) {
    case 'ECONNREFUSED':
      return { problem: `${server} refuses the connection (${code}).`, remedy: HOST_REMEDY };
    case 'ENOTFOUND':
      return {
        problem: `The host name of ${server} does not exist (${code}).`,
        remedy: 'Look at STORAGE_URL: the name of the host.',
      };
    case 'EAI_AGAIN':
      return {
        problem: `The host name of ${server} cannot be looked up (${code}).`,
        remedy: 'Look at the DNS settings of this machine, and at the host in STORAGE_URL.',
      };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return { problem: `${server} cannot be reached (${code}).`, remedy: HOST_REMEDY };
    case 'ECONNRESET':
    case 'EPIPE':
      return { problem: `${server} closes the connection (${code}).`, remedy: `${tls} ${HOST_REMEDY}` };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_UNTRUSTED':
      return {
        problem: `The certificate of ${server} is signed by an authority that this machine does not know (${code}).`,
        remedy: AUTHORITY_REMEDY,
      };
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return {
        problem: `The certificate of ${server} is not valid at this time (${code}).`,
        remedy: 'Renew it, or correct the clock of this machine.',
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        problem: `The certificate of ${server} is for another host name (${code}).`,
        remedy: 'In STORAGE_URL, write the host as the certificate names it.',
      };
    case 'ENOENT':
    case 'EACCES':
      return isConnecting(cause)
        ? { problem: `The socket of ${server} cannot be opened (${code}).`, remedy: HOST_REMEDY }
        : {
            problem: `A file that STORAGE_URL names for TLS cannot be read (${code}).`,
            remedy: 'Look at its path and its permissions.',
          };
    case undefined:
      return silentFailure(server, text, tls);
  }
  if (/^(EPROTO|ERR_SSL_|ERR_TLS_|CERT_)/.test(code)) {
    return { problem: `${server} and the bot do not agree on TLS (${code}).`, remedy: `${tls} ${HOST_REMEDY}` };
  }
  return undefined;
}

/** What the two client libraries say without a code. */
function silentFailure(server: string, text: string, tls: string): ServerFailure | undefined {
  if (/timeout|too long/i.test(text))
    return { problem: `${server} does not answer in time.`, remedy: `${HOST_REMEDY} ${tls}` };
  if (/closed unexpectedly|terminated unexpectedly|socket disconnected/i.test(text)) {
    return { problem: `${server} closes the connection.`, remedy: `${tls} ${HOST_REMEDY}` };
  }
  return undefined;
}

/** The code of an error, as the system, TLS or PostgreSQL gives it. */
export function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

function isConnecting(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause && cause.syscall === 'connect';
}

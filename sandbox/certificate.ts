import { generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key, as a TLS server takes them. */
export interface Certificate {
  /** PEM: its own certificate, and those of the authorities that it sends along. */
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** Host names and IP addresses that it is for; 127.0.0.1 and localhost by default. */
  readonly hosts?: readonly string[];
  /** Days from now until it ends; below zero it has ended. */
  readonly days?: number;
  /** Who signs it; by default it signs itself. */
  readonly authority?: CertificateAuthority;
}

const DAY_MS = 24 * 3_600_000;

/** Makes a certificate for a server. */
export function createCertificate(options: CertificateOptions = {}): Certificate {
  const { hosts = ['127.0.0.1', 'localhost'], days = 30, authority } = options;
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = `server-${randomBytes(4).toString('hex')}`;
  const cert = issue({
    subject,
    publicKey: keys.publicKey,
    days,
    extensions: [subjectAltName(hosts)],
    issuer: authority?.subject ?? subject,
    signingKey: authority?.signingKey ?? keys.privateKey,
  });
  return { cert, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** An authority that no machine knows, until its certificate is given to one. */
export class CertificateAuthority {
  readonly subject = `authority-${randomBytes(4).toString('hex')}`;
  readonly signingKey: KeyObject;
  /** PEM. */
  readonly cert: string;

  constructor() {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.signingKey = keys.privateKey;
    this.cert = issue({
      subject: this.subject,
      publicKey: keys.publicKey,
      days: 30,
      extensions: [BASIC_CONSTRAINTS_AUTHORITY],
      issuer: this.subject,
      signingKey: keys.privateKey,
    });
  }
}

interface Issued {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly days: number;
  readonly extensions: readonly Buffer[];
  readonly issuer: string;
  readonly signingKey: KeyObject;
}

/** Writes an X.509 certificate (RFC 5280) in DER; Node reads certificates and makes none. */
function issue({ subject, publicKey, days, extensions, issuer, signingKey }: Issued): string {
  const now = Date.now();
  // One that has ended began before its end.
  const from = new Date(Math.min(now, now + days * DAY_MS) - DAY_MS);
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    name(issuer),
    sequence(time(from), time(new Date(now + days * DAY_MS))),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, signingKey);
  const bytes = sequence(body, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature));
  return new X509Certificate(bytes).toString();
}

/** One element of DER: tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  const { length } = bytes;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), bytes]);
}

function sequence(...content: Buffer[]): Buffer {
  return der(0x30, ...content);
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function name(commonName: string): Buffer {
  return sequence(der(0x31, sequence(objectId('550403'), der(0x0c, Buffer.from(commonName)))));
}

function time(at: Date): Buffer {
  return der(0x18, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`));
}

function subjectAltName(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    isIP(host) === 4 ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
  );
  return sequence(objectId('551d11'), der(0x04, sequence(...names)));
}

const ECDSA_WITH_SHA256 = sequence(objectId('2a8648ce3d040302'));
/** Critical: it is an authority. */
const BASIC_CONSTRAINTS_AUTHORITY = sequence(
  objectId('551d13'),
  der(0x01, Buffer.from([0xff])),
  der(0x04, sequence(der(0x01, Buffer.from([0xff])))),
);

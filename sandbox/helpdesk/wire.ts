import { readXml, type XmlElement } from './xml-reader.ts';

/**
 * `nusoap`: turns UTF-8 into ISO-8859-1 and loses what does not fit, unless it is labelled ISO-8859-1 already.
 * `conforming`: believes the label, as PHP's own SoapServer.
 */
export type HelpdeskPeer = 'nusoap' | 'conforming';

/** A request as the server has understood it. The names of the arguments are not looked at. */
export type SoapRequest =
  | { readonly kind: 'call'; readonly operation: string; readonly values: readonly string[] }
  | { readonly kind: 'fault'; readonly code: string; readonly text: string };

/** What an operation answers, before it is written as XML. */
export type SoapValue =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'nil' }
  | {
      readonly kind: 'struct';
      readonly type: string;
      readonly fields: readonly [name: string, type: string, value: string][];
    };

const CHARSETS = new Set(['UTF-8', 'ISO-8859-1', 'US-ASCII']);

/** Reads the bytes of a POST as the peer does; what it refuses is a fault. */
export function readRequest(peer: HelpdeskPeer, contentType: string | undefined, bytes: Buffer): SoapRequest {
  if (!contentType?.includes('text/xml')) return clientFault(`Request not of type text/xml: ${contentType ?? ''}`);
  const httpCharset = charsetOf(contentType);
  const declared = /^<\?xml[^>]*encoding=["']([^"']*)["']/.exec(bytes.subarray(0, 200).toString('latin1'))?.[1];
  const xmlCharset = (declared ?? httpCharset).toUpperCase();
  if (peer === 'nusoap' && xmlCharset !== httpCharset) {
    return clientFault(
      `error in msg parsing:\nCharset from HTTP Content-Type '${httpCharset}' does not match encoding from XML declaration '${xmlCharset}'`,
    );
  }
  let root: XmlElement;
  try {
    const text =
      xmlCharset === 'UTF-8' ? new TextDecoder('utf-8', { fatal: true }).decode(bytes) : bytes.toString('latin1');
    root = readXml(text);
  } catch (error) {
    return clientFault(`error in msg parsing:\nXML error: ${error instanceof Error ? error.message : 'unknown'}`);
  }
  const body = root.name === 'Envelope' ? root.children.find((child) => child.name === 'Body') : undefined;
  const call = body?.children[0];
  if (!call) return clientFault('error in msg parsing:\nno Body');
  const values = call.children.map((argument) => stored(peer, xmlCharset, argument.text));
  return { kind: 'call', operation: call.name, values };
}

/** NuSOAP takes everything after the first "=" for the charset, and what it does not know for US-ASCII. */
function charsetOf(contentType: string): string {
  if (!contentType.includes('=')) return 'ISO-8859-1';
  const charset = contentType
    .slice(contentType.indexOf('=') + 1)
    .replaceAll('"', '')
    .toUpperCase();
  return CHARSETS.has(charset) ? charset : 'US-ASCII';
}

/** A text as the ticket system behind the server, which takes all bytes for UTF-8, gets to read it. */
function stored(peer: HelpdeskPeer, charset: string, text: string): string {
  if (peer === 'conforming') return text;
  const latin1 =
    charset === 'UTF-8' ? Array.from(text, (c) => ((c.codePointAt(0) ?? 0) > 0xff ? '?' : c)).join('') : text;
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

function clientFault(text: string): SoapRequest {
  return { kind: 'fault', code: 'SOAP-ENV:Client', text };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function envelope(peer: HelpdeskPeer, body: string): string {
  const encoding = peer === 'nusoap' ? 'ISO-8859-1' : 'UTF-8';
  return `<?xml version="1.0" encoding="${encoding}"?><SOAP-ENV:Envelope SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:tns="urn:myapi"><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
}

/** The XML of a good answer, with the types written out as NuSOAP does. */
export function writeAnswer(peer: HelpdeskPeer, operation: string, value: SoapValue): string {
  return envelope(
    peer,
    `<ns1:${operation}Response xmlns:ns1="urn:myapi">${writeValue(value)}</ns1:${operation}Response>`,
  );
}

function writeValue(value: SoapValue): string {
  switch (value.kind) {
    case 'nil':
      return '<return xsi:nil="true"/>';
    case 'string':
      return `<return xsi:type="xsd:string">${escapeXml(value.value)}</return>`;
    case 'struct': {
      const fields = value.fields.map(
        ([name, type, text]) => `<${name} xsi:type="${type}">${escapeXml(text)}</${name}>`,
      );
      return `<return xsi:type="tns:${value.type}">${fields.join('')}</return>`;
    }
  }
}

export function writeFault(peer: HelpdeskPeer, code: string, text: string): string {
  const type = 'xsi:type="xsd:string"';
  return envelope(
    peer,
    `<SOAP-ENV:Fault><faultcode ${type}>${escapeXml(code)}</faultcode><faultactor ${type}></faultactor><faultstring ${type}>${escapeXml(text)}</faultstring><detail ${type}></detail></SOAP-ENV:Fault>`,
  );
}

/** A whole HTTP answer: raw, as node:http would put right what the real server does wrong. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  /** SOAP of the peer when absent. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text printed before the body, which the announced length does not count. */
  readonly warning?: string;
}

/** The bytes of an answer. NuSOAP's Content-Length counts characters, so a text beyond ASCII loses its last bytes. */
export function writeHttp(peer: HelpdeskPeer, answer: RawAnswer): Buffer {
  const soap = answer.contentType === undefined;
  const length = soap && peer === 'nusoap' ? Array.from(answer.body).length : Buffer.byteLength(answer.body);
  const head = [
    // A fault comes as HTTP/1.0.
    `HTTP/${soap && answer.status === 500 ? '1.0' : '1.1'} ${answer.status} ${answer.status === 200 ? 'OK' : 'Error'}`,
    ...(soap && peer === 'nusoap' ? ['X-SOAP-Server: NuSOAP/0.9.5 (1.123)'] : []),
    `Content-Type: ${answer.contentType ?? `text/xml; charset=${peer === 'nusoap' ? 'ISO-8859-1' : 'utf-8'}`}`,
    ...Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${length}`,
    'Connection: close',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${answer.warning ?? ''}${answer.body}`, 'utf8');
}

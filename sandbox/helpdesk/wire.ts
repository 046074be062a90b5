import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { OPERATIONS, soapActionOf } from './operations.ts';
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
export type SoapValue = { readonly kind: 'string'; readonly value: string } | { readonly kind: 'nil' } | SoapStruct;

export interface SoapStruct {
  readonly kind: 'struct';
  readonly type: string;
  readonly fields: readonly (readonly [name: string, type: string, value: string | SoapStruct | SoapArray])[];
}

export interface SoapArray {
  readonly kind: 'array';
  readonly itemType: string;
  readonly items: readonly SoapStruct[];
}

const CHARSETS = new Set(['UTF-8', 'ISO-8859-1', 'US-ASCII']);

/** The headers of a POST that decide how its bytes are read. */
export interface RequestHeaders {
  readonly contentType: string | undefined;
  /** NuSOAP goes by it when the element in the body has a name that it does not know. */
  readonly soapAction?: string | undefined;
}

/** Reads the bytes of a POST as the peer does; what it refuses is a fault. */
export function readRequest(peer: HelpdeskPeer, headers: RequestHeaders, bytes: Buffer): SoapRequest {
  const { contentType } = headers;
  // NuSOAP then goes on without a body, and so without an operation or arguments.
  if (!contentType?.includes('text/xml')) return { kind: 'call', operation: operationOf('', headers), values: [] };
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
  if (!call) return { kind: 'call', operation: operationOf('', headers), values: [] };
  const values = argumentsOf(call).map((argument) =>
    // What PHP makes of an array that is used as a text.
    argument === 'array' ? 'Array' : argumentText(argument, (text) => stored(peer, xmlCharset, text)),
  );
  return { kind: 'call', operation: operationOf(call.name, headers), values };
}

/** The name of the element in the body or, where there is no such operation, what the SOAPAction header names. */
function operationOf(name: string, { soapAction }: RequestHeaders): string {
  if (OPERATIONS.some((operation) => operation.name === name)) return name;
  const action = soapAction?.replaceAll('"', '');
  return OPERATIONS.find((operation) => soapActionOf(operation) === action)?.name ?? name;
}

/** NuSOAP keeps arguments by name and hands them on by position: of several with one name it makes one array. */
function argumentsOf(call: XmlElement): (XmlElement | 'array')[] {
  const byName = new Map<string, XmlElement | 'array'>();
  for (const argument of call.children) {
    const isArray = byName.has(argument.name) || argument.children.length > 0;
    byName.set(argument.name, isArray ? 'array' : argument);
  }
  return [...byName.values()];
}

/** PHP's decimal numbers: what stands at the beginning of a text, or nothing, which counts as 0. */
const LEADING_INTEGER = /^\s*[+-]?\d+/;
const LEADING_NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/;

/**
 * An argument as PHP gets it and turns it into a text again. Clients without a WSDL, such as Perl's, guess the types: `1.50`
 * travels as a float and arrives as `1.5`, and bytes beyond ASCII travel in base64.
 * @param decode What becomes of the characters of any other argument.
 */
function argumentText({ attributes, text }: XmlElement, decode: (text: string) => string): string {
  const attribute = (name: string) =>
    Object.entries(attributes).find(([key]) => key === name || key.endsWith(`:${name}`))?.[1];
  if (attribute('nil') === 'true' || attribute('nil') === '1') return '';
  switch (attribute('type')?.replace(/^.*:/, '')) {
    case 'int':
    case 'integer':
    case 'short':
    case 'byte':
      return String(Number(LEADING_INTEGER.exec(text)?.[0] ?? 0));
    case 'float':
    case 'double':
    case 'decimal':
      return String(Number(LEADING_NUMBER.exec(text)?.[0] ?? 0));
    case 'boolean':
      return ['', '0', 'f', 'false'].includes(text.toLowerCase()) ? '' : '1';
    case 'base64':
    case 'base64Binary':
      return Buffer.from(text, 'base64').toString('utf8');
    default:
      return decode(text);
  }
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
    case 'struct':
      return writeElement('return', `tns:${value.type}`, value);
  }
}

function writeElement(name: string, type: string, value: string | SoapStruct | SoapArray): string {
  if (typeof value === 'string') return `<${name} xsi:type="${type}">${escapeXml(value)}</${name}>`;
  if (value.kind === 'struct') {
    const fields = value.fields.map((field) => writeElement(...field));
    return `<${name} xsi:type="tns:${value.type}">${fields.join('')}</${name}>`;
  }
  const items = value.items.map((item) => writeElement('item', `tns:${value.itemType}`, item));
  return `<${name} xsi:type="SOAP-ENC:Array" SOAP-ENC:arrayType="tns:${value.itemType}[${items.length}]">${items.join('')}</${name}>`;
}

export function writeFault(peer: HelpdeskPeer, code: string, text: string): string {
  const type = 'xsi:type="xsd:string"';
  return envelope(
    peer,
    `<SOAP-ENV:Fault><faultcode ${type}>${escapeXml(code)}</faultcode><faultactor ${type}></faultactor><faultstring ${type}>${escapeXml(text)}</faultstring><detail ${type}></detail></SOAP-ENV:Fault>`,
  );
}

/** How an answer is compressed. Under the name `deflate` servers send both zlib's format and the bare one. */
export type ContentCoding = 'gzip' | 'deflate' | 'deflate-raw' | 'br';

const COMPRESS: Readonly<Record<ContentCoding, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  'deflate-raw': (bytes) => deflateRawSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
};

/** A whole HTTP answer: raw, as node:http would put right what the real server does wrong. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  /** SOAP of the peer when absent. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text printed before the body, which the announced length does not count. */
  readonly warning?: string;
  /** Compressed, in this order, whatever the client asked for. Its length is that of the compressed bytes. */
  readonly codings?: readonly ContentCoding[];
}

/** A whole HTTP answer without what is beyond its announced length. */
export function cutAtLength(answer: Buffer): Buffer {
  const headEnd = answer.indexOf('\r\n\r\n') + 4;
  const length = /^content-length: (\d+)/im.exec(answer.subarray(0, headEnd).toString('latin1'))?.[1];
  return length === undefined ? answer : answer.subarray(0, headEnd + Number(length));
}

/** The bytes of an answer. NuSOAP's Content-Length counts characters: of a text beyond ASCII the last bytes are beyond it. */
export function writeHttp(peer: HelpdeskPeer, answer: RawAnswer): Buffer {
  const soap = answer.contentType === undefined;
  const { codings = [] } = answer;
  const text = Buffer.from((answer.warning ?? '') + answer.body, 'utf8');
  const bytes = codings.reduce<Buffer>((before, coding) => COMPRESS[coding](before), text);
  const plainLength = () =>
    soap && peer === 'nusoap' ? Array.from(answer.body).length : Buffer.byteLength(answer.body);
  const head = [
    // A fault comes as HTTP/1.0.
    `HTTP/${soap && answer.status === 500 ? '1.0' : '1.1'} ${answer.status} ${answer.status === 200 ? 'OK' : 'Error'}`,
    ...(soap && peer === 'nusoap' ? ['X-SOAP-Server: NuSOAP/0.9.5 (1.123)'] : []),
    `Content-Type: ${answer.contentType ?? `text/xml; charset=${peer === 'nusoap' ? 'ISO-8859-1' : 'utf-8'}`}`,
    ...Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    ...(codings.length > 0 ? [`Content-Encoding: ${codings.join(', ').replace('deflate-raw', 'deflate')}`] : []),
    `Content-Length: ${codings.length > 0 ? bytes.length : plainLength()}`,
    'Connection: close',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]);
}

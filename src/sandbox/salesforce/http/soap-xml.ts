import { XMLParser } from 'fast-xml-parser';
import { isJsonObject, type JsonObject } from '../records/record-input.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
  trimValues: true,
});

/** The body of a SOAP envelope: the operation's name and its content, and the session of the header. */
export interface SoapMessage {
  readonly operation: string;
  readonly content: JsonObject;
  readonly sessionId: string | null;
}

export function readSoap(xml: string): SoapMessage | null {
  let parsed: unknown;
  try {
    parsed = parser.parse(xml);
  } catch {
    return null;
  }
  const envelope = isJsonObject(parsed) ? parsed.Envelope : undefined;
  if (!isJsonObject(envelope) || !isJsonObject(envelope.Body)) return null;
  const [entry] = Object.entries(envelope.Body).filter(([name]) => !name.startsWith('@'));
  if (entry === undefined) return null;
  const header = envelope.Header;
  const session = isJsonObject(header) ? header.SessionHeader : undefined;
  const sessionId = isJsonObject(session) ? textOf(session.sessionId) : null;
  return { operation: entry[0], content: isJsonObject(entry[1]) ? entry[1] : {}, sessionId };
}

export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return isJsonObject(value) && typeof value['#text'] === 'string' ? value['#text'] : null;
}

/** Repeated elements as a list, whether there is none, one or several. */
export const listOf = (value: unknown): unknown[] =>
  value === undefined || value === null || value === '' ? [] : Array.isArray(value) ? value : [value];

/** Takes XML attributes out; an element with `xsi:nil` is null. */
export function withoutAttributes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAttributes);
  if (!isJsonObject(value)) return value;
  if (value['@nil'] === 'true') return null;
  const entries = Object.entries(value).filter(([name]) => !name.startsWith('@'));
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === '#text') return only[1];
  return Object.fromEntries(entries.map(([name, one]) => [name, withoutAttributes(one)]));
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Writes an element; lists become repeated elements, keys with `@` become attributes, null becomes `xsi:nil`. */
export function element(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => element(name, one)).join('');
  if (value === undefined) return '';
  if (value === null) return `<${name} xsi:nil="true"/>`;
  if (!isJsonObject(value)) return `<${name}>${escapeXml(String(value))}</${name}>`;
  const attributes = Object.entries(value)
    .filter(([key]) => key.startsWith('@'))
    .map(([key, one]) => ` ${key.slice(1)}="${escapeXml(String(one))}"`)
    .join('');
  const inner = Object.entries(value)
    .filter(([key]) => !key.startsWith('@'))
    .map(([key, one]) => element(key, one))
    .join('');
  return `<${name}${attributes}>${inner}</${name}>`;
}

const namespaces = {
  metadata: 'http://soap.sforce.com/2006/04/metadata',
  partner: 'urn:partner.soap.sforce.com',
} as const;
export type SoapApi = keyof typeof namespaces;

const envelope = (api: SoapApi, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="${namespaces[api]}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

export const soapAnswer = (api: SoapApi, operation: string, results: readonly unknown[]) => ({
  status: 200,
  contentType: 'text/xml;charset=UTF-8',
  body: envelope(api, element(`${operation}Response`, { result: results })),
});

export const soapFault = (api: SoapApi, code: string, message: string) => ({
  status: 500,
  contentType: 'text/xml;charset=UTF-8',
  body: envelope(
    api,
    `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${escapeXml(`${code}: ${message}`)}</faultstring></soapenv:Fault>`,
  ),
});

import type { ServerResponse } from 'node:http';
import type { HttpAnswer } from './http-messages.ts';

function render(answer: HttpAnswer): { readonly bytes: Buffer; readonly headers: Record<string, string> } {
  const isText = answer.contentType !== undefined;
  const text = answer.body === undefined ? '' : isText ? String(answer.body) : JSON.stringify(answer.body);
  const bytes = Buffer.from(text, 'utf8');
  return {
    bytes,
    headers: {
      ...(answer.body === undefined ? {} : { 'Content-Type': answer.contentType ?? 'application/json;charset=UTF-8' }),
      ...(answer.status === 204 ? {} : { 'Content-Length': String(bytes.length) }),
      ...answer.headers,
    },
  };
}

export function send(outgoing: ServerResponse, answer: HttpAnswer): void {
  const { bytes, headers } = render(answer);
  outgoing.writeHead(answer.status, headers);
  outgoing.end(bytes);
}

/** Announces the whole length and sends a part of it. */
export function sendCut(outgoing: ServerResponse, answer: HttpAnswer, afterBytes: number): void {
  const { bytes, headers } = render(answer);
  outgoing.writeHead(answer.status, { ...headers, 'Content-Length': String(Math.max(bytes.length, afterBytes + 1)) });
  outgoing.write(bytes.subarray(0, afterBytes), () => setTimeout(() => outgoing.destroy(), 20));
}

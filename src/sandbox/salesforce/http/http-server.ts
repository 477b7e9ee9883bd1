import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import { SalesforceError } from '../org/salesforce-error.ts';
import { adminRoute } from './admin-routes.ts';
import { answer, decode, errorAnswer } from './answer-request.ts';
import type { HttpRequest, StandInParts } from './http-messages.ts';
import { send } from './send-answer.ts';
import { objectOf, strike, wait } from './strike-fault.ts';

/** The largest body an org takes is 50 MB; the stand-in is content with less. */
const maximumBody = 32 * 1024 * 1024;

/** Serves one stand-in on loopback. Port 0 takes a free one. */
export async function serve(parts: StandInParts, port: number): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    handle(parts, incoming, outgoing).catch(() => outgoing.destroy());
  });
  // faye and others try a WebSocket first; without an answer they would wait for one.
  server.on('upgrade', (_, socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBody)
      throw new SalesforceError('REQUEST_LIMIT_EXCEEDED', 'Request entity too large', { status: 413, fields: null });
    chunks.push(chunk);
  }
  const encoding = incoming.headers['content-encoding'];
  const raw = Buffer.concat(chunks);
  const bytes = encoding === 'gzip' ? gunzipSync(raw) : encoding === 'deflate' ? inflateSync(raw) : raw;
  const url = new URL(incoming.url ?? '/', 'http://stand-in');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return {
    method: (incoming.method ?? 'GET').toUpperCase(),
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: bytes.toString('utf8'),
  };
}

async function handle(parts: StandInParts, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  let request: HttpRequest;
  try {
    request = await readRequest(incoming);
  } catch (error) {
    if (!(error instanceof SalesforceError)) throw error;
    return send(outgoing, errorAnswer(error));
  }
  if (request.path.startsWith('/__standin/')) return send(outgoing, adminRoute(parts, request));
  const path =
    request.query.size > 0 ? `${request.path}?${decode(request.query.toString().replaceAll('+', ' '))}` : request.path;
  const effect = parts.faults.takeFor({ method: request.method, path, object: objectOf(request) });
  const latency = parts.faults.latencyMilliseconds;
  if (effect === null && latency > 0) {
    await wait(latency / 2);
    const done = answer(parts, request);
    await wait(latency / 2);
    return send(outgoing, done);
  }
  if (effect === null) return send(outgoing, answer(parts, request));
  await strike(parts, request, outgoing, effect);
}

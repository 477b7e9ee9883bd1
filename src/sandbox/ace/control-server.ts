import http from 'node:http';
import type { AddressInfo } from 'node:net';

const mostBytes = 4 * 1024 * 1024;

export interface ControlServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The operations over HTTP on 127.0.0.1: `POST /<operation>` with the input as JSON, answered by
 * `{"ok":true,"result":…}` or `{"ok":false,"error":"…"}`. Only JSON requests to a loopback name are answered, so that
 * a web page that is open on the same machine cannot steer the simulator.
 */
export async function startControlServer(
  port: number,
  call: (name: string, input: unknown) => Promise<unknown>,
): Promise<ControlServer> {
  const server = http.createServer((request, response) => {
    void answer(request, call).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Answer = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: string };

async function answer(
  request: http.IncomingMessage,
  call: (name: string, input: unknown) => Promise<unknown>,
): Promise<readonly [status: number, body: Answer]> {
  const host = request.headers.host?.replace(/:\d+$/, '');
  if (request.method !== 'POST' || !request.headers['content-type']?.startsWith('application/json')) {
    return [405, { ok: false, error: 'Expected a POST request with a JSON body.' }];
  }
  if (host !== '127.0.0.1' && host !== 'localhost') return [403, { ok: false, error: 'Expected a loopback name.' }];
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostBytes) return [413, { ok: false, error: `Expected at most ${mostBytes} bytes.` }];
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    const result = await call((request.url ?? '').slice(1), text === '' ? undefined : JSON.parse(text));
    return [200, { ok: true, result: result ?? null }];
  } catch (error) {
    return [400, { ok: false, error: error instanceof Error ? error.message : String(error) }];
  }
}

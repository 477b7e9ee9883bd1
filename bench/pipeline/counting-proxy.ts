import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A pass-through to a local server that counts requests by kind and adds the same latency to each. */
export interface CountingProxy {
  readonly url: string;
  /** Milliseconds added to every request. */
  latency: number;
  /** Requests since the last `reset`, by what `kindOf` calls them. */
  readonly counts: Map<string, number>;
  /** When each object was put, in milliseconds since 1970, by its path. */
  readonly puts: Map<string, number>;
  reset(): void;
  close(): Promise<void>;
}

export async function startCountingProxy(options: {
  readonly target: string;
  readonly kindOf: (method: string, path: string) => string | null;
  /** Rewrites a text answer, for servers that tell their own address. */
  readonly rewrite?: (path: string, body: string) => string;
}): Promise<CountingProxy> {
  const target = new URL(options.target);
  const counts = new Map<string, number>();
  const puts = new Map<string, number>();
  const proxy = { latency: 0 };
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    const kind = options.kindOf(incoming.method ?? 'GET', path);
    if (kind !== null) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (incoming.method === 'PUT') puts.set(path.split('?')[0] ?? path, Date.now());
    const send = () => {
      // Headers go on as they came: the S3 signature covers the host that the client named.
      const outward = forward(
        { host: target.hostname, port: target.port, method: incoming.method, path, headers: incoming.headers },
        (answer) => {
          if (options.rewrite === undefined || !path.includes('/oauth2/')) {
            outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
            answer.pipe(outgoing);
            return;
          }
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => {
            const body = Buffer.from(options.rewrite?.(path, Buffer.concat(chunks).toString('utf8')) ?? '');
            const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
            outgoing.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': body.length });
            outgoing.end(body);
          });
        },
      );
      outward.on('error', () => outgoing.destroy());
      incoming.pipe(outward);
    };
    if (proxy.latency > 0) setTimeout(send, proxy.latency);
    else send();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    puts,
    reset() {
      counts.clear();
      puts.clear();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}

export const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

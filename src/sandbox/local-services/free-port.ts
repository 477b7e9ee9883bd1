import { createServer } from 'node:net';

/** The preferred port of 127.0.0.1 if nobody listens on it, else any free one. Zero prefers none. */
export async function freePort(preferred: number, taken: readonly number[] = []): Promise<number> {
  const port = taken.includes(preferred) ? 0 : preferred;
  return (await tryPort(port)) ?? (await tryPort(0)) ?? preferred;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A door on 127.0.0.1 before another port, through which every connection can be cut at once. */
export interface CuttableConnection {
  readonly address: string;
  /** Cuts every connection, and refuses new ones for a while. */
  cut(refuseForMs: number): void;
  readonly cuts: number;
  stop(): Promise<void>;
}

export async function startCuttableConnection(targetPort: number): Promise<CuttableConnection> {
  const open = new Set<Socket>();
  let refusesUntil = 0;
  let cuts = 0;
  const destroyAll = () => {
    for (const socket of open) socket.destroy();
  };
  const server = createServer((socket) => {
    if (Date.now() < refusesUntil) return void socket.destroy();
    const onward = connect(targetPort, '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut(refuseForMs) {
      cuts += 1;
      refusesUntil = Date.now() + refuseForMs;
      destroyAll();
    },
    get cuts() {
      return cuts;
    },
    async stop() {
      server.close();
      destroyAll();
      await once(server, 'close');
    },
  };
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where the day's notices go: keeps every message, and is out of order now and then. */
export interface NoticeReceiver {
  readonly url: string;
  readonly messages: readonly string[];
  stop(): Promise<void>;
}

/** Every so many messages one is refused, so that the sync has to deliver it again. */
const refuseEvery = 5;

export async function startNoticeReceiver(): Promise<NoticeReceiver> {
  const messages: string[] = [];
  let requests = 0;
  const server = createServer(async (request, response) => {
    const body = await new Response(request).text().catch(() => '');
    messages.push(body);
    requests += 1;
    response.writeHead(requests % refuseEvery === 0 ? 503 : 200).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    messages,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

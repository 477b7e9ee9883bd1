import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import { fromJson, toJson } from './payload-codec.ts';

const bodySchema = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), z.string()).nullish(), data: z.string().nullish() })),
});

/** A page of the Web UI asks for one history page at a time, whose payloads Temporal limits to 4 MB a message. */
const largestBody = 16 * 1024 * 1024;

/**
 * Temporal's remote codec protocol (`POST /encode`, `POST /decode`) for the Web UI. Only the page of the Web UI may read
 * the answers: browsers are told by CORS, and a request that names another origin is refused.
 * @param origin of the Web UI, such as `http://127.0.0.1:8233`.
 */
export function createCodecServer(codec: PayloadCodec, origin: string): Server {
  return createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, {
        'Content-Type': 'application/json',
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Headers': 'content-type,x-namespace,authorization',
        'Access-Control-Allow-Methods': 'POST,OPTIONS',
        Vary: 'Origin',
      });
      response.end(JSON.stringify(body));
    };
    try {
      if ((request.headers.origin ?? origin) !== origin) return answer(403, { error: 'Another origin.' });
      if (request.method === 'OPTIONS') return answer(200, {});
      const direction = request.method === 'POST' ? /^\/(encode|decode)$/.exec(request.url ?? '')?.[1] : undefined;
      if (direction !== 'encode' && direction !== 'decode') return answer(404, { error: 'POST /encode or /decode.' });
      const body = bodySchema.safeParse(JSON.parse(await readBody(request)));
      if (!body.success) return answer(400, { error: 'Expected {"payloads": [...]}.' });
      const payloads = await codec[direction](body.data.payloads.map((payload) => fromJson(payload as never)));
      return answer(200, { payloads: payloads.map(toJson) });
    } catch {
      return answer(400, { error: 'The payloads cannot be converted.' });
    }
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > largestBody) throw new Error('The body is too large.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

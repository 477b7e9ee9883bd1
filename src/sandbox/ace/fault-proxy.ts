import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { createChance } from './random.ts';

/** What goes wrong between the partner and S3, for requests that match. */
export const s3FaultSchema = z.strictObject({
  effect: z
    .enum(['unavailable', 'slowDown', 'accessDenied', 'kmsDenied', 'kmsDisabled', 'slow', 'reset', 'loseAnswer'])
    .describe('loseAnswer lets the request through and cuts the connection instead of answering.'),
  /** HTTP methods; absent means all. */
  methods: z.array(z.enum(['GET', 'PUT', 'POST', 'DELETE', 'HEAD'])).optional(),
  /** Text that the path and query must contain, such as `opportunity-inbound/`; absent means every request. */
  contains: z.string().optional(),
  /** Share of the matching requests that meet the fault, drawn from the seed. */
  share: z.number().min(0).max(1).default(1),
  /** Milliseconds that `slow` adds. */
  delayMs: z.number().int().min(0).default(2_000),
});

export type S3Fault = z.infer<typeof s3FaultSchema>;

const answers: Readonly<Partial<Record<S3Fault['effect'], readonly [status: number, code: string, message: string]>>> =
  {
    unavailable: [503, 'ServiceUnavailable', 'Service is unable to handle request.'],
    slowDown: [503, 'SlowDown', 'Please reduce your request rate.'],
    accessDenied: [403, 'AccessDenied', 'Access Denied'],
    kmsDenied: [403, 'AccessDenied', 'The principal is not authorized to perform: kms:Decrypt on the resource.'],
    kmsDisabled: [400, 'KMS.DisabledException', 'The key is disabled.'],
  };

export interface S3FaultProxy {
  /** Address to give to the partner instead of the S3 server's. */
  readonly url: string;
  /** Requests that met a fault. */
  faulted(): number;
  stop(): Promise<void>;
}

/**
 * A proxy on 127.0.0.1 in front of an S3 server. Requests pass with their headers untouched, since the signature covers
 * the host. `faults` is asked for each request; the first fault that matches is met.
 */
export async function startS3FaultProxy(options: {
  readonly target: string;
  readonly faults: () => readonly S3Fault[];
  readonly port?: number;
  readonly seed?: number;
}): Promise<S3FaultProxy> {
  const target = new URL(options.target);
  const chance = createChance(options.seed ?? 1);
  let requests = 0;
  let faulted = 0;

  const server = http.createServer((request, response) => {
    requests += 1;
    const number = requests;
    const fault = options
      .faults()
      .find((candidate) => matches(candidate, request) && chance.share(number) < candidate.share);
    if (fault !== undefined) faulted += 1;
    const answer = fault && answers[fault.effect];
    if (answer !== undefined) {
      request.resume();
      request.on('end', () => sendError(response, answer));
    } else if (fault?.effect === 'reset') {
      request.socket.destroy();
    } else {
      const pass = () => forward(target, request, response, fault?.effect === 'loseAnswer');
      if (fault?.effect === 'slow') {
        // Passing on for a caller that is gone would open a request that nobody ever ends.
        const late = setTimeout(pass, fault.delayMs);
        response.on('close', () => clearTimeout(late));
      } else pass();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    faulted: () => faulted,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function matches(fault: S3Fault, request: http.IncomingMessage): boolean {
  const methods: readonly string[] | undefined = fault.methods;
  if (methods !== undefined && !methods.includes(request.method ?? '')) return false;
  return fault.contains === undefined || decodeURIComponent(request.url ?? '').includes(fault.contains);
}

function forward(target: URL, request: http.IncomingMessage, response: http.ServerResponse, loseAnswer: boolean): void {
  const onward = http.request(
    {
      host: target.hostname,
      port: target.port,
      method: request.method,
      path: request.url,
      headers: request.headers,
      agent: false,
    },
    (answer) => {
      if (loseAnswer) {
        answer.resume();
        answer.on('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    },
  );
  onward.on('error', () => request.socket.destroy());
  // A caller that gave up must not leave its request running at the server.
  response.on('close', () => {
    if (!response.writableFinished && !loseAnswer) onward.destroy();
  });
  request.pipe(onward);
}

function sendError(
  response: http.ServerResponse,
  [status, code, message]: readonly [status: number, code: string, message: string],
): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}

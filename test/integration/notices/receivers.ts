import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { whenDone } from '../../support/shared-stack.ts';

export interface HttpReceiver {
  readonly url: string;
  /** Method, path and body of each request, oldest first. */
  readonly requests: { readonly method: string; readonly path: string; readonly body: string }[];
  /** Status of the answers from now on. */
  answer: number;
}

/** A server that takes webhooks and heartbeats. */
export async function startHttpReceiver(): Promise<HttpReceiver> {
  const receiver = { url: '', requests: [] as HttpReceiver['requests'], answer: 200 };
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        receiver.requests.push({ method: request.method ?? '', path: request.url ?? '', body });
        response.writeHead(receiver.answer, receiver.answer === 302 ? { location: '/elsewhere' } : {}).end('ok');
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  whenDone(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}

export interface SmtpReceiver {
  readonly port: number;
  /** Mails with their headers, oldest first; lines that quoted-printable broke are whole again. */
  readonly mails: { readonly to: readonly string[]; readonly text: string }[];
  /** Answers each mail with this code from now on; null takes them. */
  refuseWith: number | null;
}

export const smtpLogin = { user: 'ace-sync', password: 'correct horse battery' };

/** A mail server that asks for a login. Without `encrypted` it offers no encryption, with it a self-signed certificate. */
export async function startSmtpReceiver(options: { encrypted?: boolean } = {}): Promise<SmtpReceiver> {
  const receiver = { port: 0, mails: [] as SmtpReceiver['mails'], refuseWith: null as number | null };
  const server = new SMTPServer({
    disabledCommands: options.encrypted ? [] : ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      const known = username === smtpLogin.user && password === smtpLogin.password;
      done(known ? null : new Error('Who is this?'), known ? { user: username } : undefined);
    },
    onData(stream, session, done) {
      text(stream).then((raw) => {
        if (receiver.refuseWith === null) {
          receiver.mails.push({
            to: session.envelope.rcptTo.map(({ address }) => address),
            text: raw.replaceAll('=\r\n', ''),
          });
          done();
        } else
          done(Object.assign(new Error('Not for you, alliance@example.com'), { responseCode: receiver.refuseWith }));
      }, done);
    },
  });
  // A client that hangs up in the middle is what some tests want.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  whenDone(() => new Promise<void>((resolve) => server.close(() => resolve())));
  receiver.port = (server.server.address() as AddressInfo).port;
  return receiver;
}

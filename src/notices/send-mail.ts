import { createTransport } from 'nodemailer';
import type { NoticeSettings } from '../config/notice-settings.ts';
import { readSecret } from '../config/secret.ts';
import { DeliveryFailure } from './delivery-failure.ts';
import { requestTimeout } from './send-to-webhook.ts';

export type SmtpSettings = NonNullable<NoticeSettings['smtp']>;

export interface Mail {
  /** Becomes the Message-ID, so that a mail sent twice is one for the reader. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends one mail. @throws DeliveryFailure; AceSyncError SECRET_MISSING. */
export async function sendMail(smtp: SmtpSettings, { id, to, subject, text }: Mail): Promise<void> {
  const { host, port, security, user, password, from } = smtp;
  const login = user === undefined || password === undefined ? null : { user, password };
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'startTls',
    ignoreTLS: security === 'none',
    ...(login === null ? {} : { auth: { user: readSecret(login.user), pass: readSecret(login.password) } }),
    connectionTimeout: requestTimeout,
    greetingTimeout: requestTimeout,
    socketTimeout: requestTimeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ from, to, subject, text, messageId: `<${id}@ace-sync>` });
  } catch (error) {
    throw new DeliveryFailure(codeOf(error));
  } finally {
    transport.close();
  }
}

/** The server's own text can quote addresses, so only the numbers are kept. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'SMTP';
  if ('responseCode' in error && typeof error.responseCode === 'number') return `SMTP ${error.responseCode}`;
  return 'code' in error && typeof error.code === 'string' ? error.code : 'SMTP';
}

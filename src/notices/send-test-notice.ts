import { randomUUID } from 'node:crypto';
import type { Addressee, NoticeSettings } from '../config/notice-settings.ts';
import { type Channel, channelsOf } from './addressees.ts';
import { beat, deliverPending } from './deliver.ts';
import { emptyNoticeBook, type PendingMessage } from './notice-book.ts';

/** What one channel said to a test: no address, and no text of the other side. */
export interface TestedChannel {
  readonly addressee: Addressee | 'heartbeat';
  readonly channel: Channel | 'url';
  /** Null when it was taken; else a code such as `HTTP 404`, `SMTP 535` or `SECRET_MISSING`. */
  readonly failedWith: string | null;
}

/** Sends one test notice through every configured channel, each as a real one goes, and beats the heartbeat once. */
export async function sendTestNotice(
  connection: string,
  notices: NoticeSettings,
  now: Date,
): Promise<readonly TestedChannel[]> {
  const messages = Object.entries(notices.addressees).flatMap(([addressee, settings]) =>
    channelsOf(settings).map((channel) => testMessage(connection, addressee as Addressee, channel, now)),
  );
  const { pending } = await deliverPending({ ...emptyNoticeBook, pending: messages }, notices, now);
  const failures = new Map(pending.map(({ id, failedWith }) => [id, failedWith]));
  const tested = messages.map(
    ({ id, addressee, channel }): TestedChannel => ({ addressee, channel, failedWith: failures.get(id) ?? null }),
  );
  if (notices.heartbeat === undefined) return tested;
  const { heartbeat } = await beat(emptyNoticeBook, notices, now);
  return [...tested, { addressee: 'heartbeat', channel: 'url', failedWith: heartbeat.failedWith }];
}

function testMessage(connection: string, addressee: Addressee, channel: Channel, now: Date): PendingMessage {
  const subject = `ace-sync ${connection}: test`;
  const text = `${subject}\n\nThis is a test. Notices for "${addressee}" arrive here; there is nothing to do.`;
  return { id: randomUUID(), addressee, channel, subject, text, at: now.toISOString(), attempts: 0, failedWith: null };
}

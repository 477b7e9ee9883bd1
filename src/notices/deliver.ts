import type { NoticeSettings } from '../config/notice-settings.ts';
import { readSecret } from '../config/secret.ts';
import { AceSyncError } from '../errors.ts';
import { DeliveryFailure } from './delivery-failure.ts';
import type { NoticeBook, PendingMessage } from './notice-book.ts';
import { sendMail } from './send-mail.ts';
import { beatOutward, sendToWebhook } from './send-to-webhook.ts';

/** A message that no channel took for this long is given up: what still holds is in a newer one or in the digest. */
const giveUpAfter = 3 * 24 * 60 * 60_000;

/** Tries each waiting message once; what fails waits for the next look. Never throws for a delivery. */
export async function deliverPending(book: NoticeBook, notices: NoticeSettings, now: Date): Promise<NoticeBook> {
  const tried = await Promise.all(book.pending.map((message) => deliver(message, notices)));
  const failed = tried.filter((message) => message !== null);
  const kept = failed.filter((message) => now.getTime() - Date.parse(message.at) < giveUpAfter);
  return { ...book, pending: kept, givenUp: book.givenUp + failed.length - kept.length };
}

/** @returns null when the message went out, or its channel is configured no more; else the message with its failure. */
async function deliver(message: PendingMessage, notices: NoticeSettings): Promise<PendingMessage | null> {
  const { webhook, email } = notices.addressees[message.addressee];
  try {
    if (message.channel === 'webhook' && webhook !== undefined) {
      await sendToWebhook(readSecret(webhook).trim(), message.text);
    } else if (message.channel === 'email' && email !== undefined && notices.smtp !== undefined) {
      await sendMail(notices.smtp, { ...message, to: email });
    }
    return null;
  } catch (error) {
    return { ...message, attempts: message.attempts + 1, failedWith: failureCode(error) };
  }
}

/** Tells the address outside that the watch is alive (design.md, rule 14). Never throws for a delivery. */
export async function beat(book: NoticeBook, notices: NoticeSettings, now: Date): Promise<NoticeBook> {
  if (notices.heartbeat === undefined) return { ...book, heartbeat: { succeededAt: null, failedWith: null } };
  try {
    await beatOutward(readSecret(notices.heartbeat.url).trim(), notices.heartbeat.method);
    return { ...book, heartbeat: { succeededAt: now.toISOString(), failedWith: null } };
  } catch (error) {
    return { ...book, heartbeat: { ...book.heartbeat, failedWith: failureCode(error) } };
  }
}

function failureCode(error: unknown): string {
  if (error instanceof DeliveryFailure || error instanceof AceSyncError) return error.code;
  return error instanceof Error ? error.name : 'UNFORESEEN';
}

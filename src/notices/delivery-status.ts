import type { JournalStore } from '../journal/journal-store.ts';
import { createNoticeBookFile, type NoticeBook } from './notice-book.ts';

/** What `status` says of notices: what did not reach anybody, by code, and when the watch last looked. */
export interface DeliveryStatus {
  /** ISO 8601; null when the watch never looked. */
  readonly lookedAt: string | null;
  readonly undelivered: readonly {
    readonly addressee: string;
    readonly channel: string;
    /** When the oldest of them was written, ISO 8601. */
    readonly since: string;
    readonly attempts: number;
    readonly failedWith: string | null;
  }[];
  readonly givenUp: number;
  /** Code of the outward heartbeat's failure; null when it works or none is configured. */
  readonly heartbeatFailedWith: string | null;
}

export async function readDeliveryStatus(store: JournalStore): Promise<DeliveryStatus> {
  return deliveryStatus(await createNoticeBookFile(store).read());
}

export function deliveryStatus({ lookedAt, pending, givenUp, heartbeat }: NoticeBook): DeliveryStatus {
  const undelivered = pending.map(({ addressee, channel, at, attempts, failedWith }) => ({
    addressee,
    channel,
    since: at,
    attempts,
    failedWith,
  }));
  return { lookedAt, undelivered, givenUp, heartbeatFailedWith: heartbeat.failedWith };
}

/** Lines below the status; nothing when every notice went out. */
export function deliveryStatusText({ undelivered, givenUp, heartbeatFailedWith }: DeliveryStatus): string {
  const lines = [
    ...undelivered.map(
      ({ addressee, channel, since, attempts, failedWith }) =>
        `${channel} to ${addressee} since ${since.slice(0, 16)}Z, ${attempts} attempts: ${failedWith ?? 'not tried yet'}`,
    ),
    ...(givenUp === 0 ? [] : [`${givenUp} given up`]),
    ...(heartbeatFailedWith === null ? [] : [`heartbeat: ${heartbeatFailedWith}`]),
  ];
  return lines.length === 0 ? '' : `\nNotices that did not go out:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

import { z } from 'zod';
import type { JournalStore } from '../journal/journal-store.ts';
import { evidenceParts } from './condition.ts';

/**
 * What people were told, kept beside the journal as `notices.json` and replaced as a whole: no restart, and no loss
 * of Temporal, makes a notice go out again. It holds codes, counts and our own sentences, no values and no addresses.
 */

const alertSchema = z.strictObject({
  key: z.string(),
  part: z.enum(evidenceParts),
  fixBy: z.enum(['salesPerson', 'allianceManager', 'salesforceAdministrator', 'engineer', 'aws', 'nobody']),
  urgent: z.boolean(),
  endsQuietly: z.boolean(),
  count: z.number(),
  /** ISO 8601. */
  since: z.string(),
  sentence: z.string(),
  fix: z.string(),
  link: z.string().nullable(),
  /** It has lasted long enough for somebody to be told. */
  raised: z.boolean(),
  /** When somebody was told, ISO 8601; null before. */
  toldAt: z.string().nullable(),
  /** When an incident last explained it, ISO 8601; null when none did. */
  coveredAt: z.string().nullable().default(null),
  /** Looks in a row that did not find it any more. */
  absent: z.int(),
});

const pendingSchema = z.strictObject({
  /** Stable, so that a mail that was sent twice can be told from two mails. */
  id: z.string(),
  addressee: z.enum(['salesPerson', 'allianceManager', 'salesforceAdministrator', 'engineer']),
  channel: z.enum(['webhook', 'email']),
  subject: z.string(),
  text: z.string(),
  /** ISO 8601. */
  at: z.string(),
  attempts: z.int(),
  /** Code of the last failure, never a foreign text. */
  failedWith: z.string().nullable(),
});

const bookSchema = z.strictObject({
  v: z.literal(1),
  /** Grows with each writing, so that a look that was overtaken does not write over a newer one. */
  revision: z.int(),
  /** When the last look ended, ISO 8601. */
  lookedAt: z.string().nullable(),
  alerts: z.array(alertSchema),
  pending: z.array(pendingSchema),
  /** Messages of the last hour, for the limit. */
  sent: z.array(z.strictObject({ addressee: z.string(), at: z.string() })),
  /** Local date of the last digest, by addressee. */
  digests: z.record(z.string(), z.string()),
  rhythm: z
    .strictObject({ readAt: z.string(), lastArrival: z.string().nullable(), usualPause: z.number().nullable() })
    .nullable(),
  /** Since when each credential has been in use. */
  credentials: z.array(z.strictObject({ setting: z.string(), mark: z.string(), since: z.string() })).default([]),
  /** Messages that were given up after days of failure. */
  givenUp: z.int(),
  heartbeat: z.strictObject({ succeededAt: z.string().nullable(), failedWith: z.string().nullable() }),
});

export type NoticeBook = z.infer<typeof bookSchema>;
export type Alert = z.infer<typeof alertSchema>;
export type PendingMessage = z.infer<typeof pendingSchema>;

export const emptyNoticeBook: NoticeBook = {
  v: 1,
  revision: 0,
  lookedAt: null,
  alerts: [],
  pending: [],
  sent: [],
  digests: {},
  rhythm: null,
  credentials: [],
  givenUp: 0,
  heartbeat: { succeededAt: null, failedWith: null },
};

export interface NoticeBookFile {
  /** An empty book when there is none, or none that this release can read: then notices go out once more. */
  read(): Promise<NoticeBook>;
  /** @returns the written book, or null when another look wrote meanwhile: then nothing is written. */
  write(book: NoticeBook): Promise<NoticeBook | null>;
}

const document = 'notices.json';

export function createNoticeBookFile(store: JournalStore): NoticeBookFile {
  async function read(): Promise<{ readonly book: NoticeBook; readonly version: string | null }> {
    const kept = await store.read(document);
    const parsed = bookSchema.safeParse(kept === null ? null : parseJson(kept.bytes));
    return { book: parsed.success ? parsed.data : emptyNoticeBook, version: kept?.version ?? null };
  }
  return {
    read: async () => (await read()).book,
    async write(book) {
      const { book: present, version } = await read();
      if (present.revision !== book.revision) return null;
      const next = { ...book, revision: book.revision + 1 };
      return (await store.replace(document, Buffer.from(JSON.stringify(next)), version)) ? next : null;
    },
  };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}

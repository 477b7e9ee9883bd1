import { AceSyncError } from '../errors.ts';
import { withinTime } from '../within-time.ts';
import { emptyNoticeBook, type NoticeBook, type NoticeBookFile } from './notice-book.ts';

/** Milliseconds for one access: a journal that hangs must not keep a look from telling so. */
const accessLimit = 3_000;

export interface NoticeBookMemory extends NoticeBookFile {
  /** Since when the journal did not take the book, ISO 8601; null when it did the last time. */
  awaySince(): string | null;
}

/**
 * The notice book of one worker, which goes on in memory while the journal is away: that is when somebody must be told.
 * What was told meanwhile is written with the first look after it.
 */
export function rememberNoticeBook(file: NoticeBookFile, now: () => Date): NoticeBookMemory {
  let last: NoticeBook | null = null;
  let isWritten = true;
  let since: string | null = null;
  /** Within a look the journal is asked no more once it did not answer. */
  let asks = true;

  async function access<T>(work: () => Promise<T>, inMemory: () => T): Promise<T> {
    if (!asks) return inMemory();
    try {
      return await withinTime(accessLimit, work(), late);
    } catch (error) {
      if (!(error instanceof AceSyncError) || error.code !== 'JOURNAL_UNAVAILABLE') throw error;
      asks = false;
      since ??= now().toISOString();
      return inMemory();
    }
  }

  return {
    read: async () => {
      asks = true;
      const kept = await access<NoticeBook | null>(
        () => file.read(),
        () => null,
      );
      const known = last ?? kept ?? emptyNoticeBook;
      last = kept === null || !isWritten ? { ...known, revision: kept?.revision ?? known.revision } : kept;
      return last;
    },
    write: (book) =>
      access<NoticeBook | null>(
        async () => {
          const written = await file.write(book);
          since = null;
          isWritten = true;
          last = written ?? last;
          return written;
        },
        () => {
          isWritten = false;
          last = book;
          return book;
        },
      ),
    awaySince: () => since,
  };
}

function late(): never {
  throw new AceSyncError('JOURNAL_UNAVAILABLE', `No answer within ${accessLimit} ms.`);
}

import { AceSyncError } from '../errors.ts';
import type { FileReference } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';

export type DownloadedFile =
  | { readonly kind: 'downloaded'; readonly journalSha: string; readonly bytes: number }
  /** Somebody else settled or removed it, or a new version stands under the key: nothing is left to do here. */
  | { readonly kind: 'gone' | 'replaced' }
  | { readonly kind: 'tooLarge' };

/** Downloads one file version (If-Match), keeps it in the journal and in the worker's cache. */
export function downloadFile({ files, journal }: Dependencies) {
  return async (file: FileReference): Promise<DownloadedFile> => {
    try {
      const bytes = await files.get(file);
      return { kind: 'downloaded', journalSha: await journal.archive(bytes), bytes: bytes.length };
    } catch (error) {
      const kind = error instanceof AceSyncError ? downloadOutcomes[error.code] : undefined;
      if (kind === undefined) throw error;
      return { kind };
    }
  };
}

const downloadOutcomes: Partial<Record<AceSyncError['code'], 'gone' | 'replaced' | 'tooLarge'>> = {
  OBJECT_GONE: 'gone',
  OBJECT_REPLACED: 'replaced',
  FILE_TOO_LARGE: 'tooLarge',
};

import type { SharedObject } from '../crm/crm.ts';
import { AceSyncError, catalogue, type Problem } from '../errors.ts';
import type { FileReference } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { type FileValidation, validateFile } from './validate-file.ts';

export type DownloadedFile =
  | ({ readonly kind: 'downloaded'; readonly journalSha: string } & FileValidation)
  /** Somebody else settled or removed it, or a new version stands under the key: nothing is left to do here. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'replaced' }
  | { readonly kind: 'tooLarge'; readonly problems: readonly Problem[] };

/**
 * Downloads one file version (If-Match), keeps it in the journal and in the worker's cache, and validates it as a whole.
 * One activity for all of it: a step of its own for the validation would cost an action and an event for every file.
 */
export function downloadFile({ files, journal, config }: Dependencies) {
  return async ({ object, file }: { object: SharedObject; file: FileReference }): Promise<DownloadedFile> => {
    try {
      const bytes = await files.get(file);
      const journalSha = await journal.archive(bytes);
      return {
        kind: 'downloaded',
        journalSha,
        ...validateFile(bytes, { key: file.key, object, spmsId: config.ace.spmsId }),
      };
    } catch (error) {
      const code = error instanceof AceSyncError ? error.code : null;
      if (code === 'OBJECT_GONE') return { kind: 'gone' };
      if (code === 'OBJECT_REPLACED') return { kind: 'replaced' };
      if (code === 'FILE_TOO_LARGE') return { kind: 'tooLarge', problems: [tooLarge(file)] };
      throw error;
    }
  };
}

function tooLarge({ size }: FileReference): Problem {
  const { message, fix, fixBy } = catalogue.FILE_TOO_LARGE;
  return { code: 'FILE_TOO_LARGE', message: `${message} It has ${size} bytes.`, fix, fixBy };
}

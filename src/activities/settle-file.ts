import { bringInResumed } from './bring-in-missed.ts';
import { deleteFile } from './delete-file.ts';
import type { Dependencies } from './dependencies.ts';
import { recordFileOutcome, type SettledFile } from './record-file-outcome.ts';
import { tagFile } from './tag-file.ts';

/**
 * What happens to an outbound file when its records have their outcomes: processed, it is deleted; parked or rejected, it
 * stays with a tag. The ledger has the outcomes before a file goes, so a kill between the two loses nothing; cut short
 * anywhere, it is done again, line by line the same.
 */
export function settleFile(deps: Dependencies) {
  const remove = deleteFile(deps);
  return async (settled: SettledFile): Promise<void> => {
    const { file, outcome } = settled;
    if (outcome !== 'processed') await tagFile(deps, file, outcome);
    await recordFileOutcome(deps, settled);
    await bringInResumed(deps, settled);
    if (outcome === 'processed') await remove(file);
  };
}

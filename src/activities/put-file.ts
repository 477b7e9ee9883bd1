import { Context } from '@temporalio/activity';
import { folderPrefix } from '../bucket/folders.ts';
import type { SharedObject } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import type { Send } from '../mapping/sync-state.ts';
import { renderUpload } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import { readLinkedRecord } from './linked-records.ts';
import { noteOutcomes, sentLine } from './note-outcome.ts';
import { whatDoesAceKnow } from './what-does-ace-know.ts';

/**
 * Puts the file that the intent names. One name is one content: the record is rendered again, and another content under
 * the name is refused. A repeated attempt, and one for an intent that an earlier run left, first looks whether the file
 * is there or was taken already. Where that cannot be seen, nothing is put: `unseen`. An archive that cannot be read
 * hides only whether a new record was taken; an update that is put twice does no harm.
 * @throws AceSyncError RENDER_CHANGED when the record changed since the intent was written.
 */
export function putFile(deps: Dependencies) {
  return async (input: {
    object: SharedObject;
    crmId: string;
    send: Send;
    adopted: boolean;
  }): Promise<{ kind: 'put' | 'already' | 'unseen' }> => {
    const { object, crmId, send, adopted } = input;
    if (adopted || Context.current().info.attempt > 1) {
      const known = await whatDoesAceKnow(deps, object, send.name);
      if (known.inbound === 'present' || known.archived === 'present' || typeof known.result === 'object')
        return { kind: 'already' };
      const { inbound, archived, result } = known;
      if ([inbound, result].includes('unknown') || (archived === 'unknown' && send.kind === 'create'))
        return { kind: 'unseen' };
    }
    const state = await readLinkedRecord(deps, object, crmId);
    const rendered = await renderUpload(deps, object, state);
    if (rendered?.send.sha !== send.sha)
      throw new AceSyncError('RENDER_CHANGED', `Record ${crmId}, file ${send.name}.`);
    await deps.journal.archive(rendered.bytes);
    await noteOutcomes(deps, [sentLine(object, send, { crmId, aceId: state.stamp.aceId, index: null })]);
    await deps.bucket.put(folderPrefix(object, 'inbound') + send.name, rendered.bytes);
    return { kind: 'put' };
  };
}

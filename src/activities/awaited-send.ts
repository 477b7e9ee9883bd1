import type { SharedObject } from '../crm/crm.ts';
import type { Send } from '../mapping/sync-state.ts';
import type { Dependencies } from './dependencies.ts';
import type { LinkedState } from './linked-records.ts';
import { whatDoesAceKnow } from './what-does-ace-know.ts';

/**
 * The file on its way whose answer an export has to wait for, because only the answer says what was agreed on. After the
 * time limit the owner of each field decides as ever, unless the answer lies in the bucket and was only not taken yet.
 */
export async function awaitedSend(
  deps: Pick<Dependencies, 'bucket' | 'now' | 'waits'>,
  object: SharedObject,
  { intent }: Pick<LinkedState, 'intent'>,
): Promise<Send | null> {
  if (intent === null) return null;
  const age = deps.now().getTime() - Date.parse(intent.at);
  if (age < deps.waits.resultTimeLimit) return intent;
  return (await whatDoesAceKnow(deps, object, intent.name)).result === 'absent' ? null : intent;
}

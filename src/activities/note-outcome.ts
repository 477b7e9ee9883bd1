import type { SharedObject } from '../crm/crm.ts';
import type { OutcomeLine } from '../journal/journal.ts';
import type { Send } from '../mapping/sync-state.ts';
import type { LinkedState } from './linked-records.ts';
import type { JournalingDependencies } from './write-journaled.ts';

export type Outcome = Omit<OutcomeLine, 'at' | 'connection'>;

/** Notes in the journal what happens, before what follows from it is done: a repeated attempt notes it once more. */
export function noteOutcomes(
  { journal, config, now }: JournalingDependencies,
  outcomes: readonly Outcome[],
): Promise<void> {
  const common = { at: now().toISOString(), connection: config.connection };
  return journal.recordOutcomes(outcomes.map((outcome) => ({ ...common, ...outcome })));
}

/** A record in a file that is about to be put; `index` is its place in the file of a wave. */
export const sentLine = (
  object: SharedObject,
  { name, sha, kind }: Send,
  record: Pick<Outcome, 'crmId' | 'aceId' | 'index'>,
): Outcome => ({
  id: `${name}#${record.crmId}#sent`,
  kind: 'sent',
  object,
  file: name,
  ...record,
  outcome: 'sent',
  code: kind.toUpperCase(),
  sha,
});

/** What no file tells: where a record stands, or what a person asked for. `id` is the same for a repeated attempt. */
export const recordLine = (
  kind: 'standing' | 'action',
  object: SharedObject,
  state: Pick<LinkedState, 'linked' | 'stamp'>,
  outcome: string,
  code: string,
): Outcome => {
  const { recordId: crmId, aceId } = state.stamp;
  const version = `${crmId ?? aceId}@${state.linked.row?.systemModstamp ?? 'new'}`;
  return {
    id: `${version}#${kind}#${outcome}#${code}`,
    kind,
    object,
    file: '',
    index: null,
    aceId,
    crmId,
    outcome,
    code,
  };
};

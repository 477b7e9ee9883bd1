import type { AceRecord } from '../ace/ace-record.ts';
import type { SharedObject } from '../crm/crm.ts';
import type { InboundInput } from '../mapping/inbound.ts';
import type { Send } from '../mapping/sync-state.ts';
import type { FileReference } from '../workflows/messages.ts';
import { mappingOf, type PlanningDependencies } from './dependencies.ts';
import type { LinkedState } from './linked-records.ts';

/** A record of an outbound file beside what the CRM holds of it, as the mapping needs it to decide. */
export function inboundInput(
  deps: PlanningDependencies,
  object: SharedObject,
  aceRecord: AceRecord,
  file: Pick<FileReference, 'key' | 'lastModified'>,
  { linked, sent, received, writtenByUs, stamp }: LinkedState,
  inFlight?: Send | null,
): InboundInput {
  return {
    mapping: mappingOf(deps, linked.record?.id ?? null),
    object,
    aceRecord,
    linked,
    sent,
    received,
    inFlight: inFlight ?? null,
    writtenByUs,
    hash: deps.hash,
    fileKey: file.key,
    fileLastModified: file.lastModified,
    stamp,
    mode: deps.config.mode,
    now: deps.now().toISOString(),
  };
}

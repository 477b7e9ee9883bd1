import type { AceObject, AceRecord } from '../../ace/ace-record.ts';
import { identityOf } from '../../ace/identity.ts';
import type { Origin, SimulatedRecord } from './state.ts';
import type { World } from './world.ts';

/** A record as the operator of the simulator sees it. */
export interface RecordView {
  readonly object: AceObject;
  readonly aceId: string;
  readonly partnerId: string | null;
  readonly origin: Origin;
  readonly stage: string | null;
  /** Review status of partner referrals, lead status of leads. */
  readonly status: string | null;
  /** Accepted, Rejected, or null while the partner has not answered or need not. */
  readonly acceptance: string | null;
  readonly lastModifiedDate: string;
  /** False while a change waits for the next export. */
  readonly exported: boolean;
  /** Everything ACE holds of it, unmasked. */
  readonly fields: AceRecord;
}

export function recordView(world: World, record: SimulatedRecord): RecordView {
  const { fields, object } = record;
  return {
    object,
    aceId: record.aceId,
    partnerId: identityOf(object, fields).partnerId,
    origin: record.origin,
    stage: text(fields.stage),
    status: text(fields.status),
    acceptance: text(object === 'lead' ? fields.currentLeadStage : fields.partnerAcceptanceStatus),
    lastModifiedDate: String(fields.lastModifiedDate),
    exported: (world.store.get('records', record.aceId)?.exported ?? record.exported) >= record.changes,
    fields,
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

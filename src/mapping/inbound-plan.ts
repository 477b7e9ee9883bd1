import type { AceRecord } from '../ace/ace-record.ts';
import type { CrmValue, CrmWriteFields, Linked, SharedObject } from '../crm/crm.ts';
import type { Problem } from '../errors.ts';
import type { Hasher } from './canonical.ts';
import type { Mapping } from './compile.ts';
import type { Verdict } from './merge-field.ts';
import type { OwnerWanted } from './new-record.ts';
import type { ReasonCode } from './reasons.ts';
import type { ReferralLead } from './referral-lead.ts';
import type { RelatedWrite } from './related-records.ts';
import type { ReceivedState, Send, SentState, Stamp } from './sync-state.ts';

export interface InboundInput {
  readonly mapping: Mapping;
  readonly object: SharedObject;
  readonly aceRecord: AceRecord;
  /** The CRM record and companion row found by ACE id, else by the partner identifier that ACE shows. */
  readonly linked: Linked;
  readonly sent: SentState | null;
  readonly received: ReceivedState | null;
  /** The file of this record whose answer is still waited for. @default none */
  readonly inFlight?: Send | null;
  /** The sync made the record, and was the last to write it and its row. @default false */
  readonly writtenByUs?: boolean;
  readonly hash: Hasher;
  readonly fileKey: string;
  /** LastModified of the S3 object, ISO 8601. */
  readonly fileLastModified: string;
  /** Stamp for the received state; its ids are completed from the record as read back. */
  readonly stamp: Stamp;
  readonly mode: 'observe' | 'match' | 'live';
  /** ISO 8601. */
  readonly now: string;
}

export type InboundOutcome = 'apply' | 'unchanged' | 'superseded' | 'ignored' | 'parked';

/** What happened to one field, and by which rule; no values. */
export interface Decision {
  readonly aceField: string;
  readonly path: string;
  /** AWS's label of the field. */
  readonly label: string;
  readonly decision: Verdict | 'absent' | 'masked' | 'mirror' | 'new' | 'held';
  readonly rule: string;
  /** True when the CRM field is to be written. */
  readonly writes: boolean;
}

export interface InboundPlan {
  readonly outcome: InboundOutcome;
  readonly reasonCode: ReasonCode;
  readonly problems: readonly Problem[];
  readonly aceId: string | null;
  /** True when a new CRM record is to be made: an upsert on `ACE_Id__c`. */
  readonly creates: boolean;
  /**
   * Values for the CRM record by API name, with `ACE_Id__c` and `ACE_Last_Modified__c`. To be written whenever not
   * empty, also with outcome `unchanged`: the version must move on, so that an older one is known as older. Empty when
   * the record holds this version already and nothing else is due.
   */
  readonly recordWrites: CrmWriteFields;
  /** Values for the companion row, to be written together with the received state. */
  readonly rowWrites: Readonly<Record<string, CrmValue>>;
  /** Related records that must exist before the record is written, each named by an external id. */
  readonly related: readonly RelatedWrite[];
  /** What becomes of the lead that stands for a referral; null when nothing does. */
  readonly referralLead: ReferralLead | null;
  /** Who shall own a new record, where `recordWrites` names no more than a fallback; null when nothing is created. */
  readonly owner: OwnerWanted | null;
  readonly decisions: readonly Decision[];
  /** The received state once the writes are done; null when the record does not count as received. */
  readonly finish: ((after: Linked) => ReceivedState) | null;
}

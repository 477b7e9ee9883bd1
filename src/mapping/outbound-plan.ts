import type { AceRecord, PayloadVersion, Programme } from '../ace/ace-record.ts';
import type { Linked, SharedObject } from '../crm/crm.ts';
import type { Problem } from '../errors.ts';
import type { Hasher } from './canonical.ts';
import type { Mapping } from './compile.ts';
import type { OutboundDecision } from './outbound-fields.ts';
import { problemOf, type ReasonCode } from './reasons.ts';
import type { FieldKey, Half, HashPair, ReceivedState, SentState, Stamp } from './sync-state.ts';

export interface OutboundInput {
  readonly mapping: Mapping;
  readonly object: SharedObject;
  readonly linked: Linked;
  readonly sent: SentState | null;
  readonly received: ReceivedState | null;
  readonly hash: Hasher;
  readonly stamp: Stamp;
  readonly payloadVersion: PayloadVersion;
  readonly programme: Programme;
  /** `YYYY-MM-DD`, GMT. */
  readonly today: string;
  /** ISO 8601; tells a referral that can still be accepted from an expired one. @default the first moment of `today` */
  readonly now?: string;
  /** The answer to an AWS referral or lead that a person or rule decided on; null when none is due. */
  readonly intentFields: AcceptanceIntent | null;
}

export interface AcceptanceIntent {
  readonly acceptance: 'Accepted' | 'Rejected';
  /** One of ACE's standard reasons; needed to reject an opportunity. */
  readonly rejectionReason?: string | null;
}

export interface OutboundPlan {
  /** `hold` needs a person, `wait` ends with a state of ACE, `nothing` is due, `notShared` is none of ACE's business. */
  readonly decision: 'send' | 'nothing' | 'hold' | 'notShared' | 'wait';
  readonly reasonCode: ReasonCode;
  readonly kind: 'create' | 'update';
  /** The identifier ACE knows, or will know, the record by; null while it has none. */
  readonly partnerId: string | null;
  /**
   * The record as ACE's files hold it, keys in a fixed order. Of a new record that is held for values it has what could be
   * converted, so that its other problems are found too; null where nothing is rendered.
   */
  readonly payload: AceRecord | null;
  /** Hashes of what the payload carries, for the intent; `withAcceptedSend` makes them the agreement. */
  readonly fields: Readonly<Record<FieldKey, HashPair>>;
  /** Halves to store in the sent state without sending anything (`withBaseline`); often empty. */
  readonly baseline: Readonly<Record<FieldKey, Half>>;
  readonly problems: readonly Problem[];
  readonly decisions: readonly OutboundDecision[];
  /**
   * Our changes that ACE takes no more, each with the reason, for the companion row; null when there are none, absent
   * when the fields were not looked at. What a review or an acceptance will open is told by the record's status.
   */
  readonly keptHere?: string | null;
}

/** A plan that sends nothing, with the reason as its problem unless there is none to tell. */
export function stop(
  decision: Exclude<OutboundPlan['decision'], 'send'>,
  code: ReasonCode,
  aceId: string | null,
  partnerId: string | null,
  rest: Partial<OutboundPlan> = {},
): OutboundPlan {
  return {
    decision,
    reasonCode: code,
    kind: aceId === null ? 'create' : 'update',
    partnerId,
    payload: null,
    fields: {},
    baseline: {},
    problems: decision === 'nothing' && code === 'NOTHING_TO_SEND' ? [] : [problemOf(code)],
    decisions: [],
    ...rest,
  };
}

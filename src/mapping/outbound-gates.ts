import type { PayloadVersion, Programme } from '../ace/ace-record.ts';
import { fieldDefinition } from '../ace/fields.ts';
import { fieldVerdict, type LifeCycleState, stateBlocks } from '../ace/life-cycle.ts';
import type { SharedObject } from '../crm/crm.ts';
import { acceptanceOf, lifeCycleOf } from './ace-status.ts';
import type { ReasonCode } from './reasons.ts';
import type { ReceivedState, SentState } from './sync-state.ts';

/** What ACE takes now of a record, from its status words; the field tables and states are the contract's. */
export interface Gate {
  readonly state: LifeCycleState | 'create';
  /** Whether a change of this field may be sent now. */
  readonly opens: (aceField: string) => boolean;
  /** What is said of changes that are not open, and whether the state will end by itself. */
  readonly closed: { readonly decision: 'wait' | 'nothing'; readonly code: ReasonCode };
}

export interface Contract {
  readonly payloadVersion: PayloadVersion;
  readonly programme: Programme;
  /** ISO 8601; tells a pending acceptance from an expired one. */
  readonly now: string;
}

export function gateOf(
  object: SharedObject,
  kind: 'create' | 'update',
  received: ReceivedState | null,
  sent: SentState | null,
  { payloadVersion, programme, now }: Contract,
): Gate {
  const state: Gate['state'] = kind === 'create' ? 'create' : stateOf(object, received, sent, now);
  const question = { object, version: payloadVersion, programme, state };
  // An unaccepted record gets the partner's answer and nothing else (acceptance scenario C4.13).
  const unanswered = state === 'acceptancePending' || state === 'acceptanceRejected' || state === 'acceptanceExpired';
  return {
    state,
    opens: (aceField) => {
      const definition = fieldDefinition(object, aceField);
      return !unanswered && definition !== undefined && fieldVerdict(definition, question) === 'taken';
    },
    closed: closedBy(state),
  };
}

/**
 * Leads are open in every state to the contract, but nobody works on a lead that is not accepted. A record that we
 * created and that no export has shown yet is in AWS's review, as each new partner referral is (scenario B3.13).
 */
function stateOf(
  object: SharedObject,
  received: ReceivedState | null,
  sent: SentState | null,
  now: string,
): LifeCycleState {
  if (received === null) {
    return object === 'opportunity' && sent !== null && sent.lastResult !== null ? 'inReview' : 'unknown';
  }
  if (object === 'opportunity') return lifeCycleOf(object, received.aceStatus, now);
  switch (acceptanceOf(object, received.aceStatus, now)) {
    case 'pending':
      return 'acceptancePending';
    case 'rejected':
      return 'acceptanceRejected';
    case 'expired':
      return 'acceptanceExpired';
    case 'accepted':
    case 'notNeeded':
      return 'open';
  }
}

function closedBy(state: LifeCycleState | 'create'): Gate['closed'] {
  const block = state === 'create' ? undefined : stateBlocks[state];
  if (block === undefined) return { decision: 'nothing', code: 'NOT_OPEN_NOW' };
  return { decision: block.opensWith === 'nothing' ? 'nothing' : 'wait', code: block.problem.code as ReasonCode };
}

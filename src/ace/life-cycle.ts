/**
 * What may be sent to ACE now, field by field, from the state of the record.
 * Source: V14.3 and V12 columns "editable", acceptance scenarios B3.9, B3.13, B3.14, C4.13.
 */

import type { Problem } from '../errors.ts';
import type { AceObject, AceRecord, PayloadVersion, Programme } from './ace-record.ts';
import { acceptanceFields, type Editability, type Editable, type FieldDefinition, fieldTables } from './fields.ts';
import { type LifeCycleState, lifeCycleState } from './record-state.ts';
import { stateBlocks } from './state-blocks.ts';
import { type ContractSwitches, documentedSwitches } from './switches.ts';

export {
  hiddenOpportunityFields,
  holdsNothing,
  isMasked,
  maskedLeadFields,
  maskedOpportunityFields,
  maskText,
} from './mask.ts';
export {
  type AcceptanceState,
  acceptanceState,
  type LifeCycleState,
  lifeCycleState,
  type ReviewState,
  reviewState,
} from './record-state.ts';
export { type StateBlock, stateBlocks } from './state-blocks.ts';

/** What ACE does with a change of a field in a state. */
export type FieldVerdict = 'taken' | 'ignored' | 'refused';

export interface StateQuestion {
  readonly object: AceObject;
  readonly version: PayloadVersion;
  readonly programme: Programme;
  readonly state: LifeCycleState | 'create';
  readonly switches?: ContractSwitches;
}

const olderListV1: ReadonlySet<string> = new Set([
  'isThisForMarketplace',
  'isNetNewBusinessForCompany',
  'deliveryModel',
  'awsFieldEngagement',
  'additionalComments',
]);
const acceptance: ReadonlySet<string> = new Set(acceptanceFields);

function allows(editability: Editability, programme: Programme): boolean {
  switch (editability) {
    case 'yes':
      return true;
    case 'no':
      return false;
    // V14.3 opens these after Launched to ISV Accelerate partners; the SaaS programme is part of it.
    case 'isvAccelerate':
      return programme !== 'consulting';
    case 'saasRevenueRecognition':
      return programme === 'saasRevenueRecognition';
  }
}

/**
 * Whether ACE takes, drops or refuses a change of the field. Identifiers are taken in every state but two: ACE's is dropped on
 * create, and the partner's is refused before an AWS referral is accepted (C4.13; AWS's samples accept by ACE's alone).
 */
export function fieldVerdict(field: FieldDefinition, question: StateQuestion): FieldVerdict {
  const { object, version, programme, state } = question;
  const switches = question.switches ?? documentedSwitches;
  if (field.identifier) {
    if (field.name === 'apnCrmUniqueIdentifier') return state === 'create' ? 'ignored' : 'taken';
    return state === 'acceptancePending' ? 'refused' : 'taken';
  }
  const definition = field.versions[version];
  if (definition === undefined || definition.createRule === 'readOnly' || field.direction === 'fromAce')
    return 'ignored';
  const { editable } = definition;
  if (object === 'lead') return allows(editable.open, programme) ? 'taken' : 'ignored';
  switch (state) {
    case 'create':
      return allows(editable.create, programme) ? 'taken' : 'ignored';
    case 'unknown':
      // Without ACE's record an answer to a referral may be due, and a field that opens in any state may be open.
      return acceptance.has(field.name) || opensSometime(editable) ? 'taken' : 'ignored';
    case 'acceptancePending':
      return acceptance.has(field.name) ? 'taken' : 'refused';
    case 'acceptanceRejected':
    case 'acceptanceExpired':
    case 'inReview':
    case 'reviewRejected':
      return 'refused';
    case 'actionRequired':
      return allows(editable.actionRequired, programme)
        ? 'taken'
        : switches.closedFieldInActionRequired === 'refused'
          ? 'refused'
          : 'ignored';
    case 'open':
      return allows(editable.open, programme) ? 'taken' : 'ignored';
    case 'launched': {
      const older = version === 1 && switches.openAfterLaunchedV1 === 'olderList';
      const open = older ? olderListV1.has(field.name) : allows(editable.launched, programme);
      return open ? 'taken' : switches.changeAfterLaunched === 'ignored' ? 'ignored' : 'refused';
    }
    case 'closedLost':
      return switches.changeAfterClosedLost === 'refused' ? 'refused' : 'ignored';
  }
}

function opensSometime(editable: Editable): boolean {
  return editable.actionRequired !== 'no' || editable.open !== 'no' || editable.launched !== 'no';
}

/** What may be sent of a record now, and if nothing, why and until when. */
export interface Sendable {
  readonly state: LifeCycleState | 'create';
  /** Fields whose change ACE takes now, identifiers included; empty when nothing may be sent. */
  readonly fields: ReadonlySet<string>;
  /** Why some or all fields cannot be sent; null when the record is open. */
  readonly problem: Problem | null;
  /** What ends the wait: AWS's review, the partner's answer, or nothing. */
  readonly opensWith: 'review' | 'acceptance' | 'nothing' | null;
}

/** Which fields may be sent now, from the record as ACE holds it (undefined: ACE does not know it, a create). */
export function canSend(question: {
  readonly object: AceObject;
  readonly version: PayloadVersion;
  readonly programme: Programme;
  readonly stored: AceRecord | undefined;
  /** ISO 8601; tells a pending acceptance from an expired one. */
  readonly now?: string;
  readonly switches?: ContractSwitches;
}): Sendable {
  const state =
    question.stored === undefined ? 'create' : lifeCycleState(question.object, question.stored, question.now);
  const open = fieldTables[question.object].filter((field) => fieldVerdict(field, { ...question, state }) === 'taken');
  const block = state === 'create' ? undefined : stateBlocks[state];
  const changes = open.some((field) => !field.identifier);
  return {
    state,
    fields: new Set(changes ? open.map((field) => field.name) : []),
    problem: block?.problem ?? null,
    opensWith: block?.opensWith ?? null,
  };
}

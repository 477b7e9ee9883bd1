import { type AceObject, type AceRecord, isBlank, type PayloadVersion } from '../../ace/ace-record.ts';
import { fieldDefinition } from '../../ace/fields.ts';
import { fieldVerdict, type LifeCycleState, lifeCycleState } from '../../ace/life-cycle.ts';
import { allianceLead, awsContacts } from './people.ts';
import { changeRecord, createRecord } from './records.ts';
import { firstReviewStep } from './review.ts';
import type { SimulatedRecord } from './state.ts';
import type { Switches } from './switches.ts';
import { versionTwoDefaults } from './upgrade.ts';
import { type Draft, switchesOf, type World } from './world.ts';

export interface InboundValues {
  /** Fields whose values ACE drops although their state would take them, as the contract's warnings say. */
  readonly dropped?: ReadonlySet<string>;
  readonly object: AceObject;
  readonly version: PayloadVersion;
  readonly record: AceRecord;
}

/** The values of a record that ACE takes in a state; all others are dropped without a word. Null clears. */
function takenValues(
  { object, version, record, dropped }: InboundValues,
  state: LifeCycleState | 'create',
  switches: Switches,
): AceRecord {
  const taken: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    if (dropped?.has(name)) continue;
    const field = fieldDefinition(object, name);
    if (field === undefined || name === 'apnCrmUniqueIdentifier' || switches.ignoredFields.includes(name)) continue;
    if (fieldVerdict(field, { object, version, programme: switches.programme, state, switches }) !== 'taken') continue;
    taken[name] = isBlank(value) ? null : value;
  }
  return taken;
}

/** A new partner referral: Submitted, owned by the alliance lead unless the record names an owner. */
export function applyCreate(world: World, draft: Draft, inbound: InboundValues): SimulatedRecord {
  const values = takenValues(inbound, 'create', switchesOf(world));
  return createRecord(world, draft, {
    object: 'opportunity',
    origin: 'partnerReferral',
    by: partnerUser,
    reviewDue: firstReviewStep(world),
    fields: {
      ...allianceLead,
      ...(inbound.version === 2 ? versionTwoDefaults : {}),
      ...values,
      opportunityOwnership: 'Partner Referral',
      stage: 'Prospect',
      status: 'Submitted',
      partnerAcceptanceStatus: null,
      ...nextStepLog(world, null, values.nextStep),
    },
  });
}

/** Name under which the files of the partner change records. */
const partnerUser = 'Partner CRM integration';

/**
 * Writes what ACE takes of an update, and what follows from it; false when nothing differs from what ACE holds. An
 * opportunity counts as changed all the same, because Partner Central saves it: it is exported again, unlike a lead.
 */
export function applyUpdate(world: World, draft: Draft, inbound: InboundValues, stored: SimulatedRecord): boolean {
  const state = lifeCycleState(stored.object, stored.fields);
  const taken = takenValues(inbound, state, switchesOf(world));
  const differs = Object.entries(taken).filter(
    ([name, value]) => JSON.stringify(value ?? null) !== JSON.stringify(stored.fields[name] ?? null),
  );
  if (differs.length === 0 && stored.object === 'lead') return false;
  const values: AceRecord = Object.fromEntries(differs);
  const resubmitted = state === 'actionRequired' && differs.length > 0;
  changeRecord(world, draft, stored, {
    by: partnerUser,
    fields: {
      ...values,
      ...(resubmitted ? { status: 'Submitted' } : {}),
      ...(values.partnerAcceptanceStatus === 'Accepted' ? awsContacts(world.chance, stored.aceId) : {}),
      ...(stored.object === 'opportunity' ? nextStepLog(world, stored.fields.nextStepHistory, values.nextStep) : {}),
      ...ending(stored, values),
    },
    ...(resubmitted ? { reviewDue: firstReviewStep(world) } : {}),
  });
  return differs.length > 0;
}

/** Each next step is kept with its date, newest first, as Partner Central's log shows it. */
function nextStepLog(world: World, log: unknown, nextStep: unknown): AceRecord {
  if (typeof nextStep !== 'string') return {};
  const line = `${world.clock.now().toISOString().slice(0, 10)}: ${nextStep}`;
  return { nextStepHistory: typeof log === 'string' ? `${line}\n${log}` : line };
}

/** AWS follows when the partner ends an opportunity; its own view becomes visible then. */
function ending(stored: SimulatedRecord, values: AceRecord): AceRecord {
  if (values.stage !== 'Launched' && values.stage !== 'Closed Lost') return {};
  return {
    aWSStage: values.stage,
    aWSCloseDate: values.targetCloseDate ?? stored.fields.targetCloseDate ?? null,
    aWSClosedLostReason: values.stage === 'Closed Lost' ? (values.closedLostReason ?? null) : null,
  };
}

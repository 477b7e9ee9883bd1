import type { AceRecord } from '../ace/ace-record.ts';
import { blocksUpload, checkRecord } from '../ace/check.ts';
import { contractTables } from '../ace/contract-tables.ts';
import type { SharedObject } from '../crm/crm.ts';
import type { Problem } from '../errors.ts';
import type { OutboundPlan } from '../mapping/outbound.ts';
import { agreedHalf, type ReceivedState } from '../mapping/sync-state.ts';
import { mappingOf, type PlanningDependencies } from './dependencies.ts';
import type { LinkedState } from './linked-records.ts';

/**
 * What ACE would refuse is held before it is sent, with every problem at once: what the mapping could not convert, then what
 * breaks a rule of ACE's. Rules that look at a field which was not converted would speak of a record that nobody has.
 */
export function preflight(
  deps: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
  plan: OutboundPlan,
): readonly Problem[] {
  const held = new Set(plan.decisions.filter(({ decision }) => decision === 'held').map(({ aceField }) => aceField));
  const refused = checkPlan(deps, object, state, plan).filter(
    ({ code, field }) => !held.has(field ?? '') && !readsOf(code).some((name) => held.has(name)),
  );
  return plan.decision === 'send' && refused.length === 0 ? [] : [...plan.problems, ...refused];
}

const readsByCode = new Map(contractTables.rules.map(({ code, reads }) => [code, reads]));
const readsOf = (code: string): readonly string[] => readsByCode.get(code) ?? [];

function checkPlan(
  deps: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
  plan: OutboundPlan,
): readonly Problem[] {
  const { config, now } = deps;
  const time = now().toISOString();
  const problems = checkRecord({
    object,
    version: config.ace.payloadVersion,
    programme: config.ace.programme,
    intent: plan.kind,
    record: plan.payload ?? {},
    today: time.slice(0, 10),
    now: time,
    ...(plan.kind === 'update' ? { stored: rememberedRecord(deps, object, state), storedIs: 'partial' } : {}),
  });
  return problems.filter(blocksUpload).map(({ code, field, message, fix, fixBy }) => ({
    code,
    message,
    fix,
    fixBy,
    ...(field === undefined ? {} : { field }),
  }));
}

/** What the state remembers of the record as ACE holds it: its status words, and the fields that are known to be blank. */
function rememberedRecord(
  deps: PlanningDependencies,
  object: SharedObject,
  { sent, received, stamp }: LinkedState,
): AceRecord {
  const blanks = mappingOf(deps, stamp.recordId)[object].fields.flatMap((field): [string, null][] => {
    const half = agreedHalf(sent, received, field.key);
    return half !== null && half.ace === deps.hash(field.key, 'ace', null) ? [[field.ace, null]] : [];
  });
  return { ...Object.fromEntries(blanks), ...(received === null ? {} : statusWords(received)) };
}

function statusWords({ aceStatus }: ReceivedState): AceRecord {
  return {
    status: aceStatus.review,
    partnerAcceptanceStatus: aceStatus.acceptance,
    stage: aceStatus.stage,
    opportunityOwnership: aceStatus.ownership,
    acceptBy: aceStatus.acceptBy,
  };
}

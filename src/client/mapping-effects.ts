import { decideUpload, planRecord } from '../activities/decide-upload.ts';
import type { PlanningDependencies } from '../activities/dependencies.ts';
import type { LinkedState } from '../activities/linked-records.ts';
import { type SharedObject, sharedObjects } from '../crm/crm.ts';
import type { NewestExports } from '../journal/archived-exports.ts';
import { canonicalAce } from '../mapping/canonical.ts';
import { compareOnRecords } from '../mapping/compare-mappings.ts';
import { type Mapping, sentFields } from '../mapping/compile.ts';
import { toAce } from '../mapping/field-values.ts';
import { allFields, crmValueOf } from '../mapping/linked-values.ts';
import { createTally, type EffectLists, type Say } from './effect-tally.ts';
import { judgeAnswer, judgeWrites, planExportAgain } from './inbound-effects.ts';
import { readInBatches } from './read-in-batches.ts';

/**
 * What another mapping would do to the records that are linked now, counted by field and rule; no values. `atOnce` would
 * be written or sent without anybody changing a value, `later` would become something else when the value changes next.
 */
export interface MappingEffects extends EffectLists {
  readonly records: Readonly<Record<SharedObject, number>>;
  /** Linked records of which the journal has an export, so that the way in can be judged. */
  readonly withExport: number;
  /** CRM ids of the linked records, those with an effect first. */
  readonly crmIds: readonly string[];
}

/** Judges every linked record with both mappings. Reads the CRM and writes nothing. */
export async function effectsOf(
  deps: PlanningDependencies,
  next: Mapping,
  exported: NewestExports,
): Promise<MappingEffects> {
  const tally = createTally();
  const before: PlanningDependencies = { ...deps, sample: null };
  const after: PlanningDependencies = { ...deps, mapping: next, sample: null };
  /** Reads everything that either mapping reads. */
  const both: PlanningDependencies = { ...deps, sample: { mapping: next, records: new Set() } };
  const records = { opportunity: 0, lead: 0 };
  let withExport = 0;
  for (const object of sharedObjects) {
    const unlinked = new Map(exported[object]);
    for await (const state of linkedStates(both, object)) {
      records[object] += 1;
      const say = tally.of(object, state.stamp.recordId);
      const aceId = state.stamp.aceId ?? '';
      const aceRecord = unlinked.get(aceId);
      if (aceRecord !== undefined) {
        withExport += 1;
        unlinked.delete(aceId);
        const plans = await planExportAgain(before, after, object, state, aceRecord);
        judgeWrites(plans, state, say);
        judgeAnswer(plans, state, say);
      }
      await judgeOutbound(before, after, object, state, say);
    }
    // A referral without a CRM record is answered like any other, and no answer can be taken back.
    const others = [...unlinked].map(([aceId, aceRecord]) => ({ aceId, aceRecord }));
    for await (const [{ aceRecord }, state] of readInBatches(both, object, others)) {
      const plans = await planExportAgain(before, after, object, state, aceRecord);
      judgeAnswer(plans, state, tally.of(object, null));
    }
    const known = [...exported[object].values()];
    for (const { path, differing } of await compareOnRecords(object, known, deps.mapping, next)) {
      tally.add('later', { object, direction: 'in', what: path, rule: 'converted otherwise', records: differing });
    }
  }
  return { records, withExport, ...tally.result() };
}

async function* linkedStates(deps: PlanningDependencies, object: SharedObject): AsyncGenerator<LinkedState> {
  const { changes } = await deps.crm.changes(object, null, { overlapMs: 0, relatedPaths: [] });
  const ids = [...new Set(changes.flatMap(({ crmId }) => (crmId === null ? [] : [crmId])))];
  const keys = ids.map((crmId) => ({ crmId }));
  for await (const [, state] of readInBatches(deps, object, keys)) {
    if (state.linked.record !== null && state.linked.row !== null) yield state;
  }
}

async function judgeOutbound(
  before: PlanningDependencies,
  after: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
  say: Say,
): Promise<void> {
  const [was, is] = [await planRecord(before, object, state), await planRecord(after, object, state)];
  const sentBefore = new Set(was.decisions.filter(({ sends }) => sends).map(({ path }) => path));
  for (const { path, rule, sends } of is.decisions) {
    if (sends && !sentBefore.has(path)) say('atOnce', 'out', path, rule);
  }
  const [heldBefore, heldAfter] = [await heldCode(before, object, state), await heldCode(after, object, state)];
  if (heldAfter !== null && heldAfter !== heldBefore) say('held', 'out', heldAfter, 'held');
  for (const field of sentFields(after.mapping[object])) {
    const old = before.mapping[object].fields.find(({ key, direction }) => key === field.key && direction !== 'in');
    const [left, right] = [old && (await sentValue(old, state)), await sentValue(field, state)];
    if (left !== right) say('later', 'out', field.crm, 'converted otherwise');
  }
}

async function sentValue(field: Mapping['lead']['fields'][number], { linked }: LinkedState): Promise<string | null> {
  const converted = await toAce(field, crmValueOf(field, linked), allFields(linked), false);
  return converted.ok ? canonicalAce(field.type, converted.value) : converted.code;
}

async function heldCode(deps: PlanningDependencies, object: SharedObject, state: LinkedState): Promise<string | null> {
  const decision = await decideUpload(deps, object, state, { retry: false });
  return decision.kind === 'hold' ? decision.mark.code : null;
}

import type { AceRecord } from '../ace/ace-record.ts';
import { decideUpload, planRecord } from '../activities/decide-upload.ts';
import type { PlanningDependencies } from '../activities/dependencies.ts';
import { type LinkedState, readLinked } from '../activities/linked-records.ts';
import { type SharedObject, sharedObjects } from '../crm/crm.ts';
import type { NewestExports } from '../journal/archived-exports.ts';
import { canonicalAce } from '../mapping/canonical.ts';
import { compareOnRecords } from '../mapping/compare-mappings.ts';
import type { Mapping } from '../mapping/compile.ts';
import { toAce } from '../mapping/field-values.ts';
import { planInbound } from '../mapping/inbound.ts';
import { versionOf } from '../mapping/inbound-arrival.ts';
import { allFields, crmValueOf } from '../mapping/linked-values.ts';
import { previewInbound } from '../mapping/preview.ts';

/**
 * What another mapping would do to the records that are linked now, counted by field and rule; no values. `atOnce` would
 * be written or sent without anybody changing a value, `later` would become something else when the value changes next.
 */
export interface MappingEffects {
  readonly records: Readonly<Record<SharedObject, number>>;
  /** Linked records of which the journal has an export, so that the way in can be judged. */
  readonly withExport: number;
  readonly atOnce: readonly Effect[];
  readonly later: readonly Effect[];
  /** Records that would be held and are not now, by the code of their reason. */
  readonly held: readonly Effect[];
  /** CRM ids of the linked records, those with an effect first. */
  readonly crmIds: readonly string[];
}

export interface Effect {
  readonly object: SharedObject;
  readonly direction: 'in' | 'out';
  /** CRM path; for held records the code of the reason. */
  readonly what: string;
  readonly rule: string;
  readonly records: number;
}

/** Records read and judged at once: one shared CRM call. */
const batchSize = 200;

/** Judges every linked record with both mappings. Reads the CRM and writes nothing. */
export async function effectsOf(
  deps: PlanningDependencies,
  next: Mapping,
  exported: NewestExports,
): Promise<MappingEffects> {
  const tally = createTally();
  const before: PlanningDependencies = { ...deps, sample: null };
  const after: PlanningDependencies = { ...deps, mapping: next, sample: null };
  const records = { opportunity: 0, lead: 0 };
  let withExport = 0;
  for (const object of sharedObjects) {
    for await (const states of linkedStates(deps, next, object)) {
      for (const state of states) {
        records[object] += 1;
        const crmId = state.stamp.recordId;
        const aceRecord = exported[object].get(state.stamp.aceId ?? '');
        if (aceRecord !== undefined) {
          withExport += 1;
          await judgeInbound(before, after, object, state, aceRecord, tally.of(object, crmId));
        }
        await judgeOutbound(before, after, object, state, tally.of(object, crmId));
      }
    }
    const known = [...exported[object].values()];
    for (const { path, differing } of await compareOnRecords(object, known, deps.mapping, next)) {
      tally.add('later', { object, direction: 'in', what: path, rule: 'converted otherwise', records: differing });
    }
  }
  return { records, withExport, ...tally.result() };
}

/** The linked records of an object, in batches, with everything that either mapping reads. */
export async function* linkedStates(
  deps: PlanningDependencies,
  next: Mapping,
  object: SharedObject,
): AsyncGenerator<readonly LinkedState[]> {
  const { changes } = await deps.crm.changes(object, null, { overlapMs: 0, relatedPaths: [] });
  const ids = [...new Set(changes.flatMap(({ crmId }) => (crmId === null ? [] : [crmId])))];
  const both: PlanningDependencies = { ...deps, sample: { mapping: next, records: new Set() } };
  for (let start = 0; start < ids.length; start += batchSize) {
    const keys = ids.slice(start, start + batchSize).map((crmId) => ({ crmId }));
    const states = await readLinked(both, object, keys);
    yield states.filter(({ linked }) => linked.record !== null && linked.row !== null);
  }
}

type Say = (list: 'atOnce' | 'later' | 'held', direction: Effect['direction'], what: string, rule: string) => void;

/** What the newest export would write if it came again now. */
async function judgeInbound(
  before: PlanningDependencies,
  after: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
  aceRecord: AceRecord,
  say: Say,
): Promise<void> {
  const [was, is] = [
    await inboundWrites(before, object, state, aceRecord),
    await inboundWrites(after, object, state, aceRecord),
  ];
  for (const [path, { becomes, rule }] of is.writes) {
    if (was.writes.get(path)?.becomes !== becomes) say('atOnce', 'in', path, rule);
  }
  if (is.parked !== null && is.parked !== was.parked) say('held', 'in', is.parked, 'parked');
}

async function inboundWrites(
  { mapping, hash, config, now }: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
  aceRecord: AceRecord,
) {
  const at = versionOf(aceRecord) ?? now().toISOString();
  // The export counts as the next version, so that it is merged and not set aside as known.
  const received =
    state.received === null ? null : { ...state.received, at: new Date(Date.parse(at) - 1).toISOString() };
  const plan = await planInbound({
    mapping,
    object,
    aceRecord,
    linked: state.linked,
    sent: state.sent,
    received,
    hash,
    fileKey: 'archive',
    fileLastModified: at,
    stamp: state.stamp,
    mode: config.mode,
    now: now().toISOString(),
  });
  const lines = previewInbound(plan, state.linked).filter(
    ({ becomes, now: held }) => becomes !== undefined && becomes !== held,
  );
  return {
    writes: new Map(lines.map(({ path, becomes, rule }) => [path, { becomes, rule }])),
    parked: plan.outcome === 'parked' ? plan.reasonCode : null,
  };
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
  for (const field of after.mapping[object].fields) {
    if (field.direction === 'in' || field.mirror) continue;
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

function createTally() {
  const lists = {
    atOnce: new Map<string, Effect>(),
    later: new Map<string, Effect>(),
    held: new Map<string, Effect>(),
  };
  const affected = new Set<string>();
  const others = new Set<string>();
  function add(list: keyof typeof lists, effect: Effect): void {
    const key = JSON.stringify([effect.object, effect.direction, effect.what, effect.rule]);
    const known = lists[list].get(key)?.records ?? 0;
    lists[list].set(key, { ...effect, records: known + effect.records });
  }
  return {
    add,
    of(object: SharedObject, crmId: string | null): Say {
      if (crmId !== null) others.add(crmId);
      return (list, direction, what, rule) => {
        if (crmId !== null) affected.add(crmId);
        add(list, { object, direction, what, rule, records: 1 });
      };
    },
    result: () => {
      const sorted = (list: keyof typeof lists) => [...lists[list].values()].sort((a, b) => b.records - a.records);
      return {
        atOnce: sorted('atOnce'),
        later: sorted('later'),
        held: sorted('held'),
        crmIds: [...affected, ...[...others].filter((id) => !affected.has(id))],
      };
    },
  };
}

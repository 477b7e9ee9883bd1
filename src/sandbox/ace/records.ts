import type { AceObject, AceRecord } from '../../ace/ace-record.ts';
import { historyDepth, type Origin, type SimulatedRecord } from './state.ts';
import { type Draft, switchesOf, type World } from './world.ts';

/** Nine tenths of ten million numbers, stepped through by a factor without common divisor: unlike, and never twice. */
const identifierSpan = 9_000_000;
const identifierStep = 7_368_787;

/** The next identifier of ACE: `O` or `L` and seven digits, in an order that depends on the seed only. */
export function nextAceId(world: World, draft: Draft, object: AceObject): string {
  const start = world.chance.whole(0, identifierSpan - 1, 'first identifier', object);
  const number = (start + draft.next(object) * identifierStep) % identifierSpan;
  return `${object === 'opportunity' ? 'O' : 'L'}${1_000_000 + number}`;
}

/** ACE's dates have whole seconds ("…:00.000Z"). */
export function wholeSecond(time: Date): string {
  return `${time.toISOString().slice(0, 19)}.000Z`;
}

export interface NewRecord {
  readonly object: AceObject;
  readonly origin: Origin;
  readonly fields: AceRecord;
  readonly by: string;
  readonly reviewDue?: Date | null;
}

export function createRecord(world: World, draft: Draft, record: NewRecord): SimulatedRecord {
  const now = wholeSecond(world.clock.now());
  const aceId = nextAceId(world, draft, record.object);
  const created: SimulatedRecord = {
    object: record.object,
    aceId,
    origin: record.origin,
    fields: {
      ...record.fields,
      apnCrmUniqueIdentifier: aceId,
      createdBy: record.by,
      createdDate: now,
      lastModifiedBy: record.by,
      lastModifiedDate: now,
    },
    changes: 1,
    exported: 0,
    history: [],
    reviewDue: record.reviewDue?.toISOString() ?? null,
  };
  draft.putRecord(created);
  return created;
}

export interface RecordChange {
  readonly fields: AceRecord;
  readonly by: string;
  /** Absent leaves it as it is. */
  readonly reviewDue?: Date | null;
}

/**
 * Writes a change. `lastModifiedDate` grows by at least a second with each change, as it does between people's edits;
 * the switch equalLastModified leaves it alone instead.
 */
export function changeRecord(
  world: World,
  draft: Draft,
  record: SimulatedRecord,
  change: RecordChange,
): SimulatedRecord {
  const before = Date.parse(String(record.fields.lastModifiedDate));
  const modified = new Date(Math.max(world.clock.now().getTime(), before + 1000));
  const dates = switchesOf(world).equalLastModified
    ? {}
    : { lastModifiedDate: wholeSecond(modified), lastModifiedBy: change.by };
  const changed: SimulatedRecord = {
    ...record,
    fields: { ...record.fields, ...change.fields, ...dates },
    changes: record.changes + 1,
    history: [...record.history, { until: world.clock.now().toISOString(), fields: record.fields }].slice(
      -historyDepth,
    ),
    reviewDue: change.reviewDue === undefined ? record.reviewDue : (change.reviewDue?.toISOString() ?? null),
  };
  draft.putRecord(changed);
  return changed;
}

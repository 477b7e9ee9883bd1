import { type Chance, createChance } from '../../src/sandbox/ace/random.ts';
import type { FaultOptions } from './options.ts';

/** How a record comes to be. */
export type RecordKind = 'awsReferral' | 'partnerReferral' | 'lead';

export type StepKind =
  | 'create'
  | 'answer'
  | 'editAtAws'
  | 'editInCrm'
  /** The action that fits what the row says: Retry, Send now, Keep ours, Take AWS's. */
  | 'press'
  | 'stop'
  | 'resume'
  /** An approval process takes the record, and gives it back. */
  | 'lock'
  | 'unlock'
  | 'delete'
  | 'undelete'
  | 'convert'
  /** A second lead that a person typed in is merged into this one, or this one into the other. */
  | 'mergeIn'
  | 'mergeAway'
  /** By an administrator, whose copy carries the sync's fields. */
  | 'clone';

/** Something that somebody does to a record, at a fraction of the day. */
export interface Step {
  readonly at: number;
  readonly kind: StepKind;
  readonly record: number;
  /** Which of the fields that this side may edit, or which of several ways. */
  readonly field: number;
}

export interface PlannedRecord {
  readonly number: number;
  readonly kind: RecordKind;
  /** AWS referrals and leads that the partner turns down. */
  readonly rejected: boolean;
}

export interface Day {
  readonly records: readonly PlannedRecord[];
  readonly steps: readonly Step[];
}

/** What becomes of a record besides edits: its share of the records of these kinds, and the steps, each after the last. */
const fates: readonly {
  readonly share: number;
  readonly kinds: readonly RecordKind[];
  readonly steps: readonly StepKind[];
}[] = [
  { share: 0.06, kinds: ['partnerReferral', 'awsReferral'], steps: ['stop', 'resume'] },
  { share: 0.06, kinds: ['partnerReferral', 'awsReferral', 'lead'], steps: ['lock', 'unlock'] },
  { share: 0.05, kinds: ['partnerReferral', 'awsReferral', 'lead'], steps: ['delete', 'undelete'] },
  { share: 0.03, kinds: ['partnerReferral', 'awsReferral', 'lead'], steps: ['delete'] },
  { share: 0.15, kinds: ['lead'], steps: ['convert'] },
  { share: 0.1, kinds: ['lead'], steps: ['mergeIn'] },
  { share: 0.1, kinds: ['lead'], steps: ['mergeAway'] },
  { share: 0.04, kinds: ['partnerReferral', 'awsReferral', 'lead'], steps: ['clone'] },
];

/** Draws a day from the seed: the same options give the same day. */
export function planDay({ seed, records: count }: Pick<FaultOptions, 'seed' | 'records'>): Day {
  const chance = createChance(seed);
  const records: PlannedRecord[] = [];
  const steps: Step[] = [];
  for (let number = 1; number <= count; number += 1) {
    const draw = chance.share('kind', number);
    const kind = draw < 0.4 ? 'awsReferral' : draw < 0.8 ? 'partnerReferral' : 'lead';
    const rejected = chance.share('rejected', number) < 0.1;
    records.push({ number, kind, rejected });
    const born = chance.share('born', number) * 0.55;
    const step = (kind: StepKind, at: number, ...what: readonly (string | number)[]) =>
      steps.push({ at, kind, record: number, field: chance.whole(0, 999, 'field', number, ...what) });
    step('create', born);
    if (kind !== 'partnerReferral') step('answer', born + 0.05 + chance.share('answer', number) * 0.2);
    for (const side of ['editAtAws', 'editInCrm'] as const) {
      const edits = chance.whole(1, 5, side, number);
      for (let edit = 1; edit <= edits; edit += 1) {
        step(side, born + 0.02 + chance.share(side, number, edit) * (0.98 - born), side, edit);
      }
    }
    if (chance.share('press', number) < 0.3)
      step('press', born + 0.1 + chance.share('pressed', number) * (0.85 - born));
    let at = born + 0.1 + chance.share('fate at', number) * 0.2;
    for (const fated of fateOf(chance, number, kind)) {
      step(fated, at, fated);
      at += 0.05 + chance.share('fate', number, fated) * 0.1;
    }
  }
  steps.sort((a, b) => a.at - b.at || a.record - b.record);
  return { records, steps };
}

function fateOf(chance: Chance, number: number, kind: RecordKind): readonly StepKind[] {
  let draw = chance.share('fate', number);
  for (const { share, kinds, steps } of fates) {
    if (!kinds.includes(kind)) continue;
    draw -= share;
    if (draw < 0) return steps;
  }
  return [];
}

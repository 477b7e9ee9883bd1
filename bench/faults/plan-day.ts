import { createChance } from '../../src/sandbox/ace/random.ts';
import type { FaultOptions } from './options.ts';

/** How a record comes to be. */
export type RecordKind = 'awsReferral' | 'partnerReferral' | 'lead';

export type StepKind = 'create' | 'answer' | 'editAtAws' | 'editInCrm';

/** Something that somebody does to a record, at a fraction of the day. */
export interface Step {
  readonly at: number;
  readonly kind: StepKind;
  readonly record: number;
  /** Which of the fields that this side may edit. */
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
  }
  steps.sort((a, b) => a.at - b.at || a.record - b.record);
  return { records, steps };
}

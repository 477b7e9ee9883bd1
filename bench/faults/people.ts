import { setTimeout as delay } from 'node:timers/promises';
import { createActs } from './acts.ts';
import type { Numbers } from './marks.ts';
import type { Day, Step, StepKind } from './plan-day.ts';
import type { Stage } from './stage.ts';

/** What AWS's people, sales and the alliance manager do to records over the day, as the plan has drawn it. */
export interface People {
  /** Resolves at the end of the day. Steps whose record is not there yet are tried again a little later. */
  work(milliseconds: number): Promise<void>;
  /** Steps done so far, by kind: each is one record event. */
  done(): Readonly<Partial<Record<StepKind, number>>>;
  /** Steps whose record never came to the point where they can be taken, such as an edit of a record not exported yet. */
  skipped(): number;
}

const retryAfter = 0.04;

/** A record that a commit delivered late hides, or that somebody deleted meanwhile: a person comes back later. */
const hidden = new Set<unknown>(['NOT_FOUND', 'ENTITY_IS_DELETED']);

function unlessHidden(error: unknown): 'notYet' {
  if (error instanceof Error && 'errorCode' in error && hidden.has(error.errorCode)) return 'notYet';
  throw error;
}

export function createPeople(stage: Stage, day: Day, numbers: Numbers): People {
  const acts = createActs(stage, numbers);
  const records = new Map(day.records.map((record) => [record.number, record]));
  const done: Partial<Record<StepKind, number>> = {};
  let skipped = 0;

  return {
    async work(milliseconds) {
      const start = Date.now();
      const queue = [...day.steps];
      for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
        const wait = start + step.at * milliseconds - Date.now();
        if (wait > 0) await delay(wait);
        const record = records.get(step.record);
        if (record === undefined) continue;
        const outcome = await acts[step.kind](step, record).catch(unlessHidden);
        if (outcome === 'done') {
          done[step.kind] = (done[step.kind] ?? 0) + 1;
          stage.note(`${step.kind} record ${step.record}`);
        } else if (outcome === 'never' || step.at + retryAfter > 1) skipped += 1;
        else {
          const later: Step = { ...step, at: step.at + retryAfter };
          const position = queue.findIndex((other) => other.at > later.at);
          queue.splice(position === -1 ? queue.length : position, 0, later);
        }
      }
      const rest = start + milliseconds - Date.now();
      if (rest > 0) await delay(rest);
    },
    done: () => done,
    skipped: () => skipped,
  };
}

import type { PlanningDependencies } from '../activities/dependencies.ts';
import { type LinkedState, type LinkKey, readLinked } from '../activities/linked-records.ts';
import type { SharedObject } from '../crm/crm.ts';

/** Records read at once: one shared CRM call. */
const batchSize = 200;

/** Each key with its record, read a batch at a time, so that a large org is never in memory as a whole. */
export async function* readInBatches<Key extends LinkKey>(
  deps: PlanningDependencies,
  object: SharedObject,
  keys: readonly Key[],
): AsyncGenerator<readonly [Key, LinkedState]> {
  for (let start = 0; start < keys.length; start += batchSize) {
    const batch = keys.slice(start, start + batchSize);
    const states = await readLinked(deps, object, batch);
    for (const [position, key] of batch.entries()) {
      const state = states[position];
      if (state !== undefined) yield [key, state];
    }
  }
}

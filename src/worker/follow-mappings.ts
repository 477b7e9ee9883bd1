import { type Activities, createActivities } from '../activities/create-activities.ts';
import type { Dependencies, MappingInUse } from '../activities/dependencies.ts';
import type { MappingSource } from './mapping-source.ts';

/**
 * The activities on the mapping that is active when each begins. One that has begun keeps its mapping to the end: what it
 * read by one mapping must not be judged by another, where fields that were never read would look blank.
 */
export function followMappings(deps: Dependencies, mappings: MappingSource): Activities {
  let made: { readonly from: MappingInUse; readonly activities: Activities } | null = null;
  function current(): Activities {
    const from = mappings.current();
    if (made === null || made.from !== from) {
      made = { from, activities: createActivities({ ...deps, mapping: from.mapping, sample: from.sample }) };
    }
    return made.activities;
  }
  const names = Object.keys(current()) as (keyof Activities)[];
  const following = names.map((name) => [
    name,
    (...args: unknown[]) => Reflect.apply(current()[name], undefined, args) as Promise<unknown>,
  ]);
  return Object.fromEntries(following) as Activities;
}

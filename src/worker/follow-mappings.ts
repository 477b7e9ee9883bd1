import { type Activities, createActivities } from '../activities/create-activities.ts';
import type { Dependencies, MappingInUse } from '../activities/dependencies.ts';
import type { MappingSource } from './mapping-source.ts';

/**
 * The activities on the mapping that is active when each begins. One that has begun keeps its mapping to the end: what it
 * read by one mapping must not be judged by another, where fields that were never read would look blank.
 */
export async function followMappings(deps: Dependencies, mappings: MappingSource): Promise<Activities> {
  const made = new WeakMap<MappingInUse, Activities>();
  async function current(): Promise<Activities> {
    const from = await mappings.current();
    const activities = made.get(from) ?? createActivities({ ...deps, mapping: from.mapping, sample: from.sample });
    made.set(from, activities);
    return activities;
  }
  const names = Object.keys(await current()) as (keyof Activities)[];
  const following = names.map((name) => [
    name,
    async (...args: unknown[]) => Reflect.apply((await current())[name], undefined, args) as Promise<unknown>,
  ]);
  return Object.fromEntries(following) as Activities;
}

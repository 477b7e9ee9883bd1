import type { Crm } from '../crm/crm.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * The same dependencies with CRM calls that may use the reserve of the day's API calls: for answers to AWS referrals,
 * whose deadline passes while everything else waits for the limit (design.md, rule 11).
 */
export function urgently(deps: Dependencies): Dependencies {
  const urgent = { priority: 'urgent' } as const;
  const crm: Crm = {
    ...deps.crm,
    find: (object, keys, paths, rowFields, options) =>
      deps.crm.find(object, keys, paths, rowFields, { ...options, ...urgent }),
    write: (object, key, fields, options) => deps.crm.write(object, key, fields, { ...options, ...urgent }),
  };
  return { ...deps, crm };
}

/** Makes an activity in both forms; its input says which one is meant. */
export function eitherUrgency<Input, Output>(
  make: (deps: Dependencies) => (input: Input) => Promise<Output>,
  deps: Dependencies,
): (input: Input & { readonly urgent?: boolean }) => Promise<Output> {
  const normal = make(deps);
  const urgent = make(urgently(deps));
  return (input) => (input.urgent === true ? urgent(input) : normal(input));
}

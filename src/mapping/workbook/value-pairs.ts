import type { FieldEntry } from '../mapping-file.ts';

/** A value of AWS beside one of the CRM; blank where one has no counterpart. */
export interface ValuePair {
  readonly ace: string;
  readonly crm: string;
}

/** The value map as pairs, in its order. */
export function pairsOf(values: FieldEntry['values']): readonly ValuePair[] {
  return Object.entries(values ?? {}).flatMap(([ace, crm]) =>
    (Array.isArray(crm) ? crm : [crm]).map((one) => ({ ace, crm: String(one) })),
  );
}

/**
 * What the meeting looks at: what the mapping says today, then values of the CRM that it does not know, then AWS's that
 * nothing stands for. Without a value map a standard value stands for itself.
 * @param standard AWS's standard values; empty for a field without a list.
 * @param inUse values of the CRM; empty where the CRM holds something that is converted first.
 */
export function pairsToShow(
  entry: FieldEntry,
  standard: readonly string[],
  inUse: readonly string[],
): readonly ValuePair[] {
  const mapped =
    entry.values === undefined ? standard.map((value) => ({ ace: value, crm: value })) : pairsOf(entry.values);
  const [knownAce, knownCrm] = [new Set(mapped.map(({ ace }) => ace)), new Set(mapped.map(({ crm }) => crm))];
  return [
    ...mapped,
    ...inUse.filter((crm) => !knownCrm.has(crm)).map((crm) => ({ ace: '', crm })),
    ...standard.filter((ace) => !knownAce.has(ace)).map((ace) => ({ ace, crm: '' })),
  ];
}

/**
 * The value map that the pairs make. Of several CRM values the first is written, so pairs of today stand before new ones.
 * Undefined where every value stands for itself and there was no map before.
 */
export function mapOfPairs(pairs: readonly ValuePair[], before: FieldEntry['values']): FieldEntry['values'] {
  const known = new Set(pairsOf(before).map(keyOf));
  const complete = pairs.filter(({ ace, crm }) => ace !== '' && crm !== '');
  const whole = [
    ...complete.filter((pair) => known.has(keyOf(pair))),
    ...complete.filter((pair) => !known.has(keyOf(pair))),
  ];
  if (whole.length === 0 || (before === undefined && whole.every(({ ace, crm }) => ace === crm))) return undefined;
  const scalars = new Map(
    Object.values(before ?? {})
      .flat()
      .map((value) => [String(value), value]),
  );
  const groups = Map.groupBy(whole, ({ ace }) => ace);
  return Object.fromEntries(
    [...groups].map(([ace, group]) => {
      const values = [...new Set(group.map(({ crm }) => scalars.get(crm) ?? crm))];
      const [first] = values;
      return [ace, values.length === 1 && first !== undefined ? first : values];
    }),
  );
}

const keyOf = ({ ace, crm }: ValuePair): string => JSON.stringify([ace, crm]);

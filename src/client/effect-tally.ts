import type { SharedObject } from '../crm/crm.ts';

/** Something that another mapping would do to records, and to how many. */
export interface Effect {
  readonly object: SharedObject;
  readonly direction: 'in' | 'out';
  /** CRM path; for held records the code of the reason, for answers `Accepted` or `Rejected`. */
  readonly what: string;
  readonly rule: string;
  readonly records: number;
}

export interface EffectLists {
  readonly atOnce: readonly Effect[];
  readonly later: readonly Effect[];
  /** Records that would be held and are not now, by the code of their reason. */
  readonly held: readonly Effect[];
  /** Referrals and leads that a rule would answer with their next export, those without a CRM record too. */
  readonly answered: readonly Effect[];
}

/** Counts an effect on the record that it was made for. */
export type Say = (list: keyof EffectLists, direction: Effect['direction'], what: string, rule: string) => void;

export function createTally() {
  const lists = {
    atOnce: new Map<string, Effect>(),
    later: new Map<string, Effect>(),
    held: new Map<string, Effect>(),
    answered: new Map<string, Effect>(),
  } as const satisfies Record<keyof EffectLists, Map<string, Effect>>;
  const affected = new Set<string>();
  const others = new Set<string>();
  function add(list: keyof EffectLists, effect: Effect): void {
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
    /** The lists, the most frequent first, and the CRM ids that were counted, those with an effect first. */
    result: () => {
      const sorted = (list: keyof EffectLists) => [...lists[list].values()].sort((a, b) => b.records - a.records);
      return {
        atOnce: sorted('atOnce'),
        later: sorted('later'),
        held: sorted('held'),
        answered: sorted('answered'),
        crmIds: [...affected, ...[...others].filter((id) => !affected.has(id))],
      };
    },
  };
}

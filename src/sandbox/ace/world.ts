import type { Clock } from './clock.ts';
import type { CheckedOptions } from './options.ts';
import type { Chance } from './random.ts';
import type { Change, Effect, SimulatedRecord, Tables } from './state.ts';
import type { StateStore } from './state-store.ts';
import type { Storage } from './storage.ts';
import { type Switches, switchesSchema } from './switches.ts';

/** What every part of the simulator works with. */
export interface World {
  readonly options: CheckedOptions;
  readonly clock: Clock;
  readonly store: StateStore;
  readonly storage: Storage;
  readonly chance: Chance;
  /** What the background loop last failed with; null after a success. */
  lastError: string | null;
}

const parsedSwitches = new WeakMap<World, { readonly changes: unknown; readonly switches: Switches }>();

/** The switches now: those of the start, and over them what was changed since. */
export function switchesOf(world: World): Switches {
  const changes = world.store.get('meta', 'switches')?.value;
  const parsed = parsedSwitches.get(world);
  if (parsed !== undefined && parsed.changes === changes) return parsed.switches;
  const switches = switchesSchema.parse({ ...world.options.switches, ...(changes as object | undefined) });
  parsedSwitches.set(world, { changes, switches });
  return switches;
}

export function payloadVersionOf(world: World): 1 | 2 {
  return world.store.get('meta', 'payloadVersion')?.value === 2 ? 2 : world.options.payloadVersion;
}

/** A decision in the making: reads see what was already written to it, nothing is durable before `commit`. */
export interface Draft {
  get<T extends keyof Tables>(table: T, key: string): Tables[T] | undefined;
  records(): readonly SimulatedRecord[];
  put<T extends keyof Tables>(table: T, key: string, value: Tables[T] | null): void;
  putRecord(record: SimulatedRecord): void;
  /** The next number of a named sequence, from 1. */
  next(sequence: string): number;
  effect(effect: Effect): void;
  commit(): void;
}

export function openDraft(store: StateStore): Draft {
  const written = new Map<string, Change>();
  const effects: Effect[] = [];
  const cell = (table: keyof Tables, key: string): string => `${table}\u0000${key}`;

  const draft: Draft = {
    get(table, key) {
      const change = written.get(cell(table, key));
      if (change === undefined) return store.get(table, key);
      return (change.value ?? undefined) as Tables[typeof table] | undefined;
    },
    records() {
      const records = new Map(store.entries('records'));
      for (const change of written.values()) {
        if (change.table === 'records' && change.value !== null) records.set(change.key, change.value);
      }
      return [...records.values()];
    },
    put(table, key, value) {
      written.set(cell(table, key), { table, key, value } as Change);
    },
    putRecord: (record) => draft.put('records', record.aceId, record),
    next(sequence) {
      const numbers = (draft.get('meta', 'sequence')?.value ?? {}) as Record<string, number>;
      const number = (numbers[sequence] ?? 0) + 1;
      draft.put('meta', 'sequence', { name: 'sequence', value: { ...numbers, [sequence]: number } });
      return number;
    },
    effect: (effect) => effects.push(effect),
    commit() {
      if (written.size > 0 || effects.length > 0) store.commit([...written.values()], effects);
    },
  };
  return draft;
}

import type { FieldDefinition, ObjectDefinition, Schema, Value, Values } from './schema.ts';

export interface Row {
  readonly id: string;
  readonly object: string;
  readonly values: Readonly<Values>;
  /** Set while a write is committed but not yet seen by reads: what they see instead, until when. */
  readonly unseen?: { readonly until: number; readonly before: Readonly<Values> | null };
}

export interface RowChange {
  readonly object: string;
  readonly id: string;
  /** Null when the row left the recycle bin for good. */
  readonly values: Readonly<Values> | null;
}

const isIndexed = (field: FieldDefinition): boolean =>
  field.externalId === true || field.unique === true || field.type === 'reference';

export const indexKey = (field: FieldDefinition, value: string | number | boolean): string =>
  field.caseSensitive || field.type === 'reference' ? String(value) : String(value).toLowerCase();

type FieldIndex = Map<string, Set<string>>;

/**
 * The rows of the org in memory, with an index on every external id, unique field and lookup, and an undo log:
 * whatever happens between `mark` and `rollback` is taken back.
 */
export class Store {
  readonly #schema: Schema;
  readonly #tables = new Map<string, Map<string, Row>>();
  readonly #indexes = new Map<string, Map<string, FieldIndex>>();
  readonly #undo: { readonly object: string; readonly id: string; readonly before: Row | undefined }[] = [];
  readonly #unseen = new Map<string, Set<string>>();
  readonly #now: () => number;

  constructor(schema: Schema, now: () => number) {
    this.#schema = schema;
    this.#now = now;
  }

  table(object: string): ReadonlyMap<string, Row> {
    return this.#table(object);
  }

  get(object: string, id: string): Row | undefined {
    return this.#tables.get(object)?.get(id);
  }

  /** What a read sees of a row: null while a new row is not visible yet. */
  visible(row: Row): Readonly<Values> | null {
    return row.unseen !== undefined && row.unseen.until > this.#now() ? row.unseen.before : row.values;
  }

  /** Rows outside the recycle bin whose indexed field has the value. */
  findBy(object: ObjectDefinition, field: FieldDefinition, value: Value): Row[] {
    return this.findAllBy(object, field, value).filter((row) => row.values.IsDeleted !== true);
  }

  /** The same, with the recycle bin. */
  findAllBy(object: ObjectDefinition, field: FieldDefinition, value: Value): Row[] {
    if (value === null) return [];
    const rows = [];
    for (const id of this.#index(object, field).get(indexKey(field, value)) ?? []) {
      const row = this.get(object.name, id);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** Rows that reads see as they were before: the index knows them as they are. */
  unseenIds(object: string): readonly string[] {
    const now = this.#now();
    const ids = this.#unseen.get(object);
    for (const id of ids ?? []) if ((this.get(object, id)?.unseen?.until ?? 0) <= now) ids?.delete(id);
    return [...(ids ?? [])];
  }

  put(object: ObjectDefinition, id: string, values: Values, unseenUntil: number | null = null): Row {
    const table = this.#table(object.name);
    const before = table.get(id);
    const row: Row =
      unseenUntil === null
        ? { id, object: object.name, values }
        : {
            id,
            object: object.name,
            values,
            unseen: { until: unseenUntil, before: before === undefined ? null : this.visible(before) },
          };
    if (unseenUntil !== null) {
      const unseen = this.#unseen.get(object.name) ?? new Set<string>();
      this.#unseen.set(object.name, unseen.add(id));
    }
    this.#undo.push({ object: object.name, id, before });
    this.#reindex(object, id, before, row);
    table.set(id, row);
    return row;
  }

  remove(object: ObjectDefinition, id: string): void {
    const before = this.get(object.name, id);
    this.#undo.push({ object: object.name, id, before });
    this.#reindex(object, id, before, undefined);
    this.#table(object.name).delete(id);
  }

  mark(): number {
    return this.#undo.length;
  }

  rollback(mark: number): void {
    while (this.#undo.length > mark) {
      const step = this.#undo.pop();
      const object = step && this.#schema.object(step.object);
      if (step === undefined || object === undefined) continue;
      this.#reindex(object, step.id, this.get(step.object, step.id), step.before);
      if (step.before === undefined) this.#table(step.object).delete(step.id);
      else this.#table(step.object).set(step.id, step.before);
    }
  }

  /** Ends a transaction: @returns the changed rows as they now are, and forgets how to undo them. */
  commit(): RowChange[] {
    const changed = new Map<string, RowChange>();
    for (const { object, id } of this.#undo)
      changed.set(id, { object, id, values: this.get(object, id)?.values ?? null });
    this.#undo.length = 0;
    return [...changed.values()];
  }

  /** Forgets an object's rows, or the index of one field when its definition changed. */
  dropTable(object: string): void {
    this.#tables.delete(object);
    this.#indexes.delete(object);
  }
  dropIndex(object: string, field: string): void {
    this.#indexes.get(object)?.delete(field);
  }

  #table(object: string): Map<string, Row> {
    const table = this.#tables.get(object) ?? new Map<string, Row>();
    this.#tables.set(object, table);
    return table;
  }

  #index(object: ObjectDefinition, field: FieldDefinition): FieldIndex {
    const indexes = this.#indexes.get(object.name) ?? new Map<string, FieldIndex>();
    this.#indexes.set(object.name, indexes);
    let index = indexes.get(field.name);
    if (index === undefined) {
      index = new Map();
      indexes.set(field.name, index);
      for (const row of this.table(object.name).values()) addToIndex(index, field, row);
    }
    return index;
  }

  #reindex(object: ObjectDefinition, id: string, before: Row | undefined, after: Row | undefined): void {
    for (const [name, index] of this.#indexes.get(object.name) ?? []) {
      const field = object.fields.get(name.toLowerCase());
      if (field === undefined || !isIndexed(field)) continue;
      const old = before?.values[name] ?? null;
      if (old !== null) {
        const key = indexKey(field, old);
        const ids = index.get(key);
        ids?.delete(id);
        if (ids?.size === 0) index.delete(key);
      }
      if (after !== undefined) addToIndex(index, field, after);
    }
  }
}

function addToIndex(index: FieldIndex, field: FieldDefinition, row: Row): void {
  const value = row.values[field.name] ?? null;
  if (value === null) return;
  const key = indexKey(field, value);
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([row.id]));
  else ids.add(row.id);
}

import { type Access, createAccess, grantsOf } from './access.ts';
import { type Automation, noAutomation } from './automation.ts';
import type { StandInClock } from './clock.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { makeId } from './record-id.ts';
import { errors } from './salesforce-error.ts';
import { type FieldDefinition, type ObjectDefinition, type ObjectSeed, Schema, type ValidationRule } from './schema.ts';
import { currencyIsoCode, standardObjects } from './standard-objects.ts';
import { Store } from './store.ts';
import { permissionSetsOf, profileOf } from './user-rights.ts';

/** What an org can switch on, and cannot easily switch off again. */
export interface OrgSettings {
  /** Whether administrators see custom fields that nobody granted yet. */
  readonly administratorSeesNewFields: boolean;
  /** State and country of an address must be in the org's lists. */
  readonly stateAndCountryPicklists: boolean;
  /** Records carry a `CurrencyIsoCode`. */
  readonly multiCurrency: boolean;
}

export const plainSettings: OrgSettings = {
  administratorSeesNewFields: true,
  stateAndCountryPicklists: false,
  multiCurrency: false,
};

export type Component = Readonly<Record<string, unknown>>;

/** How long a committed write on an object stays unseen by reads; used to rehearse late visibility. */
export interface LateVisibility {
  readonly object: string;
  readonly milliseconds: number;
  times: number;
}

const hasCurrency = (seed: ObjectSeed): boolean =>
  seed.fields.some((field) => field.name === 'OwnerId' || field.type === 'currency');

/** One Salesforce org: its schema, rows, metadata components, automation and documents. */
export class Org {
  readonly schema = new Schema();
  readonly store: Store;
  readonly clock: StandInClock;
  readonly lateVisibility: LateVisibility[] = [];
  readonly settings: OrgSettings;
  organizationId = '';
  #instance = '';
  #sequence = 0;
  #journal: Journal;
  #transactionDepth = 0;
  readonly #components = new Map<string, Map<string, Component>>();
  readonly #documents = new Map<string, unknown>();
  readonly #access = new Map<string, { readonly stamp: string; readonly access: Access }>();
  #permissionVersion = 0;
  #automation: Automation = noAutomation;

  constructor(clock: StandInClock, journal: Journal, settings: OrgSettings = plainSettings) {
    this.clock = clock;
    this.#journal = journal;
    this.settings = settings;
    this.store = new Store(this.schema, clock.now);
    for (const seed of standardObjects) {
      const fields = settings.multiCurrency && hasCurrency(seed) ? [...seed.fields, currencyIsoCode] : seed.fields;
      this.schema.addObject({ ...seed, fields }, false);
    }
  }

  found(organizationId: string, instance: string): void {
    this.organizationId = organizationId;
    this.#instance = instance;
    this.#journal.append({ kind: 'org', organizationId, instance });
  }

  nextId(keyPrefix: string): string {
    return makeId(keyPrefix, this.#instance, ++this.#sequence);
  }

  /** A key prefix for a new custom object: `a00`, `a01`, … */
  nextKeyPrefix(): string {
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    for (let number = 0; ; number++) {
      const prefix = `a${alphabet.charAt(Math.floor(number / 62))}${alphabet.charAt(number % 62)}`;
      if (this.schema.objectOfId(prefix) === undefined) return prefix;
    }
  }

  /** Whether a record is shared with a user. */
  shares(id: string, userId: string): boolean {
    return !this.#automation.unshared.some((one) => one.id === id && one.userId === userId);
  }

  /** Everything inside happens, or nothing does; nested transactions belong to the outermost. */
  transaction<T>(work: () => T): T {
    const mark = this.store.mark();
    this.#transactionDepth++;
    try {
      return work();
    } catch (error) {
      this.store.rollback(mark);
      throw error;
    } finally {
      this.#transactionDepth--;
      if (this.#transactionDepth === 0) this.#commit();
    }
  }

  #commit(): void {
    const rows = this.store.commit();
    if (rows.length === 0) return;
    if (rows.some((row) => row.object === 'PermissionSetAssignment' || row.object === 'User'))
      this.#permissionVersion++;
    this.#journal.append({ kind: 'rows', sequence: this.#sequence, rows });
    if (this.#journal.isLong()) this.#journal.compact(this.snapshot());
  }

  putObject(seed: ObjectSeed): ObjectDefinition {
    const object = this.schema.addObject(seed, true);
    this.#journal.append({ kind: 'object', name: seed.name, seed });
    return object;
  }

  dropObject(object: ObjectDefinition): void {
    this.schema.removeObject(object.name);
    this.store.dropTable(object.name);
    this.#journal.append({ kind: 'object', name: object.name, seed: null });
  }

  putField(object: ObjectDefinition, field: FieldDefinition): void {
    this.schema.putField(object, field);
    this.store.dropIndex(object.name, field.name);
    this.#journal.append({ kind: 'field', object: object.name, name: field.name, field });
  }

  dropField(object: ObjectDefinition, field: FieldDefinition): void {
    this.schema.removeField(object, field.name);
    this.store.dropIndex(object.name, field.name);
    this.#journal.append({ kind: 'field', object: object.name, name: field.name, field: null });
  }

  putRule(object: ObjectDefinition, name: string, rule: ValidationRule | null): void {
    if (rule === null) object.validationRules.delete(name.toLowerCase());
    else object.validationRules.set(name.toLowerCase(), rule);
    this.schema.version++;
    this.#journal.append({ kind: 'rule', object: object.name, name, rule });
  }

  /** What other people built into the org; see automation.ts. */
  get automation(): Automation {
    return this.#automation;
  }
  set automation(automation: Automation) {
    this.#automation = automation;
    this.putDocument('automation', automation);
  }

  components(type: string): ReadonlyMap<string, Component> {
    return this.#components.get(type) ?? new Map<string, Component>();
  }

  putComponent(type: string, fullName: string, metadata: Component | null): void {
    const components = this.#components.get(type) ?? new Map<string, Component>();
    this.#components.set(type, components);
    if (metadata === null) components.delete(fullName);
    else components.set(fullName, metadata);
    this.#permissionVersion++;
    this.#journal.append({ kind: 'component', type, fullName, metadata });
  }

  /** State of the stand-in itself: sessions, connected apps, automation. */
  document(name: string): unknown {
    return this.#documents.get(name);
  }
  putDocument(name: string, content: unknown): void {
    this.#documents.set(name, content);
    this.#journal.append({ kind: 'document', name, content });
  }

  objectNamed(name: string): ObjectDefinition {
    const object = this.schema.object(name);
    if (object === undefined) throw errors.noSuchObject(name);
    return object;
  }

  access(userId: string): Access {
    const stamp = `${this.#permissionVersion}`;
    const cached = this.#access.get(userId);
    if (cached?.stamp === stamp) return cached.access;
    const access = createAccess({
      userId,
      profile: profileOf(this.store, userId),
      grants: grantsOf(permissionSetsOf(this.store, this.components('PermissionSet'), userId)),
      administratorSeesNewFields: this.settings.administratorSeesNewFields,
    });
    this.#access.set(userId, { stamp, access });
    return access;
  }

  /** Puts one journal entry back; used at start, before the journal is written to. */
  restore(entry: JournalEntry): void {
    switch (entry.kind) {
      case 'org':
        this.organizationId = entry.organizationId;
        this.#instance = entry.instance;
        return;
      case 'rows':
        this.#sequence = Math.max(this.#sequence, entry.sequence);
        for (const { object: name, id, values } of entry.rows) {
          const object = this.schema.object(name);
          if (object === undefined) continue;
          if (values === null) this.store.remove(object, id);
          else this.store.put(object, id, values);
        }
        this.store.commit();
        return;
      case 'object':
        if (entry.seed !== null) this.schema.addObject(entry.seed, true);
        else {
          this.schema.removeObject(entry.name);
          this.store.dropTable(entry.name);
        }
        return;
      case 'field': {
        const object = this.schema.object(entry.object);
        if (object === undefined) return;
        if (entry.field === null) this.schema.removeField(object, entry.name);
        else this.schema.putField(object, entry.field);
        this.store.dropIndex(object.name, entry.name);
        return;
      }
      case 'rule': {
        const rules = this.schema.object(entry.object)?.validationRules;
        if (entry.rule === null) rules?.delete(entry.name.toLowerCase());
        else rules?.set(entry.name.toLowerCase(), entry.rule);
        return;
      }
      case 'component': {
        const components = this.#components.get(entry.type) ?? new Map<string, Component>();
        this.#components.set(entry.type, components);
        if (entry.metadata === null) components.delete(entry.fullName);
        else components.set(entry.fullName, entry.metadata);
        return;
      }
      case 'document':
        this.#documents.set(entry.name, entry.content);
        if (entry.name === 'automation') this.#automation = entry.content as Automation;
    }
  }

  writeTo(journal: Journal): void {
    this.#journal = journal;
  }

  /** The whole state as journal entries. */
  *snapshot(): Iterable<JournalEntry> {
    yield { kind: 'org', organizationId: this.organizationId, instance: this.#instance };
    for (const object of this.schema.objects()) {
      if (object.custom) {
        const { name, label, labelPlural, keyPrefix } = object;
        yield {
          kind: 'object',
          name,
          seed: { name, label, labelPlural, keyPrefix, fields: [...object.fields.values()] },
        };
      }
    }
    for (const object of this.schema.objects()) {
      for (const field of object.fields.values()) yield { kind: 'field', object: object.name, name: field.name, field };
      for (const rule of object.validationRules.values())
        yield { kind: 'rule', object: object.name, name: rule.name, rule };
    }
    for (const [type, components] of this.#components)
      for (const [fullName, metadata] of components) yield { kind: 'component', type, fullName, metadata };
    for (const [name, content] of this.#documents) yield { kind: 'document', name, content };
    for (const object of this.schema.objects()) {
      const rows = [...this.store.table(object.name).values()];
      for (let at = 0; at < rows.length; at += 1000)
        yield {
          kind: 'rows',
          sequence: this.#sequence,
          rows: rows.slice(at, at + 1000).map(({ object, id, values }) => ({ object, id, values })),
        };
    }
  }
}

import type { Connection } from 'jsforce';
import type { SalesforceSession } from './session.ts';

/** What the sync uses of Salesforce's description of a field, as the integration user sees it. */
export interface DescribedField {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly length: number;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly nillable: boolean;
  readonly defaultedOnCreate: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly idLookup?: boolean;
  readonly calculated?: boolean;
  /** False for fields that no query can filter by, such as long texts. */
  readonly filterable?: boolean;
  readonly caseSensitive?: boolean;
  /** Whether field-level security applies to it. */
  readonly permissionable?: boolean;
  /** The address or name that this field is a part of. */
  readonly compoundFieldName?: string | null;
  readonly restrictedPicklist: boolean;
  readonly precision?: number;
  readonly scale?: number;
  readonly relationshipName: string | null;
  readonly referenceTo: readonly string[] | null;
  readonly picklistValues: readonly { readonly value: string; readonly active: boolean }[] | null;
}

export interface DescribedObject {
  readonly name: string;
  readonly label: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly queryable: boolean;
  /** Fields by lower-case name: Salesforce ignores case in names. */
  readonly fields: ReadonlyMap<string, DescribedField>;
  /** Objects below this one by the lower-case name of the relation to them, with their lookup to it. */
  readonly children: ReadonlyMap<string, { readonly sobject: string; readonly field: string }>;
  readonly recordTypes: readonly {
    readonly name: string;
    readonly developerName: string;
    readonly available: boolean;
  }[];
}

export interface DescribeCache {
  /** Null when the org does not have the object or hides it. */
  describe(sobject: string): Promise<DescribedObject | null>;
  /** Reads again at the next use, when the description is older than `minimumAgeMs`. Returns whether it will. */
  refresh(sobject: string, minimumAgeMs: number): boolean;
  clear(): void;
}

/** Schemas change rarely, and every schema error clears the cache. */
const lifetimeMs = 60 * 60_000;

interface RawDescription {
  readonly name: string;
  readonly label: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly queryable: boolean;
  readonly fields: readonly DescribedField[];
  readonly childRelationships?: readonly {
    readonly relationshipName: string | null;
    readonly childSObject: string;
    readonly field: string;
  }[];
  readonly recordTypeInfos?: readonly { name: string; developerName: string; available: boolean }[];
}

export function createDescribeCache(session: SalesforceSession, now: () => number): DescribeCache {
  const cache = new Map<string, { at: number; description: Promise<DescribedObject | null> }>();
  return {
    describe(sobject) {
      const cached = cache.get(sobject);
      if (cached !== undefined && now() - cached.at < lifetimeMs) return cached.description;
      const entry = { at: now(), description: read(session, sobject) };
      cache.set(sobject, entry);
      entry.description.catch(() => {
        if (cache.get(sobject) === entry) cache.delete(sobject);
      });
      return entry.description;
    },
    refresh(sobject, minimumAgeMs) {
      const cached = cache.get(sobject);
      if (cached === undefined || now() - cached.at < minimumAgeMs) return false;
      cache.delete(sobject);
      return true;
    },
    clear: () => cache.clear(),
  };
}

/** Descriptions are few calls, and what has a deadline needs them as well: they may use the reserve. */
async function read(session: SalesforceSession, sobject: string): Promise<DescribedObject | null> {
  const describe = async (connection: Connection): Promise<DescribedObject | null> => {
    let raw: RawDescription;
    try {
      raw = await connection.request<RawDescription>(`/sobjects/${sobject}/describe`);
    } catch (thrown) {
      // An unknown object is an answer here; whoever asked for it decides whether that is a fault.
      if (thrown instanceof Error && (thrown.name === 'NOT_FOUND' || thrown.name === 'INVALID_TYPE')) return null;
      throw thrown;
    }
    return {
      name: raw.name,
      label: raw.label,
      createable: raw.createable,
      updateable: raw.updateable,
      queryable: raw.queryable,
      fields: new Map(raw.fields.map((field) => [field.name.toLowerCase(), field])),
      children: new Map(
        (raw.childRelationships ?? []).flatMap(({ relationshipName, childSObject: sobject, field }) =>
          relationshipName === null ? [] : [[relationshipName.toLowerCase(), { sobject, field }] as const],
        ),
      ),
      recordTypes: raw.recordTypeInfos ?? [],
    };
  };
  return session.call(`describe ${sobject}`, describe, 'urgent');
}

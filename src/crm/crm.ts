import type { ErrorCode, Problem } from '../errors.ts';

/**
 * What the sync needs of a CRM. `crm/salesforce/` implements it with jsforce; nothing outside `crm/` knows Salesforce's
 * wire. Every write is idempotent and conditional: the CRM itself refuses an older ACE version (design.md, rule 6).
 */

export type SharedObject = 'opportunity' | 'lead';
export const sharedObjects: readonly SharedObject[] = ['opportunity', 'lead'];

/** A CRM value as it travels in JSON. Dates are `YYYY-MM-DD`, date-times ISO 8601 in UTC. */
export type CrmValue = string | number | boolean | null;

/** Values by path from the record: `StageName`, `Account.Name`, `ACE_Sync__r.Use_Case__c`. */
export type CrmFields = Readonly<Record<string, CrmValue>>;

export interface CrmRecord {
  /** 18-character record id. */
  readonly id: string;
  readonly object: SharedObject;
  /** Every requested path; a path through an empty relation is null. */
  readonly fields: CrmFields;
  readonly aceId: string | null;
  readonly aceLastModified: string | null;
  readonly systemModstamp: string;
  readonly deleted: boolean;
  /** For a merged record: the id of the survivor. */
  readonly mergedInto: string | null;
  /** For a converted lead: the opportunity it became, or null when none was made. */
  readonly converted: { readonly opportunityId: string | null } | null;
}

/** The companion row `ACE_Sync__c`: what both sides know of one record (design.md, State). */
export interface SyncRow {
  readonly id: string;
  readonly aceId: string | null;
  readonly crmId: string | null;
  readonly fields: CrmFields;
  readonly systemModstamp: string;
}

export interface Linked {
  readonly record: CrmRecord | null;
  readonly row: SyncRow | null;
}

/** Problem code of a refused write whose unique value another record holds. */
export const valueTaken = 'CRM_DUPLICATE_VALUE';

export type WriteOutcome =
  | {
      readonly kind: 'written';
      readonly id: string;
      readonly created: boolean;
      /** The record as the CRM holds it now, where `readBack` asked for it and the same call could tell. */
      readonly record?: CrmRecord;
      /** The `follow` update was done with the same call. */
      readonly followed?: true;
    }
  /** The CRM's own guard refused an older ACE version: the record already holds a newer one. */
  | { readonly kind: 'older' }
  /** The row can succeed later without a person (row lock, approval lock). */
  | { readonly kind: 'later'; readonly problem: Problem; readonly retryAfterMs: number }
  /** The row needs a person. */
  | { readonly kind: 'refused'; readonly problem: Problem };

/** How a write finds its record: an update by record id, or an upsert on a unique external id. */
export type WriteKey = { readonly id: string } | { readonly externalId: string; readonly value: string };

/** Values to write by field; a lookup field may name its record by an external id. */
export type CrmWriteFields = Readonly<
  Record<string, CrmValue | { readonly externalId: string; readonly value: string }>
>;

export interface CrmIdentity {
  readonly orgId: string;
  readonly sandbox: boolean;
  readonly userId: string;
}

export interface ChangeCursor {
  /** SystemModstamp in ISO 8601; rows after it are delivered, with the configured overlap. */
  readonly since: string;
}

/** A version of something that was changed: by its own id, in Salesforce's whole seconds. */
export interface CrmVersion {
  readonly id: string;
  readonly systemModstamp: string;
}

/** One CRM record that may have something to send, or whose companion row carries an Action. */
export interface CrmChange {
  readonly object: SharedObject;
  /** Null only for a companion row without a CRM record: a parked create, found by its ACE id. */
  readonly crmId: string | null;
  /** The ACE id that record or row carries, where known. */
  readonly aceId: string | null;
  /**
   * What changed: the record, its companion row, related objects that the mapping names. Each has a stamp of its own: a
   * change of the account leaves the record's stamp as it is, and may become visible before an older one of the row.
   */
  readonly versions: readonly CrmVersion[];
  /** The Action picklist of the companion row, where a person set one. */
  readonly action: string | null;
  /** The companion row the change was seen on; null when the record has none. */
  readonly rowId: string | null;
}

/** How one call is treated. */
export interface CrmCallOptions {
  /**
   * `urgent` may use the API calls held in reserve when the day's share is used up: acceptances, whose deadline passes.
   * @default 'normal'
   */
  readonly priority?: 'normal' | 'urgent';
  /** Takes the entry out of the queue of shared calls, as long as it has not been sent. */
  readonly signal?: AbortSignal;
  /** The backlog that this call is a part of, and how many calls like it will come: they may wait for each other. */
  readonly backlog?: { readonly id: string; readonly size: number };
}

/** What else one call can do. Neither is promised: the outcome says whether it was done, and a call of its own does it else. */
export interface CrmWriteOptions extends CrmCallOptions {
  /** Paths to read of the written record. */
  readonly readBack?: readonly string[];
  /**
   * A companion row to insert before the record is written; where its unique values are taken, nothing happens to the row
   * that holds them. The record can name it by one of those values, and is refused where another row was there.
   */
  readonly ahead?: { readonly key: Extract<WriteKey, { externalId: string }>; readonly fields: CrmWriteFields };
  /** An update of a record that names the written row, carried out after it. */
  readonly follow?: { readonly object: SharedObject; readonly id: string; readonly fields: CrmWriteFields };
}

/** `is` compares as the CRM compares texts (Salesforce: without case); `contains` finds the text anywhere. */
export interface SearchCondition {
  readonly path: string;
  readonly how: 'is' | 'contains';
  readonly value: string;
}

/** A record as a search finds it: its id and the values at the asked paths. */
export interface FoundRecord {
  readonly id: string;
  readonly fields: CrmFields;
}

/** What holds or slows the connection as a whole (design.md, rule 11). */
export interface CrmHealth {
  /** The fault that keeps the breaker open, and the time of the next probe in ISO 8601. */
  readonly fault: { readonly code: ErrorCode; readonly detail: string; readonly until: string } | null;
  /** `slow`: near the share of API calls; `held`: at it, only urgent calls go through. */
  readonly apiBudget: 'free' | 'slow' | 'held';
}

/** What waits in the CRM's companion rows, counted there; ids and codes only. */
export interface WaitingRows {
  /** Referrals that nobody answered yet, by companion row, with their deadline in ISO 8601. */
  readonly unanswered: readonly { readonly rowId: string; readonly acceptBy: string }[];
  readonly heldTooLong: readonly {
    readonly code: string;
    /** Label of `Fix_By__c`. */
    readonly fixBy: string | null;
    readonly count: number;
    /** ISO 8601. */
    readonly oldest: string;
  }[];
}

export interface Crm {
  /** Logs in when needed. Throws CRM_LOGIN_REFUSED, CRM_ORG_DIFFERS. */
  identity(): Promise<CrmIdentity>;

  /**
   * Reads records with their companion rows, by ACE id or CRM record id, in shared calls of at most 200 keys.
   * Deleted and merged records are returned with their flag, so that nobody mistakes them for unknown.
   * @param paths CRM paths that the mapping reads, without those of the companion row (`rowFields`).
   * @param rowFields fields of the companion row; empty reads no rows, which saves their calls.
   * @returns one entry per key in `keys`, in order; both halves null when the CRM knows neither.
   */
  find(
    object: SharedObject,
    keys: readonly ({ readonly aceId: string } | { readonly crmId: string })[],
    paths: readonly string[],
    rowFields: readonly string[],
    options?: CrmCallOptions,
  ): Promise<readonly Linked[]>;

  /**
   * Writes one record (`opportunity`, `lead`), companion row (`sync`), connection row (`connection`) or a related
   * object by API name. Concurrent calls share sObject Collections calls (design.md, rule 12).
   * Faults of the connection throw an AceSyncError; what concerns this row alone is the outcome.
   */
  write(
    object: SharedObject | 'sync' | 'connection' | { readonly sobject: string },
    key: WriteKey,
    fields: CrmWriteFields,
    options?: CrmWriteOptions,
  ): Promise<WriteOutcome>;

  /**
   * Records and companion rows changed since the cursor, oldest first, plus records whose related objects changed.
   * No cursor means a full sweep of all shared records.
   * @param relatedPaths relation paths the mapping reads (`Account.Name`), whose objects are watched too.
   */
  changes(
    object: SharedObject,
    cursor: ChangeCursor | null,
    options: { readonly overlapMs: number; readonly relatedPaths: readonly string[] },
  ): Promise<{ readonly changes: readonly CrmChange[]; readonly cursor: ChangeCursor }>;

  /**
   * Companion rows on which a person accepts or rejects a referral right now. Asked with the calls held in reserve, for
   * when the day's share is used up and `changes` has to wait.
   */
  answered(object: SharedObject): Promise<readonly CrmChange[]>;

  /**
   * Records that meet any of the conditions and that no ACE record is linked with: alive, open, not converted. Concurrent
   * callers that ask for the same paths share one query.
   * @param conditions none finds nothing and makes no call.
   */
  search(
    object: SharedObject,
    conditions: readonly SearchCondition[],
    paths: readonly string[],
  ): Promise<readonly FoundRecord[]>;

  /**
   * Ids of related records by a value: an account by its external id or name, a user that may own records by e-mail.
   * @param value an empty one finds nothing.
   */
  related(sobject: string, field: string, value: string): Promise<readonly string[]>;

  /** The row of a connection, with the state that a manager requested; null when there is none yet. */
  connectionRow(connection: string): Promise<CrmFields | null>;

  /**
   * What waits in the companion rows of the org: for the watch, in two calls.
   * @param when all ISO 8601: referrals that expire between `now` and `acceptUntil`, rows held since before `heldBefore`.
   */
  waitingRows(when: {
    readonly now: string;
    readonly acceptUntil: string;
    readonly heldBefore: string;
  }): Promise<WaitingRows>;

  /** Calls used and allowed in the running 24 hours, from the last answer; null before the first. */
  apiUsage(): { readonly used: number; readonly limit: number } | null;

  /**
   * Why the connection is held right now (login refused, API limit, schema), as a plain sentence; null when it is not.
   * While it is open, scans start nothing: the bucket is the queue (design.md, rule 11).
   */
  openBreaker(): string | null;

  /** What holds or slows this connection now; computed without a call. */
  health(): CrmHealth;

  /** Finishes calls under way; used at worker shutdown. */
  close(): Promise<void>;
}

/** What an org allows; each number can be lowered so that a test meets it. */
export interface LimitSettings {
  /** API calls in 24 hours: 15,000 in a Developer Edition, 100,000 and 1,000 a licence in Enterprise Edition. */
  dailyApiRequests: number;
  /** Requests that may be waiting at once, as slow ones do: 25 on an org, 5 in a Developer Edition. */
  concurrentRequests: number;
  /** Records of one sObject Collections call. */
  collectionRecords: number;
  /** Ids of one collections retrieve. */
  retrieveIds: number;
  /** Groups of consecutive records of one type in a collections call. */
  collectionChunks: number;
  /** Requests inside one composite call. */
  compositeRequests: number;
  /** Queries and collections among them. */
  compositeHeavyRequests: number;
  /** Rows of a page of a query answer, unless the caller asks for fewer. */
  queryPage: number;
  /** Components of one metadata create, update or upsert call. */
  metadataComponents: number;
  /** Length of a SOQL query in characters. */
  soqlLength: number;
  /** Seconds that a session lives after its last use. */
  sessionSeconds: number;
}

export const defaultLimits: LimitSettings = {
  dailyApiRequests: 15_000,
  concurrentRequests: 25,
  collectionRecords: 200,
  retrieveIds: 2000,
  collectionChunks: 10,
  compositeRequests: 25,
  compositeHeavyRequests: 5,
  queryPage: 2000,
  metadataComponents: 10,
  soqlLength: 100_000,
  sessionSeconds: 2 * 60 * 60,
};

/** Counts API calls against the limit of the day. */
export class ApiUsage {
  readonly settings: LimitSettings;
  used = 0;
  /** Requests that are held by a fault at the moment. */
  waiting = 0;
  /** Calls so far by method and resource, such as `PATCH composite/sobjects`. */
  readonly byKind: Record<string, number> = {};

  constructor(settings: LimitSettings) {
    this.settings = settings;
  }

  /** @returns false when the call is one too many. */
  count(kind: string): boolean {
    if (this.used >= this.settings.dailyApiRequests) return false;
    this.used++;
    this.byKind[kind] = (this.byKind[kind] ?? 0) + 1;
    return true;
  }

  /** The value of `Sforce-Limit-Info`. */
  header(): string {
    return `api-usage=${this.used}/${this.settings.dailyApiRequests}`;
  }
}

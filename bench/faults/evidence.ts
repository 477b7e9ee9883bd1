/**
 * What the checker judges by, as plain data that anybody can read without the sync's code: the bucket as S3 shows it,
 * ACE's and the CRM's records, every commit of the CRM, the journal's lines, Temporal's runs, the workers' logs.
 */

export type Values = Readonly<Record<string, unknown>>;

export interface StoredFile {
  readonly key: string;
  readonly etag: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface AceRecordSeen {
  readonly object: 'opportunity' | 'lead';
  readonly aceId: string;
  readonly partnerId: string | null;
  readonly origin: string;
  readonly fields: Values;
}

/** An inbound file that ACE took, in the order in which it took them. */
export interface TakenFile {
  readonly key: string;
  readonly processedAt: string;
  readonly outcome: string;
}

/** One row as one transaction of the CRM left it. */
export interface Commit {
  readonly object: string;
  readonly id: string;
  readonly values: Values;
}

export interface JournalLine {
  readonly id: string;
  readonly connection: string;
  readonly kind?: string;
  readonly file?: string;
  readonly crmId: string | null;
  readonly outcome?: string;
  readonly code?: string;
}

/** A change of a CRM field, as the journal announced it. */
export interface ChangedField {
  readonly crmId: string;
  readonly field: string;
  readonly after: unknown;
}

export interface Run {
  readonly workflowId: string;
  readonly type: string;
  readonly status: string;
  /** ISO 8601; of runs with one workflow id the last one counts. */
  readonly startedAt: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Every text of every event, payloads decoded. */
  readonly history: string;
}

export interface SeenText {
  readonly name: string;
  readonly text: string;
}

export interface Evidence {
  readonly connection: string;
  readonly installation: string;
  readonly spmsId: string;
  readonly integrationUserId: string;
  readonly bucket: readonly StoredFile[];
  readonly ace: { readonly records: readonly AceRecordSeen[]; readonly files: readonly TakenFile[] };
  readonly crm: {
    /** Rows by object, those in the recycle bin left out. */
    readonly rows: Readonly<Record<'Opportunity' | 'Lead' | 'ACE_Sync__c' | 'ACE_Connection__c', readonly Values[]>>;
    readonly commits: readonly Commit[];
  };
  readonly journal: readonly JournalLine[];
  readonly changes: readonly ChangedField[];
  readonly runs: readonly Run[];
  readonly logs: readonly SeenText[];
  /** What the workers' pages showed over the day: metrics, health. */
  readonly pages: readonly SeenText[];
  /** Every notice that was sent. */
  readonly notices: readonly string[];
  /** Keys and ETags of files of another system that the harness put down: nobody may touch them. */
  readonly foreign: readonly { readonly key: string; readonly etag: string }[];
  /** What still moved when the time for settling was over. */
  readonly unsettled: readonly string[];
}

export const promises = [
  'lost',
  'secondCrmRecord',
  'secondOpportunity',
  'olderOverNewer',
  'echo',
  'deletedTooEarly',
  'unhandledResult',
  'silentlyParked',
  'wrongConnection',
  'personalData',
] as const;
export type BrokenPromise = (typeof promises)[number];

export interface Violation {
  readonly promise: BrokenPromise;
  /** Record, file or workflow. */
  readonly where: string;
  readonly what: string;
}

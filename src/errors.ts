/**
 * The error catalogue: every error that ace-sync raises has one stable code, says whether trying again can help,
 * names who can fix it and what to do. The code is also the `ApplicationFailure.type` in Temporal histories, so
 * messages hold file keys, record indexes and field names, and never a record's values (design.md, promise 9).
 */

/** Who can fix what is held. The same words stand in `ACE_Sync__c.Fix_By__c` (as labels, see `fixByLabels`). */
export type FixBy = 'salesPerson' | 'allianceManager' | 'salesforceAdministrator' | 'engineer' | 'aws' | 'nobody';

export const fixByLabels: Readonly<Record<FixBy, string>> = {
  salesPerson: 'Sales person',
  allianceManager: 'Alliance manager',
  salesforceAdministrator: 'Salesforce administrator',
  engineer: 'Integration engineer',
  aws: 'AWS',
  nobody: 'Nobody',
};

export interface CatalogueEntry {
  /** One sentence that says what happened; details of the case are appended by the thrower. */
  readonly message: string;
  /**
   * True for a fault of the connection or the installation, which holds them until it passes or somebody mends it: the
   * activity that meets it tries again (design.md, rule 11). What is not retryable concerns one file or command.
   */
  readonly retryable: boolean;
  readonly fixBy: FixBy;
  /** What to do, as an instruction. */
  readonly fix: string;
}

export const catalogue = {
  CONFIGURATION_INVALID: {
    message: 'The configuration has problems.',
    retryable: false,
    fixBy: 'engineer',
    fix: 'Correct each listed path in the configuration file and start again.',
  },
  CONFIGURATION_NOT_FOUND: {
    message: 'The configuration file was not found.',
    retryable: false,
    fixBy: 'engineer',
    fix: 'Pass its path with --config, or set ACE_SYNC_CONFIG.',
  },
  SECRET_MISSING: {
    message: 'A secret is missing.',
    retryable: true,
    fixBy: 'engineer',
    fix: 'Set the named environment variable or file.',
  },
  DATA_NOT_DECRYPTED: {
    message: 'Encrypted data cannot be decrypted.',
    retryable: true,
    fixBy: 'engineer',
    fix: 'Check that the named setting still holds the key that it was encrypted with, and that nobody changed the data.',
  },
  JOURNAL_IN_USE: {
    message: "The journal's folder is used by a worker on another host.",
    retryable: true,
    fixBy: 'engineer',
    fix: 'Give each host a journal folder of its own, or wait a minute when that host is gone.',
  },
  JOURNAL_CHANGED: {
    message: 'A file in the journal is no longer what was put there.',
    retryable: true,
    fixBy: 'engineer',
    fix: 'Find out who changed it and put it back from a backup: what was read from it would be wrong.',
  },
  JOURNAL_UNAVAILABLE: {
    message: 'The journal cannot be read or written.',
    retryable: true,
    fixBy: 'engineer',
    fix: "Check the journal's disk, or its bucket, access key and bucket policy; everything waits meanwhile.",
  },
  TOOL_UNAVAILABLE: {
    message: 'A local server program could not be provided.',
    retryable: false,
    fixBy: 'engineer',
    fix: 'Install the named program, or Go 1.25 or newer so that it can be built.',
  },
  TEMPORAL_UNREACHABLE: {
    message: 'Temporal does not answer.',
    retryable: true,
    fixBy: 'engineer',
    fix: 'Start Temporal or correct temporal.address in the configuration.',
  },
  TEMPORAL_NAMESPACE_MISSING: {
    message: 'Temporal does not have the namespace, or does not show it to these credentials.',
    retryable: true,
    fixBy: 'engineer',
    fix: 'Make it with `ace-sync schedules --prepare-namespace`, or correct temporal.namespace; on Temporal Cloud look at the API key.',
  },
  SERVICE_FAILED: {
    message: 'A local service stopped or did not become ready.',
    retryable: false,
    fixBy: 'engineer',
    fix: 'Read the named log file.',
  },
  BUCKET_ACCESS_DENIED: {
    message: 'The ACE bucket refused the request.',
    retryable: true,
    fixBy: 'engineer',
    fix: 'Check the access key, the bucket policy and the KMS key with AWS; everything waits meanwhile.',
  },
  BUCKET_UNAVAILABLE: {
    message: 'The ACE bucket does not answer.',
    retryable: true,
    fixBy: 'nobody',
    fix: 'Wait: the request is repeated by itself.',
  },
  OBJECT_GONE: {
    message: 'The object is no longer in the bucket.',
    retryable: false,
    fixBy: 'nobody',
    fix: 'Nothing: it was taken away or settled by an earlier attempt.',
  },
  OBJECT_REPLACED: {
    message: 'The object was overwritten by another version.',
    retryable: false,
    fixBy: 'nobody',
    fix: 'Nothing: the new version has its own workflow.',
  },
  FILE_UNREADABLE: {
    message: 'The file cannot be read as an ACE file.',
    retryable: false,
    fixBy: 'aws',
    fix: 'Report the file to AWS. It stays in the bucket, tagged, until you delete it; a new export of its records replaces it.',
  },
  FILE_TOO_LARGE: {
    message: 'The file is larger than ACE files may be.',
    retryable: false,
    fixBy: 'aws',
    fix: 'Report the file to AWS. It stays in the bucket, tagged, until you delete it; a new export of its records replaces it.',
  },
  RENDER_CHANGED: {
    message: 'The record changed between rendering and sending, so another content would have gone out under the name.',
    retryable: false,
    fixBy: 'nobody',
    fix: 'Nothing: the upload renders again under a new name.',
  },
  FOREIGN_STAMP: {
    message: 'The sync state on the record belongs to another connection, environment, org or installation.',
    retryable: false,
    fixBy: 'engineer',
    fix: 'Run the sync from the installation that owns the state, or clear the foreign state on purpose.',
  },
  STATE_UNREADABLE: {
    message: 'The sync state on the record cannot be read by this release.',
    retryable: true,
    fixBy: 'engineer',
    fix: 'Run the release that wrote it, or clear the state on purpose.',
  },
  CONNECTION_HELD: {
    message: 'The connection is held.',
    retryable: true,
    fixBy: 'allianceManager',
    fix: 'Look at the reason on the connection in the CRM; set its Requested State to Run to go on.',
  },
  MODE_SENDS_NOTHING: {
    message: 'The connection is not in mode live, so nothing is sent.',
    retryable: true,
    fixBy: 'engineer',
    fix: 'Set mode to live in the configuration when the go-live matching is done.',
  },
  ACE_ID_DIFFERS: {
    message: 'The processed result names another ACE id than the one we hold for the record.',
    retryable: false,
    fixBy: 'engineer',
    fix: 'The connection is held. Compare both opportunities with AWS before releasing it.',
  },
  ACE_ID_TAKEN: {
    message: 'The processed result names an ACE id that another CRM record holds.',
    retryable: false,
    fixBy: 'engineer',
    fix: 'The connection is held. Compare both CRM records with AWS before releasing it.',
  },
  MAPPING_INVALID: {
    message: 'The mapping file has problems.',
    retryable: false,
    fixBy: 'engineer',
    fix: 'Correct each listed path in the mapping file.',
  },
  WORKBOOK_INVALID: {
    message: 'The workbook has problems.',
    retryable: false,
    fixBy: 'allianceManager',
    fix: 'Correct each named cell in the workbook, or export it again with `ace-sync mapping export`.',
  },
  MAPPING_NOT_RELEASED: {
    message: 'The released mappings do not allow this.',
    retryable: false,
    fixBy: 'engineer',
    fix: 'See `ace-sync mapping history` for what was released and what is active.',
  },
  CRM_UNAVAILABLE: {
    message: 'The CRM does not answer.',
    retryable: true,
    fixBy: 'nobody',
    fix: 'Wait: the call is repeated by itself.',
  },
  CRM_LOGIN_REFUSED: {
    message: 'The CRM refused the login.',
    retryable: true,
    fixBy: 'engineer',
    fix: 'Renew the client id, secret or certificate; everything waits meanwhile.',
  },
  CRM_LIMIT_REACHED: {
    message: "The CRM's API limit is used up.",
    retryable: true,
    fixBy: 'salesforceAdministrator',
    fix: 'Wait until the 24-hour limit frees calls, or raise the limit.',
  },
  CRM_SCHEMA: {
    message: 'The CRM no longer knows a field or object that the mapping names, or hides it from the integration user.',
    retryable: true,
    fixBy: 'salesforceAdministrator',
    fix: 'Restore the field and its permission, then the sync goes on by itself.',
  },
  CRM_ORG_DIFFERS: {
    message: 'The CRM is another org than the one this connection is pinned to.',
    retryable: true,
    fixBy: 'engineer',
    fix: 'Correct the login; a copied sandbox needs a connection of its own.',
  },
  CONDITION_REFUSED: {
    message: 'Salesforce does not take the condition.',
    retryable: false,
    fixBy: 'engineer',
    fix: "Correct --query: a SOQL condition without WHERE, with API names, such as StageName = 'Prospecting'.",
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

/** An error from the catalogue. `detail` names file key, record index, field or path, never a value of a record. */
export class AceSyncError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  /** Milliseconds after which a retry makes sense, as far as the other side said so (`Retry-After`). */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, detail: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(
      `${catalogue[code].message} ${detail}`.trim(),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'AceSyncError';
    this.code = code;
    this.detail = detail;
    this.retryAfterMs = options.retryAfterMs;
  }

  get entry(): CatalogueEntry {
    return catalogue[this.code];
  }
}

/** What a person must know of a record or file that is held: shown in the CRM, in `status` and in the Web UI. */
export interface Problem {
  readonly code: string;
  /** ACE or CRM field name, where one is to blame. */
  readonly field?: string;
  /** Plain sentence, without record values. */
  readonly message: string;
  readonly fix: string;
  readonly fixBy: FixBy;
}

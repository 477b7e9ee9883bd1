import type { CrmHealth, WaitingRows } from '../crm/crm.ts';
import type { ErrorCode } from '../errors.ts';
import type { Rhythm } from './rhythm.ts';
import type { SecretsInUse } from './secrets-in-use.ts';

/** Workflows that wait with one reason. */
export interface WaitingGroup {
  readonly kind: 'upload' | 'outboundFile' | 'resultFile';
  readonly outcome: string;
  readonly code: string;
  readonly count: number;
}

/** Steps that fail again and again with one code. */
export interface FailingGroup {
  readonly what: 'workflowTask' | 'activity';
  /** `ApplicationFailure.type` of the last failure; what the code is for a workflow task stands in Temporal. */
  readonly code: string;
  readonly count: number;
  /** One of them, to look at. */
  readonly workflowId: string;
}

/** Files of one folder of the bucket that are alike. */
export interface FilesInFolder {
  readonly folder: string;
  readonly count: number;
  /** When AWS put the oldest of them, ISO 8601. */
  readonly oldest: string;
}

/** What one look found, by where it came from; null is "could not be read", which is not "nothing". */
export interface Evidence {
  readonly temporal: {
    readonly waiting: readonly WaitingGroup[];
    readonly failing: readonly FailingGroup[];
    /** Workflows that are at work, and wait for no person and no state. */
    readonly atWork: { readonly uploads: number; readonly files: number };
    /** Workflows that failed or timed out in the last day. */
    readonly ended: number;
    readonly pausedSchedules: readonly string[];
  } | null;
  readonly bucket:
    | {
        readonly kind: 'listed';
        /** Files that are not settled yet, whether they wait for long or not. */
        readonly waiting: number;
        readonly unsettled: readonly FilesInFolder[];
        /** Files that nobody can read. */
        readonly rejected: readonly FilesInFolder[];
      }
    | { readonly kind: 'fault'; readonly code: ErrorCode }
    | null;
  readonly rows: WaitingRows | null;
  readonly connection: {
    /** How the connection is held: by an incident, or by a person, altogether or only what goes to AWS. */
    readonly hold: 'incident' | 'all' | 'toAws' | 'none';
    /** When change detection was last alive, ISO 8601; null when it is not expected to be. */
    readonly heartbeat: string | null;
    /** Another installation that says it runs this connection; null when ours does. */
    readonly otherInstallation: string | null;
  } | null;
  /** Null when they were not looked at. */
  readonly secrets: SecretsInUse | null;
  /** The last sweep of all shared records, and how many changes it found that change detection had missed. */
  readonly sweep: { readonly at: string; readonly missed: number } | null;
  /** Since when the journal cannot be reached, ISO 8601; null when it can. */
  readonly journal: { readonly awaySince: string | null };
  readonly health: CrmHealth;
  readonly rhythm: Rhythm | null;
}

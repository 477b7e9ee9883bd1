import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { BackfillPlanSummary } from '../activities/backfill-plan.ts';
import type { ChangeCursor, SharedObject } from '../crm/crm.ts';
import type { FixBy, Problem } from '../errors.ts';
import type { Send } from '../mapping/sync-state.ts';

/**
 * What travels in and out of workflows: inputs, signals, queries, results. Only references, codes and counts:
 * no record value is ever part of a history (design.md, promise 9).
 */

/** One version of one object in the ACE bucket. */
export interface FileReference {
  readonly key: string;
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** ISO 8601. */
  readonly lastModified: string;
  /** Content address in the journal, once the file was downloaded: parked records survive a file that disappears. */
  readonly journalSha?: string;
  /** True for a file that somebody runs again from the journal: no delivery of AWS's, and no object of the bucket. */
  readonly replayed?: boolean;
}

/** The waits of a connection in milliseconds; every number comes from the configuration (`timing`). */
export interface Waits {
  /** How long a processed result may take before the upload looks for evidence. */
  readonly resultTimeLimit: number;
  /** How long a held or waiting upload sleeps before it looks again by itself. */
  readonly probeInterval: number;
  /** How long a parked file sleeps before its records are tried again. */
  readonly parkedProbeInterval: number;
  /** Pause between two rounds of change detection. */
  readonly detectInterval: number;
  /** Pause between two full sweeps. */
  readonly sweepInterval: number;
  /** How long a result file waits for its upload before it is delivered again. */
  readonly deliverInterval: number;
}

export type Folder = 'outbound' | 'results';

export interface ScanInput {
  readonly connection: string;
  readonly object: SharedObject;
  /** Key after which the scan goes on; set by continue-as-new when one run does not reach the end of the folder. */
  readonly startAfter?: string;
}

export interface ScanResult {
  readonly listed: number;
  readonly started: number;
  readonly known: number;
  readonly restarted: number;
  /** Set when the scan could not list or chose to start nothing. */
  readonly reason: string | null;
}

export interface OutboundFileInput {
  readonly connection: string;
  readonly object: SharedObject;
  readonly file: FileReference;
  readonly waits: Waits;
  /** The files that the same scan started, by its run: their CRM calls wait for each other. */
  readonly backlog?: { readonly id: string; readonly size: number };
  /** Carried through continue-as-new into the wait of a parked file. */
  readonly parked?: ParkedFile;
}

export interface ParkedFile {
  readonly since: string;
  readonly outcomes: readonly RecordOutcome[];
  /** A retry arrived before the wait began. */
  readonly retryAtOnce: boolean;
}

export const recordOutcomeKinds = ['applied', 'unchanged', 'superseded', 'ignored', 'parked'] as const;
export type RecordOutcomeKind = (typeof recordOutcomeKinds)[number];

/** The one outcome of one record of an outbound file (design.md, promise 1). */
export interface RecordOutcome {
  readonly index: number;
  readonly aceId: string | null;
  readonly crmId: string | null;
  readonly outcome: RecordOutcomeKind;
  readonly code: string;
  /** Why a record is parked; without record values. */
  readonly problem?: Problem;
  /** Milliseconds after which a parked record is tried again by itself, where waiting alone can end its reason. */
  readonly retryAfterMs?: number;
}

export type OutboundFileResult = {
  readonly file: string;
  /** `observed` is a file that mode `observe` left alone. */
  readonly outcome: 'processed' | 'rejected' | 'gone' | 'replaced' | 'observed';
  readonly records: Readonly<Record<RecordOutcomeKind, number>>;
};

export interface ResultFileInput {
  readonly connection: string;
  readonly object: SharedObject;
  readonly file: FileReference;
  readonly waits: Waits;
}

/** One record's part of a processed result, as delivered to its upload. The texts stay in the journal. */
export interface ResultEvidence {
  /** Name of the inbound file the result belongs to, without folder. */
  readonly name: string;
  /** Position in the result, to find ACE's texts again; null when ACE rejected the file as a whole. */
  readonly index: number | null;
  /** Content address of the result file in the journal. */
  readonly journalSha: string;
  /** `fileApnProcessedDT`, ISO 8601. */
  readonly processedAt: string;
  readonly success: boolean;
  /** Workflow to tell once the result is handled; null when nobody waits. */
  readonly replyTo: string | null;
}

export interface UploadInput {
  readonly connection: string;
  readonly object: SharedObject;
  readonly crmId: string;
  /** Carried through continue-as-new; absent at a fresh start. */
  readonly carried?: CarriedUpload;
}

/** State of an upload over continue-as-new; read through `readCarried`, which upgrades what earlier releases wrote. */
export interface CarriedUpload {
  readonly v: 2;
  readonly evidence: readonly ResultEvidence[];
  readonly retry: boolean;
  readonly changed: boolean;
  readonly urgent: boolean;
  /** ACE fields whose present values a person wants AWS to have. */
  readonly resend: readonly string[];
  /** A person's reason to give the upload up, until it is done. */
  readonly abandon: string | null;
  /** What the upload did so far. */
  readonly steps: readonly UploadStep[];
  /** The wait to resume, so that continue-as-new goes into the wait and not past it. */
  readonly wait: UploadWait | null;
}

/**
 * For what an upload waits: ACE's answer to a file, a person, a state of ACE that inbound processing will show, or the time
 * of its next attempt.
 */
export const uploadWaitKinds = ['result', 'person', 'state', 'time'] as const;

export interface UploadWait {
  readonly kind: (typeof uploadWaitKinds)[number];
  readonly reason: string;
  readonly fixBy: FixBy | null;
  readonly code: string;
  readonly since: string;
  readonly send: Send | null;
  /** False when the file of `send` was never put as far as we know. */
  readonly put: boolean;
  readonly milliseconds: number;
}

export const uploadPhases = ['planning', 'sending', 'waitingForResult', 'held', 'waiting', 'done'] as const;
export type UploadPhase = (typeof uploadPhases)[number];

export interface UploadState {
  readonly phase: UploadPhase;
  readonly waitsFor: UploadWait['kind'] | null;
  readonly reason: string | null;
  /** Who can move it on. */
  readonly fixBy: FixBy | null;
  readonly code: string | null;
  readonly since: string | null;
  readonly name: string | null;
}

/** One thing that an upload did: when (ISO 8601), what, and with which code. */
export interface UploadStep {
  readonly at: string;
  readonly step:
    | 'planned'
    | 'put'
    | 'looked'
    | 'released'
    | 'answered'
    | 'held'
    | 'waited'
    | 'woke'
    | 'stopped'
    /** A signal without the right shape. */
    | 'ignored';
  readonly code: string;
}

export interface UploadResult {
  readonly outcome: 'accepted' | 'nothing' | 'notShared' | 'gone';
  readonly sent: number;
}

export interface DetectorInput {
  readonly connection: string;
  readonly cursors?: Readonly<Partial<Record<SharedObject, ChangeCursor>>>;
  readonly lastSweep?: string;
  /** Milliseconds; learnt from the first round. */
  readonly sweepInterval?: number;
}

export interface DetectorState {
  /** Why the last round looked at nothing; null when it did. */
  readonly reason: string | null;
  readonly rounds: number;
  readonly signalled: number;
  readonly lastRound: string | null;
}

/** Try the parked records of a file, or a held upload, again. An empty list means all parked records. */
export const retry = defineSignal<[indexes?: readonly number[]]>('retry');
/**
 * Something may have changed: compute again what is due. Lost, doubled or early ones do not matter. `urgent` lets the
 * CRM calls for it use the reserve of the day's API calls. `resend` names ACE fields whose present values shall go to AWS
 * though nobody changed them since both sides agreed.
 */
export const recordChanged =
  defineSignal<[options?: { readonly urgent?: boolean; readonly resend?: readonly string[] }]>('recordChanged');
/** The processed result of a file that this record was sent in. */
export const processedResult = defineSignal<[ResultEvidence]>('processedResult');
/** Sent by an upload to the workflow of a result file once that result is handled. */
export const resultHandled = defineSignal<[{ readonly crmId: string; readonly name: string }]>('resultHandled');
/** Run a round of change detection now. */
export const detectNow = defineSignal('detectNow');

/** Give a record's upload up. The reason stays in the history and on the companion row: no personal data in it. */
export const abandon = defineUpdate<void, [{ readonly reason: string }]>('abandon');
/** Send now what is due, also with content that ACE refused before; refused while a file is on its way. */
export const sendNow = defineUpdate<void>('sendNow');

export const uploadState = defineQuery<UploadState>('state');
export const uploadHistory = defineQuery<readonly UploadStep[]>('history');
export const fileState = defineQuery<{
  readonly step: string;
  readonly outcomes: readonly RecordOutcome[];
  /** When it was parked first, ISO 8601; null when it is not. */
  readonly parkedSince: string | null;
}>('state');
export const detectorState = defineQuery<DetectorState>('state');

export interface BackfillInput {
  readonly connection: string;
  /** Content address of the CSV in the journal. */
  readonly csvSha: string;
  /** ACE takes at most 50 records a file. */
  readonly recordsPerFile: number;
  /** Milliseconds between two looks for the answers of a wave. */
  readonly answerInterval: number;
  /** Milliseconds between two looks for the export that shows the identifiers, and how many looks. */
  readonly verifyInterval: number;
  readonly verifyRounds: number;
  readonly confirmedWaves?: number;
  readonly paused?: boolean;
  readonly progress?: BackfillProgress;
}

export interface BackfillProgress {
  readonly plan: BackfillPlanSummary | null;
  readonly wavesSent: number;
  readonly accepted: number;
  readonly refused: number;
  /** Records whose partner identifier a later export showed. */
  readonly verified: number;
}

/** Send the plan up to this wave; without a number all of it. */
export const confirmBackfill = defineSignal<[waves?: number]>('confirm');
export const pauseBackfill = defineSignal<[boolean]>('pause');
export const backfillState = defineQuery<BackfillProgress>('state');

import type { AceObject, AceRecord } from '../../ace/ace-record.ts';

/** How the record came to be; decides review, acceptance and masking. */
export type Origin = 'partnerReferral' | 'awsReferral' | 'enteredByHand' | 'lead';

/** What a record was until a change. */
export interface Snapshot {
  /** ISO time of the change that ended this state. */
  readonly until: string;
  readonly fields: AceRecord;
}

/** One record as ACE itself knows it: whole and unmasked, whatever the partner may see of it. */
export interface SimulatedRecord {
  readonly object: AceObject;
  readonly aceId: string;
  readonly origin: Origin;
  readonly fields: AceRecord;
  /** Counts changes; the record is due for export while `exported` is smaller. */
  readonly changes: number;
  readonly exported: number;
  /** Earlier states, oldest first, at most `historyDepth`: a stale export shows one of them. */
  readonly history: readonly Snapshot[];
  /** ISO time at which the review moves on by itself; null when nothing is due or review is by hand. */
  readonly reviewDue: string | null;
}

export const historyDepth = 8;

/** What became of an inbound file, kept for ever: its name is never processed again. */
export interface ProcessedFile {
  readonly key: string;
  readonly processedAt: string;
  readonly outcome: 'processed' | 'rejected' | 'duplicate';
  /** Name of the result file; null when none is written. */
  readonly resultKey: string | null;
  readonly records: number;
  /** How often the name came, the first time included. */
  readonly arrivals: number;
}

/** A request to the bucket that follows from a decision. Bodies are base64, since a file may hold any bytes. */
export type Effect =
  | { readonly kind: 'put'; readonly key: string; readonly body: string }
  | { readonly kind: 'delete'; readonly key: string; readonly etag: string };

/** Effects that wait for their time: late and doubled result files. */
export interface DelayedEffects {
  readonly due: string;
  readonly effects: readonly Effect[];
}

/** Single values of the state. */
export interface Meta {
  readonly name: 'clock' | 'payloadVersion' | 'sequence' | 'export' | 'switches' | 'policy';
  readonly value: unknown;
}

/** The collections of the state, each keyed by a string. */
export interface Tables {
  readonly records: SimulatedRecord;
  readonly files: ProcessedFile;
  readonly delayed: DelayedEffects;
  readonly meta: Meta;
}

export type Change = {
  [T in keyof Tables]: { readonly table: T; readonly key: string; readonly value: Tables[T] | null };
}[keyof Tables];

import type { SharedObject } from '../crm/crm.ts';
import type { Folder } from './messages.ts';

/**
 * What a workflow is about, in one line: its static summary, and the beginning of its current details. Temporal takes a
 * static summary from the request that starts a workflow, so that a run made by continue-as-new has none (server 1.29,
 * `addWorkflowExecutionStartedEventForContinueAsNew`; what a command carries goes to the last event of the run before).
 */
export const uploadSummary = (object: SharedObject, crmId: string): string => `${object} ${crmId} to ACE`;

export const fileSummary = (object: SharedObject, folder: Folder, key: string): string =>
  `${object} ${folder} file ${readableName(key)}`;

export const detectorSummary = (connection: string): string => `Changes in the CRM, ${connection}`;

export const backfillSummary = 'Backfill of CRM identifiers';

/** A file's name without what an id, a search attribute or markdown would take amiss. */
export const readableName = (key: string): string =>
  key
    .slice(key.lastIndexOf('/') + 1)
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .slice(0, 100);

import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { SharedObject } from '../crm/crm.ts';
import type { ResultEvidence, UploadInput } from '../workflows/messages.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';
import { uploadSummary } from '../workflows/summaries.ts';

/** The workflow id of a record's upload: one per CRM record. CRM ids are no personal data. */
export const uploadWorkflowId = (connection: string, object: SharedObject, crmId: string): string =>
  `${connection}/upload/${object}/${crmId}`;

interface SignalContext {
  readonly client: Client;
  readonly config: { readonly connection: string; readonly temporal: { readonly taskQueue: string } };
}

/** What an upload can be told; the names are those of its signals. */
export type UploadMessage =
  | { readonly signal: 'recordChanged'; readonly urgent?: boolean; readonly resend?: readonly string[] }
  | { readonly signal: 'retry' }
  | { readonly signal: 'processedResult'; readonly result: ResultEvidence };

/** Signals the upload of a record, starting it when none runs. */
export async function signalUpload(
  { client, config }: SignalContext,
  object: SharedObject,
  crmId: string,
  message: UploadMessage,
): Promise<void> {
  const input: UploadInput = { connection: config.connection, object, crmId };
  await client.workflow.signalWithStart<(input: UploadInput) => Promise<unknown>, unknown[]>('uploadRecord', {
    workflowId: uploadWorkflowId(config.connection, object, crmId),
    taskQueue: config.temporal.taskQueue,
    args: [input],
    signal: message.signal,
    signalArgs: argumentsOf(message),
    staticSummary: uploadSummary(object, crmId),
    typedSearchAttributes: searchAttributes({ AceConnection: config.connection, AceObject: object, AceCrmId: crmId }),
  });
}

/** Whether the upload of a record works or waits right now. */
export async function isUploadOpen(
  { client, config }: SignalContext,
  object: SharedObject,
  crmId: string,
): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(uploadWorkflowId(config.connection, object, crmId)).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

function argumentsOf(message: UploadMessage): unknown[] {
  if (message.signal === 'processedResult') return [message.result];
  if (message.signal === 'retry') return [];
  const { urgent, resend } = message;
  const options = { ...(urgent === true ? { urgent } : {}), ...(resend === undefined ? {} : { resend }) };
  return Object.keys(options).length === 0 ? [] : [options];
}

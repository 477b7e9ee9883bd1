import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import proto from '@temporalio/proto';

/** Recorded histories, one file each: `<workflow type>.<what happened>.json`, refreshed by `npm run record-histories`. */
export const historiesFolder = fileURLToPath(new URL('./histories/', import.meta.url));

const { History } = proto.temporal.api.history.v1;
export type History = proto.temporal.api.history.v1.IHistory;

export interface RecordedHistory {
  readonly name: string;
  readonly workflowType: string;
  readonly history: History;
}

interface HistoryFile {
  /** For readers of the file: what happened, in Temporal's words. */
  readonly events: readonly string[];
  /** `temporal.api.history.v1.History`, compressed, in base64: the SDK's own JSON form depends on how npm lays it out. */
  readonly history: string;
}

/** One history as a file. */
export function encodeHistory(history: History): string {
  const events = (history.events ?? []).map((event) => ({ ...event }));
  const encoded = Buffer.from(History.encode({ events }).finish());
  const file: HistoryFile = { events: events.map(eventName), history: gzipSync(encoded).toString('base64') };
  return `${JSON.stringify(file, null, 1)}\n`;
}

function eventName(event: proto.temporal.api.history.v1.IHistoryEvent): string {
  const attributes = Object.keys(event).find((key) => key.endsWith('EventAttributes'));
  const activity = event.activityTaskScheduledEventAttributes?.activityType?.name;
  const signal = event.workflowExecutionSignaledEventAttributes?.signalName;
  const detail = activity ?? signal;
  return `${attributes?.replace('EventAttributes', '') ?? 'unknown'}${detail ? ` ${detail}` : ''}`;
}

export function recordedHistories(): readonly RecordedHistory[] {
  return readdirSync(historiesFolder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const { history } = JSON.parse(readFileSync(historiesFolder + file, 'utf8')) as HistoryFile;
      return {
        name: file.replace(/\.json$/, ''),
        workflowType: file.split('.')[0] ?? '',
        history: History.decode(gunzipSync(Buffer.from(history, 'base64'))),
      };
    });
}

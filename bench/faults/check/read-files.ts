import type { Evidence, StoredFile, Values } from '../evidence.ts';

/** An exported or inbound file with its records; the checker reads the JSON itself. */
export interface RecordFile {
  readonly key: string;
  readonly name: string;
  readonly etag: string;
  readonly object: 'opportunity' | 'lead';
  readonly records: readonly Values[];
}

const objects = ['opportunity', 'lead'] as const;

function recordsIn(text: string): readonly Values[] {
  try {
    const file = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const list = file.opportunities ?? file.leads ?? file.Leads;
    return Array.isArray(list) ? (list as Values[]) : [];
  } catch {
    return [];
  }
}

function filesIn(files: readonly StoredFile[], folder: string): RecordFile[] {
  return objects.flatMap((object) =>
    files
      .filter(({ key }) => key.startsWith(`${object}-${folder}/`))
      .map(({ key, etag, text }) => ({
        key,
        name: key.slice(key.lastIndexOf('/') + 1),
        etag,
        object,
        records: recordsIn(text),
      })),
  );
}

/** What ACE exported: its archive holds each file as it was, whatever the sync did with the one in the folder. */
export const exportsOf = ({ bucket }: Evidence): RecordFile[] => filesIn(bucket, 'outbound-archive');

/** What the sync sent and ACE took, in the order in which ACE took it. */
export function inboundOf({ bucket, ace }: Evidence): RecordFile[] {
  const archived = new Map(filesIn(bucket, 'inbound-archive').map((file) => [file.name, file]));
  return [...ace.files]
    .sort((a, b) => (a.processedAt < b.processedAt ? -1 : 1))
    .flatMap(({ key }) => archived.get(key.slice(key.lastIndexOf('/') + 1)) ?? []);
}

/** ACE's answers by the name of the inbound file, wherever they lie. */
export function answersOf({ bucket }: Evidence): ReadonlyMap<string, readonly Values[]> {
  const answers = new Map<string, readonly Values[]>();
  for (const { key, text } of bucket) {
    if (!/-(inbound-processed-results|inbound-processed-results-archive|inbound-results-archive)\//.test(key)) continue;
    try {
      const answer = JSON.parse(text) as { fileName?: string; inboundApiResults?: Values[] };
      const name = String(answer.fileName ?? '');
      const results = answer.inboundApiResults ?? [];
      if (results.length > 0) answers.set(name.slice(name.lastIndexOf('/') + 1), results);
    } catch {
      // No answer that anybody can read.
    }
  }
  return answers;
}

export const aceIdOf = (record: Values): string | null => textOf(record.apnCrmUniqueIdentifier);
export const partnerIdOf = (record: Values): string | null =>
  textOf(record.partnerCrmUniqueIdentifier) ?? textOf(record.partnerCrmLeadId);

export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Installation, object and record id from the name of a file that the sync sent; null for another's. */
export function senderOf(name: string): { readonly installation: string; readonly recordId: string } | null {
  const match = /^([a-z0-9]+)-(?:opportunity|lead)-([A-Za-z0-9]+)-[0-9a-f]{8}-\d+_\d{14}\.json$/.exec(name);
  return match === null ? null : { installation: match[1] ?? '', recordId: match[2] ?? '' };
}

import { parse } from 'csv-parse/sync';
import { readAceFile } from '../ace/envelope.ts';
import { identityOf, isAceId } from '../ace/identity.ts';
import type { AceBucket, ObjectRef } from '../bucket/ace-bucket.ts';
import { aceFolders } from '../bucket/folders.ts';
import { AceSyncError } from '../errors.ts';
import {
  type BackfillPlan,
  type BackfillPlanSummary,
  type BackfillRow,
  type BackfillVerdict,
  backfillVerdicts,
} from './backfill-plan.ts';
import type { Dependencies } from './dependencies.ts';
import { readLinked } from './linked-records.ts';

/** Column names that are understood, in the words of AWS's extract and of Salesforce's reports. */
const columns = {
  aceId: ['apnCrmUniqueIdentifier', 'aceId', 'ACE Id'],
  crmId: ['partnerCrmUniqueIdentifier', 'crmId', 'Opportunity ID'],
} as const;

/** Files read at once: the archive holds years of them. */
const filesAtOnce = 50;

const crmIdForm = /^006[A-Za-z0-9]{15}$/;

/**
 * Judges each row of the CSV against both sides and puts what is ready into waves. Writes nothing but the plan, which
 * the journal keeps. ACE's side is what its exports and their archive show: ACE cannot be asked.
 */
export function planBackfill(deps: Dependencies) {
  return async (input: { csvSha: string; recordsPerFile: number }): Promise<BackfillPlanSummary> => {
    const csv = await deps.journal.read(input.csvSha);
    if (csv === null) throw new AceSyncError('OBJECT_GONE', 'The CSV of the backfill is not in the journal.');
    const rows = readRows(csv);
    const exported = await readExported(deps);
    const judged = await judge(deps, rows, exported);
    const plan: BackfillPlan = { rows: intoWaves(judged, input.recordsPerFile) };
    const planSha = await deps.journal.archive(Buffer.from(JSON.stringify(plan)));
    const counts = Object.fromEntries(
      backfillVerdicts.map((verdict) => [verdict, plan.rows.filter((row) => row.verdict === verdict).length]),
    ) as Record<BackfillVerdict, number>;
    return { planSha, waves: Math.ceil(counts.ready / input.recordsPerFile), counts };
  };
}

type Row = Omit<BackfillRow, 'verdict' | 'wave'>;

function readRows(csv: Buffer): readonly Row[] {
  const records: Record<string, string>[] = parse(csv, {
    columns: true,
    bom: true,
    skip_empty_lines: true,
    trim: true,
    relax_column_count: true,
  });
  const pick = (record: Record<string, string>, names: readonly string[]) =>
    names.map((name) => record[name]).find((value) => value) ?? '';
  return records.map((record, position) => ({
    line: position + 2,
    aceId: pick(record, columns.aceId),
    crmId: pick(record, columns.crmId),
  }));
}

/** Partner identifier by ACE id, from every export that can be read; the newest export of a record stands. */
async function readExported({ bucket }: Dependencies): Promise<ReadonlyMap<string, string | null>> {
  const newest = new Map<string, { at: string; partnerId: string | null }>();
  for await (const { key, bytes } of exportedFiles(bucket)) {
    const read = readAceFile(bytes, { key });
    for (const record of read.ok ? read.records : []) {
      const { aceId, partnerId } = identityOf('opportunity', record);
      const at = String(record.lastModifiedDate ?? '');
      if (aceId !== null && at >= (newest.get(aceId)?.at ?? '')) newest.set(aceId, { at, partnerId });
    }
  }
  return new Map([...newest].map(([aceId, { partnerId }]) => [aceId, partnerId]));
}

async function* exportedFiles(bucket: AceBucket): AsyncGenerator<{ readonly key: string; readonly bytes: Buffer }> {
  for (const prefix of [aceFolders.opportunity.outboundArchive, aceFolders.opportunity.outbound]) {
    let startAfter: string | null = null;
    do {
      const page = await bucket.list(prefix, startAfter === null ? {} : { startAfter });
      for (let from = 0; from < page.objects.length; from += filesAtOnce) {
        const some = page.objects.slice(from, from + filesAtOnce);
        const files = await Promise.all(
          some.map(async (file) => ({ key: file.key, bytes: await contentOf(bucket, file) })),
        );
        for (const { key, bytes } of files) if (bytes !== null) yield { key, bytes };
      }
      startAfter = page.next;
    } while (startAfter !== null);
  }
}

/**
 * Of the version that stands under the key now: scans go on beside the plan. Null when the file is gone, as its records
 * stand in the archive too, and when it is larger than ACE files may be.
 */
async function contentOf(bucket: AceBucket, file: ObjectRef): Promise<Buffer | null> {
  try {
    return await bucket.get(file);
  } catch (error) {
    const code = error instanceof AceSyncError ? error.code : null;
    if (code === 'OBJECT_GONE' || code === 'FILE_TOO_LARGE') return null;
    if (code !== 'OBJECT_REPLACED') throw error;
    const { objects } = await bucket.list(file.key, { maxKeys: 1 });
    const now = objects.find(({ key }) => key === file.key);
    return now === undefined ? null : contentOf(bucket, now);
  }
}

async function judge(
  deps: Dependencies,
  rows: readonly Row[],
  exported: ReadonlyMap<string, string | null>,
): Promise<readonly (Row & { readonly verdict: BackfillVerdict })[]> {
  const readable = rows.filter((row) => isAceId('opportunity', row.aceId) && crmIdForm.test(row.crmId));
  const states =
    readable.length === 0
      ? []
      : await readLinked(
          deps,
          'opportunity',
          readable.map(({ crmId }) => ({ crmId })),
        );
  const linked = new Map(readable.map((row, position) => [row, states[position]]));
  const taken = new Set<string>();
  return rows.map((row) => {
    const state = linked.get(row);
    if (state === undefined) return { ...row, verdict: 'unreadable' };
    if (taken.has(row.aceId) || taken.has(row.crmId)) return { ...row, verdict: 'duplicate' };
    taken.add(row.aceId).add(row.crmId);
    const { record, row: companion } = state.linked;
    if (record === null || record.deleted) return { ...row, verdict: 'unknownInCrm' };
    const held = companion?.aceId ?? record.aceId;
    const known = exported.get(row.aceId);
    if (held !== null && held !== row.aceId) return { ...row, verdict: 'linkedElsewhere' };
    if (state.intent !== null || state.obstacle !== null) return { ...row, verdict: 'busy' };
    if (known === undefined) return { ...row, verdict: 'unknownAtAce' };
    if (known !== null && known !== row.crmId) return { ...row, verdict: 'linkedElsewhere' };
    return { ...row, verdict: known === row.crmId ? 'alreadyLinked' : 'ready' };
  });
}

function intoWaves(rows: readonly (Row & { readonly verdict: BackfillVerdict })[], size: number): BackfillRow[] {
  let ready = 0;
  return rows.map((row) => ({ ...row, wave: row.verdict === 'ready' ? Math.floor(ready++ / size) + 1 : null }));
}

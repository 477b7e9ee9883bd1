import { type AceObject, type AceRecord, aceObjects, envelopeKeys } from '../../ace/ace-record.ts';
import { aceFolders } from '../../bucket/folders.ts';
import { fileTime } from './file-time.ts';
import { outboundRecord } from './outbound-record.ts';
import type { SimulatedRecord } from './state.ts';
import { type Draft, payloadVersionOf, switchesOf, type World } from './world.ts';

export interface ExportedFile {
  readonly key: string;
  readonly aceIds: readonly string[];
}

const minuteMs = 60_000;

/** Files stay below ACE's megabyte with room for the envelope. */
const fileBytes = 1_000_000;

const outboundNames: Readonly<Record<AceObject, string>> = {
  opportunity: 'Opportunities_Outbound',
  lead: 'Leads_Outbound',
};

interface View {
  readonly record: SimulatedRecord;
  readonly fields: AceRecord;
  readonly current: boolean;
}

/** What an export with a snapshot of `time` sees of the record; null when the record was not there yet. */
function viewAt(record: SimulatedRecord, time: Date): View | null {
  const earlier = record.history.find(({ until }) => Date.parse(until) > time.getTime());
  if (earlier !== undefined) return { record, fields: earlier.fields, current: false };
  const created = Date.parse(String(record.fields.createdDate));
  return created > time.getTime() ? null : { record, fields: record.fields, current: true };
}

function filesOf(views: readonly { readonly view: View; readonly text: string }[], most: number): (typeof views)[] {
  const files: { view: View; text: string }[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const entry of views) {
    const bytes = Buffer.byteLength(entry.text);
    const file = files.at(-1);
    if (file === undefined || file.length >= most || size + bytes > fileBytes) {
      files.push([entry]);
      size = bytes;
    } else {
      file.push(entry);
      size += bytes;
    }
  }
  return files;
}

/** Exports what changed since it was last exported, each file with its copy in the outbound archive. */
export function exportChanged(world: World, draft: Draft): readonly ExportedFile[] {
  const switches = switchesOf(world);
  const version = payloadVersionOf(world);
  const now = world.clock.now();
  const snapshot =
    switches.staleExportMinutes === 0 ? null : new Date(now.getTime() - switches.staleExportMinutes * minuteMs);
  const exported: ExportedFile[] = [];

  for (const object of aceObjects) {
    const views = draft
      .records()
      .filter((record) => record.object === object && record.exported < record.changes)
      .map((record) =>
        snapshot === null ? { record, fields: record.fields, current: true } : viewAt(record, snapshot),
      )
      .filter((view) => view !== null)
      .sort((a, b) => order(a) - order(b) || (a.record.aceId < b.record.aceId ? -1 : 1))
      .map((view) => ({ view, text: JSON.stringify(outboundRecord(view.record, view.fields, { version, switches })) }));
    const constant = switches.outboundName === 'constant';
    for (const file of filesOf(views, constant ? Number.POSITIVE_INFINITY : switches.recordsPerFile)) {
      const base = outboundNames[object];
      const name = constant ? `${base}.json` : `${base}_${draft.next('outboundFile')}_${fileTime(now)}.json`;
      const key = `${aceFolders[object].outbound}${name}`;
      const body = Buffer.from(
        `{"version":${JSON.stringify(envelopeVersion(version, switches.versionForm))},` +
          `"spmsId":${switches.spmsIdForm === 'number' ? Number(world.options.spmsId) : JSON.stringify(world.options.spmsId)},` +
          `"${object === 'lead' ? switches.leadsKey : envelopeKeys[object]}":[${file.map(({ text }) => text).join(',\n')}]}\n`,
      ).toString('base64');
      draft.effect({ kind: 'put', key: `${aceFolders[object].outboundArchive}${name}`, body });
      draft.effect({ kind: 'put', key, body });
      exported.push({ key, aceIds: file.map(({ view }) => view.record.aceId) });
    }
    for (const { view } of views) {
      if (view.current) draft.putRecord({ ...view.record, exported: view.record.changes });
    }
  }
  draft.put('meta', 'export', { name: 'export', value: now.toISOString() });
  return exported;
}

function order(view: View): number {
  return Date.parse(String(view.fields.lastModifiedDate));
}

function envelopeVersion(version: 1 | 2, form: 'integer' | 'decimal'): string {
  return form === 'integer' ? String(version) : `${version}.0`;
}

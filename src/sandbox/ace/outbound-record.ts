import type { AceRecord, PayloadVersion } from '../../ace/ace-record.ts';
import { fieldTables } from '../../ace/fields.ts';
import { masked } from './mask.ts';
import type { SimulatedRecord } from './state.ts';
import type { Switches } from './switches.ts';

/** Defined in the format but in none of AWS's samples: written only when they hold something. */
const absentWhenBlank: ReadonlySet<string> = new Set([
  'apnCrmLeadUniqueIdentifier',
  'backwardsCompatibilityChanges',
  'primaryContactTitle',
]);

/** AWS shows its own view of an opportunity only when it has ended (field definitions V14.3). */
const awsView: ReadonlySet<string> = new Set(['aWSStage', 'aWSCloseDate', 'aWSClosedLostReason']);
const ended: ReadonlySet<unknown> = new Set(['Launched', 'Closed Lost']);

/** The record as it stands in an outbound file: the keys of its payload version, masked where it must be. */
export function outboundRecord(
  record: SimulatedRecord,
  fields: AceRecord,
  { version, switches }: { readonly version: PayloadVersion; readonly switches: Switches },
): AceRecord {
  const visible = masked(record, fields, switches);
  const out: Record<string, unknown> = {};
  for (const field of fieldTables[record.object]) {
    const known = field.versions[version] ?? (carriedOver(field.name, switches) ? field.versions[2] : undefined);
    if (!known?.exported) continue;
    const value = awsView.has(field.name) && !ended.has(fields.stage) ? null : (visible[field.name] ?? null);
    if (value === null && absentWhenBlank.has(field.name)) continue;
    out[field.name] = value;
  }
  const closeDate = out.aWSCloseDate;
  if (switches.awsCloseDateForm === 'dateTime' && typeof closeDate === 'string') {
    out.aWSCloseDate = `${closeDate}T00:00:00.000Z`;
  }
  return out;
}

/** Fields of version 2 that version 1 shows all the same. */
function carriedOver(name: string, { reviewerCommentsV1 }: Switches): boolean {
  return name === 'apnReviewerComments' && reviewerCommentsV1;
}

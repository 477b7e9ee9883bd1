import { fixByLabels, type Problem } from '../errors.ts';

/** One field of a preview. Holds values: for the eyes of the person who asked. */
export interface PreviewedField {
  readonly aceField: string;
  readonly aceLabel: string;
  readonly path: string;
  readonly crmLabel: string;
  /** The CRM's value. */
  readonly now: unknown;
  readonly changes: boolean;
  /** In: the CRM's value afterwards. Out: what AWS gets. Null when nothing changes, or for a blank. */
  readonly becomes: unknown;
  readonly decision: string;
  readonly rule: string;
}

export interface PreviewedRecord {
  readonly direction: 'in' | 'out';
  readonly subject: string;
  readonly aceId: string | null;
  readonly crmId: string | null;
  readonly outcome: string;
  readonly code: string;
  readonly problems: readonly Problem[];
  readonly fields: readonly PreviewedField[];
  /** Fields beside the mapped ones, such as those of a new record. */
  readonly alsoWrites: Readonly<Record<string, unknown>>;
}

/** Characters of a value that are shown: enough to recognise it on a projector. */
const shownLength = 60;

/** Previews as text: what changes first, then what stays, by rule. */
export function previewText(previews: readonly PreviewedRecord[]): string {
  return `${previews.map(recordText).join('\n\n')}\n\nNothing was written.\n`;
}

function recordText(preview: PreviewedRecord): string {
  const { direction, subject, aceId, crmId, outcome, code, problems, fields, alsoWrites } = preview;
  const changed = fields.filter(({ changes }) => changes);
  const stays = fields.filter(({ changes }) => !changes);
  const lines = [`${subject}: ${outcome} (${code})`, `  CRM ${crmId ?? 'no record'}, AWS ${aceId ?? 'no record'}`];
  for (const { field, message, fix, fixBy } of problems) {
    lines.push(`  ! ${field === undefined ? '' : `${field}: `}${message} ${fixByLabels[fixBy]}: ${fix}`);
  }
  for (const one of changed) {
    const [target, source] = direction === 'in' ? [one.crmLabel, one.aceLabel] : [one.aceLabel, one.crmLabel];
    lines.push(`  ${target}   (from ${source}; ${one.rule})`);
    lines.push(`      now      ${direction === 'in' ? shown(one.now) : `${shown(one.now)} in the CRM`}`);
    lines.push(`      becomes  ${shown(one.becomes)}${direction === 'in' ? '' : ' at AWS'}`);
  }
  for (const [name, value] of Object.entries(alsoWrites))
    lines.push(`  ${name}   (new record or stage)\n      becomes  ${shown(value)}`);
  if (changed.length === 0 && Object.keys(alsoWrites).length === 0) lines.push('  No field changes.');
  const reasons = Map.groupBy(stays, ({ rule }) => rule);
  for (const [rule, group] of reasons) {
    lines.push(
      `  stays: ${group.map((one) => (direction === 'in' ? one.crmLabel : one.aceLabel)).join(', ')}   (${rule})`,
    );
  }
  return lines.join('\n');
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '(blank)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const line = text.replace(/\s+/g, ' ');
  return line.length > shownLength ? `${line.slice(0, shownLength)}… (${text.length} characters)` : line;
}

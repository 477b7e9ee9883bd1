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
  /** Values that no rule of a field writes: those of a new record, stages of referrals, the account. */
  readonly alsoWrites: readonly {
    readonly path: string;
    readonly crmLabel: string;
    readonly now: unknown;
    readonly becomes: unknown;
  }[];
  /** What else would happen, in words; holds values. */
  readonly also: readonly string[];
}

/** Characters of a value that are shown: enough to recognise it on a projector. */
const shownLength = 60;

/** Previews as text: what changes first, then what stays, by rule. */
export function previewText(previews: readonly PreviewedRecord[]): string {
  return `${previews.map(recordText).join('\n\n')}\n\nNothing was written.\n`;
}

function recordText(preview: PreviewedRecord): string {
  const { direction, subject, aceId, crmId, outcome, code, problems, fields, alsoWrites, also } = preview;
  const changed = fields.filter(({ changes }) => changes);
  const written = new Set(alsoWrites.map(({ path }) => path));
  const stays = fields.filter(({ changes, path }) => !changes && !written.has(path));
  const lines = [`${subject}: ${outcome} (${code})`, `  CRM ${crmId ?? 'no record'}, AWS ${aceId ?? 'no record'}`];
  for (const { field, message, fix, fixBy } of problems) {
    lines.push(`  ! ${field === undefined ? '' : `${field}: `}${message} ${fixByLabels[fixBy]}: ${fix}`);
  }
  for (const sentence of also) lines.push(`  + ${sentence}`);
  for (const one of changed) {
    const [target, source] = direction === 'in' ? [one.crmLabel, one.aceLabel] : [one.aceLabel, one.crmLabel];
    lines.push(`  ${target}   (from ${source}; ${one.rule})`);
    if (crmId !== null) lines.push(`      now      ${shown(one.now)}${direction === 'in' ? '' : ' in the CRM'}`);
    lines.push(`      becomes  ${shown(one.becomes)}${direction === 'in' ? '' : ' at AWS'}`);
  }
  for (const { crmLabel, now, becomes } of alsoWrites) {
    lines.push(`  ${crmLabel}   (${crmId === null ? 'new record' : 'AWS referral'})`);
    if (crmId !== null) lines.push(`      now      ${shown(now)}`);
    lines.push(`      becomes  ${shown(becomes)}`);
  }
  if (changed.length + alsoWrites.length + also.length === 0) lines.push('  No field changes.');
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

import type { Finding } from '../crm/salesforce/check/finding.ts';
import type { MappingDifference } from '../mapping/compare-mappings.ts';
import type { Effect } from './effect-tally.ts';
import type { MappingEffects } from './mapping-effects.ts';

/** What a mapping changes, for the person who is about to release it. */
export interface MappingReport {
  readonly rules: readonly MappingDifference[];
  readonly findings: readonly Finding[];
  /** Null when errors were found first. */
  readonly effects: MappingEffects | null;
}

/** The report as text: rules, findings, and the blast radius. */
export function effectsText(active: string | null, { rules, findings, effects }: MappingReport): string {
  const lines = [active === null ? 'The first release.' : `Against the active mapping ${active}:`];
  if (rules.length === 0) lines.push('  the rules are the same');
  for (const { object, what, change, parts } of rules) {
    lines.push(`  ${object}  ${what}: ${change}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`);
  }
  lines.push('', `Both schemas: ${count(findings, 'error')} errors, ${count(findings, 'warning')} warnings`);
  for (const { severity, code, message, fix } of findings) {
    // A value that nobody can choose may be a slip of the pen, though Salesforce takes it.
    if (severity !== 'note' || code === 'PICKLIST_VALUES') lines.push(`  ${severity.padEnd(8)} ${message} ${fix}`);
  }
  if (effects !== null) lines.push('', ...radius(effects));
  return `${lines.join('\n')}\n`;
}

const count = (findings: readonly Finding[], severity: Finding['severity']): number =>
  findings.filter((finding) => finding.severity === severity).length;

function radius({ records, withExport, atOnce, later, held, answered }: MappingEffects): readonly string[] {
  return [
    `Linked records: ${records.opportunity} opportunities, ${records.lead} leads; of ${withExport} the journal has an export.`,
    ...part('Changed by the mapping alone', atOnce),
    ...part('Answered by a rule with the next export, for good', answered),
    ...part('Held that are not held now', held),
    ...part('Converted otherwise when the value changes next', later),
  ];
}

const ways = { in: 'to the CRM', out: 'to AWS' } as const;

function part(title: string, effects: readonly Effect[]): readonly string[] {
  if (effects.length === 0) return [`  ${title}: nothing`];
  const lines = effects.map(
    ({ object, direction, what, rule, records }) =>
      `    ${String(records).padStart(5)} x ${object} ${ways[direction].padEnd(11)}${what}: ${rule}`,
  );
  return [`  ${title}:`, ...lines];
}

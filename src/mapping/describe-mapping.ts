import { sharedObjects } from '../crm/crm.ts';
import type { CompiledField, Mapping, ObjectMapping } from './compile.ts';
import { firstSyncWords, ownerWords } from './rule-words.ts';

/** A mapping in plain lines, for people who decide on it and do not read YAML. */
export function describeMapping(mapping: Mapping): string {
  const parts = sharedObjects.map((object) => describeObject(mapping[object]));
  return `Mapping ${mapping.version}\n\n${parts.join('\n')}`;
}

const arrows = { in: '<-', out: '->', both: '<>' } as const;
/** Width up to which a column is padded; longer paths push their line, not the table. */
const widest = 44;

function describeObject(mapping: ObjectMapping): string {
  const rows = mapping.fields.map((field) => [field.crm, arrows[field.direction], field.ace, rulesOf(field)] as const);
  const widths = [0, 1, 2].map((column) =>
    Math.min(widest, Math.max(...rows.map((row) => (row[column] ?? '').length))),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [`${mapping.object} (CRM <> ACE)`, ...settingsOf(mapping), ...lines, ''].join('\n');
}

function settingsOf(mapping: ObjectMapping): readonly string[] {
  const { share, disregard, partnerId, referral, create } = mapping;
  return [
    `  known to ACE by      ${partnerId}`,
    `  shared               ${share === null ? 'when a person chooses Share' : `when ${share.source}`}`,
    ...(disregard === null ? [] : [`  left out             when ${disregard.source}`]),
    ...(mapping.object === 'opportunity'
      ? [
          `  AWS referrals become ${referral.createAs === 'opportunity' ? 'an opportunity at once' : 'an opportunity on acceptance'}`,
        ]
      : []),
    ...mapping.answers.map(
      ({ when, acceptance, rejectionReason }, index) =>
        `  answered by rule ${index + 1}   ${acceptance}${rejectionReason == null ? '' : ` (${rejectionReason})`} when ${when.source}`,
    ),
    `  new records get      ${create.map((rule) => rule.field).join(', ')}`,
  ];
}

/** The rules of a field in words; what is usual is not said. */
function rulesOf(field: CompiledField): string {
  if (field.mirror) return "shows AWS's value";
  const rules = [
    field.direction === 'both' ? `both changed: ${ownerWords[field.owner]}` : null,
    field.direction === 'out' || field.firstSync === 'keepBoth'
      ? null
      : `first sync ${firstSyncWords[field.firstSync]}`,
    field.values === null ? null : `${field.values.toCrm.size} values mapped, others: ${field.unknownValue}`,
    field.convert === undefined ? null : `converted (${field.convert})`,
    field.transform.in === null && field.transform.out === null ? null : 'computed',
    field.default?.ace === undefined ? null : `blank is sent as ${String(field.default.ace)} when new`,
    field.clearWithNull ? 'emptied here clears AWS' : null,
    field.protectFromBlank || field.direction === 'out' ? null : 'emptied at AWS clears ours',
    field.note ?? null,
  ];
  return rules.filter((rule) => rule !== null).join('; ');
}

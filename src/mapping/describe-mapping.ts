import { sharedObjects } from '../crm/crm.ts';
import type { CompiledField, Mapping, ObjectMapping } from './compile.ts';
import { relatedTraits } from './related-records.ts';
import { firstSyncWords, ownerWords } from './rule-words.ts';

/** A mapping in plain lines, for people who decide on it and do not read YAML. */
export function describeMapping(mapping: Mapping): string {
  return sharedObjects.map((object) => describeObject(mapping[object])).join('\n');
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

/** A setting in words, and whose part of the line it is; several lines where there are several rules. */
type Setting = readonly [label: string, ...words: readonly (string | null)[]];

function settingsOf(mapping: ObjectMapping): readonly string[] {
  const { object, partnerId, share, disregard, referral, create, required, owner, leftOut = {} } = mapping;
  const isLead = object === 'lead';
  const { pendingStage, endedStage, endedLeadStatus } = referral;
  const ownerRules = owner.rules.map((rule) => `${rule.owner} when ${rule.when.source}`);
  const recordTypes = mapping.recordTypes.map(({ when, recordTypeId }) => `${recordTypeId} when ${when.source}`);
  const settings: readonly Setting[] = [
    ['known to ACE by', partnerId],
    ['shared', share !== null ? `when ${share.source}` : isLead ? 'by AWS alone' : 'when a person chooses Share'],
    ['left out', disregard && `when ${disregard.source}`],
    [isLead ? 'AWS leads become' : 'AWS referrals become', becomes[object][referral.createAs]],
    ['until the answer', isLead || pendingStage === undefined ? null : `stage ${pendingStage}`],
    ['rejected, or too late', isLead || endedStage === undefined ? null : `stage ${endedStage}`],
    ['the lead ends as', endedLeadStatus === undefined ? null : `status ${endedLeadStatus}`],
    ...mapping.answers.map(
      ({ when, acceptance, rejectionReason }, index): Setting => [
        `answered by rule ${index + 1}`,
        `${acceptance}${rejectionReason == null ? '' : ` (${rejectionReason})`} when ${when.source}`,
      ],
    ),
    ['may be in the CRM', duplicateWords(mapping)],
    ['new records get', create.map((rule) => rule.field).join(', ') || 'what is mapped'],
    ['not made without', required.join(', ') || null],
    ['their owner', firstOf([...ownerRules, owner.byEmail && `the user of ${owner.byEmail}`, owner.fallback])],
    ['their record type', firstOf([...recordTypes, mapping.recordTypeId ?? null])],
    ...mapping.related.map(({ kind, keyedBy, matches, fields, reference }): Setting => {
      const match = matches ? `, else the one of the same ${relatedTraits[kind].matchedBy}` : '';
      const made = Object.keys(fields).join(', ');
      return [`their ${kind}`, `${reference}: the one of ${keyedBy.join(', ')}${match}, else made of ${made}`];
    }),
    ['not mapped', ...Object.entries(leftOut).map(([name, why]) => `${name}: ${why}`)],
  ];
  return settings.flatMap(([label, ...words]) =>
    words
      .filter((text) => text !== null)
      .map((text, index) => `  ${(index === 0 ? label : '').padEnd(labelWidth)}${text}`),
  );
}

const labelWidth = 23;

const firstOf = (choices: readonly (string | null)[]): string | null =>
  choices.filter((choice) => choice !== null).join(', else ') || null;

const becomes = {
  opportunity: {
    opportunity: 'an opportunity at once',
    onAcceptance: 'an opportunity on acceptance',
    lead: 'a lead at once, and an opportunity on acceptance',
  },
  lead: { opportunity: 'a lead at once', onAcceptance: 'a lead on acceptance', lead: 'a lead at once' },
} as const;

function duplicateWords({ duplicates }: ObjectMapping): string | null {
  if (duplicates === undefined) return null;
  const keys = duplicates.keys.map((key) => key.map(({ ace, crm }) => `${ace} as ${crm}`).join(' and '));
  return `by ${keys.join(', or ')}: ${duplicates.onMatch}`;
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

/** ACE's own words for the problems of a record, as they stand in `errors` of a processed result. */

import type { AceRecord, PayloadVersion } from './ace-record.ts';
import { fieldDefinition, requiredLabels } from './fields.ts';
import type { RuleProblem } from './rule-problem.ts';
import { postalNotation } from './rules/customer-rules.ts';
import { type ContractSwitches, documentedSwitches } from './switches.ts';

/** The order of ACE's "Required: …" line (acceptance scenario A6.1); other fields follow in the order of the table. */
const requiredOrder = [
  'useCase',
  'targetCloseDate',
  'projectDescription',
  'postalCode',
  'partnerProjectTitle',
  'industry',
  'expectedMonthlyAwsRevenue',
  'deliveryModel',
  'customerWebsite',
  'customerCompanyName',
  'country',
  'partnerPrimaryNeedFromAws',
];

function requiredLabel(field: string): string {
  const label = Object.hasOwn(requiredLabels, field) ? requiredLabels[field] : undefined;
  return label ?? (fieldDefinition('opportunity', field)?.label || field);
}

/** ACE's one line for missing fields: "Required: Use Case;Target Launch Date;…". */
export function requiredErrorText(missing: readonly string[]): string {
  const rank = (field: string): number => {
    const index = requiredOrder.indexOf(field);
    return index === -1 ? requiredOrder.length : index;
  };
  const sorted = [...new Set(missing)].sort((a, b) => rank(a) - rank(b));
  return `Required: ${sorted.map(requiredLabel).join(';')}`;
}

/** Texts per field of the older style (FAQ 2022), where they are known. */
const perField: Readonly<Record<string, string>> = {
  useCase: 'Validation Error: Value is required. Use Case',
  expectedMonthlyAwsRevenue: 'Missing Required Field: Estimated AWS Monthly Recurring Revenue cannot be blank or 0',
  deliveryModel: 'Delivery Model is required.',
};

function perFieldText(field: string): string {
  return Object.hasOwn(perField, field) ? (perField[field] ?? '') : `Missing Required Field: ${requiredLabel(field)}`;
}

/**
 * The texts that ACE would answer, each once: first the joined line of missing fields, then the others. Warnings have none.
 * They hold values of the record as ACE's do, so they are data and not for logs. Where ACE's text is unknown a neutral
 * "Invalid Data: …" stands in.
 */
export function aceErrors(
  problems: readonly RuleProblem[],
  input: {
    readonly record: AceRecord;
    readonly stored?: AceRecord | undefined;
    readonly switches?: ContractSwitches;
    readonly version?: PayloadVersion;
  },
): readonly string[] {
  const errors = problems.filter((problem) => problem.severity === 'error');
  const isRequired = (problem: RuleProblem): boolean => problem.aceText?.startsWith('Required: ') ?? false;
  const missing = errors.filter(isRequired).flatMap((problem) => (problem.field === undefined ? [] : [problem.field]));
  const joined = (input.switches ?? documentedSwitches).requiredText === 'joined';
  const required = missing.length === 0 ? [] : joined ? [requiredErrorText(missing)] : missing.map(perFieldText);
  const others = errors.filter((problem) => !isRequired(problem)).map((problem) => textOf(problem, input));
  return [...new Set([...required, ...others])];
}

function textOf(
  problem: RuleProblem,
  { record, stored }: { readonly record: AceRecord; readonly stored?: AceRecord | undefined },
): string {
  if (problem.aceText === undefined)
    return `Invalid Data: ${problem.field === undefined ? problem.code : requiredLabel(problem.field)}`;
  const country = record.country ?? stored?.country;
  return problem.aceText
    .replaceAll('<value>', () => asText(problem.field === undefined ? '' : record[problem.field]))
    .replaceAll('<country>', () => asText(country))
    .replaceAll('<format>', () => postalNotation(country) ?? '');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

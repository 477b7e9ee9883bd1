import { parse } from 'yaml';
import { z } from 'zod';
import type { CrmValue } from '../crm/crm.ts';
import type { Mapping } from './compile.ts';
import { toAce, toCrm } from './field-values.ts';
import { rowPrefix } from './mapping-checks.ts';
import { planNewRecord } from './new-record.ts';

/**
 * Golden files of a mapping: what a record of one side must become on the other. A case names only the fields it cares
 * about. Read from YAML or JSON by `ace-sync mapping test DIR`.
 */
const crmValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const goldenCaseSchema = z.strictObject({
  object: z.enum(['opportunity', 'lead']),
  /** An ACE record as exported, and the CRM values of a new record made of it. */
  in: z.strictObject({ ace: z.record(z.string(), z.unknown()), gives: z.record(z.string(), crmValue) }).optional(),
  /** CRM values by path, and the fields of a new ACE record made of them. */
  out: z.strictObject({ crm: z.record(z.string(), crmValue), gives: z.record(z.string(), z.unknown()) }).optional(),
});
export type GoldenCase = z.infer<typeof goldenCaseSchema>;

export interface GoldenFailure {
  readonly direction: 'in' | 'out';
  readonly field: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** Reads a golden file. @throws ZodError or YAMLParseError when it is none. */
export const readGoldenCase = (text: string): GoldenCase => goldenCaseSchema.parse(parse(text));

/** Runs one case. @param now ISO 8601, what `{today}` means in fallbacks. */
export async function runGoldenCase(
  mapping: Mapping,
  golden: GoldenCase,
  now: string,
): Promise<readonly GoldenFailure[]> {
  const failures: GoldenFailure[] = [];
  const compare = (
    direction: 'in' | 'out',
    expected: Readonly<Record<string, unknown>>,
    got: Readonly<Record<string, unknown>>,
  ) => {
    for (const [field, value] of Object.entries(expected)) {
      const found = got[field] ?? null;
      if (JSON.stringify(found) !== JSON.stringify(value))
        failures.push({ direction, field, expected: value, got: found });
    }
  };
  if (golden.in !== undefined) compare('in', golden.in.gives, await newCrmValues(mapping, golden, now));
  if (golden.out !== undefined) compare('out', golden.out.gives, await newAceValues(mapping, golden));
  return failures;
}

async function newCrmValues(
  mapping: Mapping,
  { object, in: from }: GoldenCase,
  now: string,
): Promise<Record<string, unknown>> {
  const own = mapping[object];
  const record = from?.ace ?? {};
  const values: Record<string, CrmValue> = {};
  for (const field of own.fields.filter((one) => one.direction !== 'out' && one.ace in record)) {
    const converted = await toCrm(field, record, true);
    values[field.crm] = converted.ok ? converted.value : `(${converted.code})`;
  }
  const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  const plain = Object.fromEntries(Object.entries(filled).filter(([path]) => !path.startsWith(rowPrefix)));
  return { ...(await planNewRecord(own, record, now, plain)).fields, ...filled };
}

async function newAceValues(mapping: Mapping, { object, out: from }: GoldenCase): Promise<Record<string, unknown>> {
  const crm = from?.crm ?? {};
  const values: Record<string, unknown> = {};
  for (const field of mapping[object].fields.filter((one) => one.direction !== 'in')) {
    const converted = await toAce(field, crm[field.crm], crm, true);
    values[field.ace] = converted.ok ? converted.value : `(${converted.code})`;
  }
  return values;
}

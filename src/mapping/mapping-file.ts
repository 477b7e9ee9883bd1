import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { AceSyncError, type Problem } from '../errors.ts';
import { conversionNames } from './conversions.ts';
import { checkMappingFile } from './mapping-checks.ts';
import { aceField, crmPath, expression, scalar } from './mapping-words.ts';
import {
  accountSchema,
  contactSchema,
  duplicatesSchema,
  newRecordValue,
  ownerSchema,
  recordTypesSchema,
  referralSchema,
} from './new-record-rules.ts';

/**
 * The mapping file of a connection: what happens to each field, in YAML that a sales-operations person can read.
 * The JSON Schema beside the shipped mapping is generated from this schema.
 */

export const directions = ['in', 'out', 'both'] as const;
export const owners = ['ace', 'crm', 'ask'] as const;
export const firstSyncRules = ['keepBoth', 'ace', 'crm', 'fillBlanks', 'ask'] as const;
export const unknownValueRules = ['default', 'hold', 'pass', 'leaveOut'] as const;

export const fieldSchema = z.strictObject({
  ace: aceField,
  crm: crmPath,
  direction: z.enum(directions).meta({ description: 'in: ACE to CRM; out: CRM to ACE; both.' }),
  owner: z.enum(owners).default('ask').meta({
    description: 'Whose value stays when both sides changed it since they last agreed; ask leaves it to a person.',
  }),
  firstSync: z.enum(firstSyncRules).default('keepBoth').meta({
    description: 'What happens to a difference when a record is synced for the first time. keepBoth writes nothing.',
  }),
  values: z
    .record(z.string(), z.union([scalar, z.array(scalar).min(1)]))
    .optional()
    .meta({
      description:
        'ACE value to CRM value. With several CRM values the first is written, and each of them is sent as the ACE value.',
    }),
  unknownValue: z.enum(unknownValueRules).default('hold').meta({
    description:
      'A value outside the value map: take the default, hold the field, pass it unchanged, or leave it out of a list.',
  }),
  convert: z.enum(conversionNames).optional().meta({ description: 'A named conversion with both directions.' }),
  transform: z
    .strictObject({
      in: expression.optional().meta({ description: 'Reads `value` and `ace`; gives the CRM value.' }),
      out: expression.optional().meta({ description: 'Reads `value` and `crm`; gives the ACE value.' }),
    })
    .optional(),
  default: z.strictObject({ ace: scalar.optional(), crm: scalar.optional() }).optional().meta({
    description:
      'Value of that side for an unknown value, and for a blank one when a record is created. Never overwrites.',
  }),
  protectFromBlank: z.boolean().default(true).meta({ description: "ACE's blank never clears the CRM field." }),
  clearWithNull: z
    .boolean()
    .default(false)
    .meta({ description: 'An emptied CRM field is cleared at ACE (sent as null).' }),
  cutTo: z
    .strictObject({ ace: z.int().positive().optional(), crm: z.int().positive().optional() })
    .optional()
    .meta({ description: 'Characters to which a longer text may be cut, by side. Without it a longer text is held.' }),
  note: z.string().optional().meta({ description: 'Who decided this, and why.' }),
});
export type FieldEntry = z.infer<typeof fieldSchema>;

export const objectSchema = z.strictObject({
  partnerId: crmPath.default('Id').meta({ description: 'What ACE knows the record by; frozen at the first send.' }),
  share: expression.optional().meta({ description: 'Which CRM records go to ACE; reads the CRM record.' }),
  disregard: expression
    .optional()
    .meta({ description: 'Which ACE records are left out; reads the ACE record, and the CRM record as $crm.' }),
  recordTypes: recordTypesSchema,
  recordTypeId: z
    .string()
    .optional()
    .meta({ description: 'Record type of new records, where no rule of `recordTypes` holds.' }),
  owner: ownerSchema.optional(),
  account: accountSchema.optional(),
  contact: contactSchema.optional(),
  duplicates: duplicatesSchema.optional(),
  referral: referralSchema.prefault({}),
  create: z.record(z.string(), newRecordValue).default({}).meta({ description: 'Fields of a new CRM record.' }),
  required: z.array(z.string()).default([]).meta({ description: 'Fields without which the CRM takes no new record.' }),
  fields: z.array(fieldSchema).min(1),
  leftOut: z
    .record(aceField, z.string())
    .optional()
    .meta({ description: 'ACE fields that are not mapped on purpose, with who decided this and why.' }),
});
export type ObjectEntry = z.infer<typeof objectSchema>;

export const mappingSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  opportunity: objectSchema,
  lead: objectSchema,
});
export type MappingFile = z.infer<typeof mappingSchema>;

export type ParsedMapping =
  | { readonly ok: true; readonly file: MappingFile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Largest mapping file, in characters: more is a mistake, and YAML aliases multiply. */
const maxLength = 1_000_000;

/** Reads a mapping file; every problem at once, each with its path (and line, for YAML itself). Never throws. */
export function parseMappingFile(text: string): ParsedMapping {
  if (text.length > maxLength) return refuse([['', `expected at most ${maxLength} characters, got ${text.length}`]]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    return refuse(
      document.errors.map((error) => {
        const line = lines.linePos(error.pos[0]).line;
        return [`line ${line}`, error.message.split('\n')[0] ?? 'not YAML'];
      }),
    );
  }
  const parsed = mappingSchema.safeParse(toPlain(document));
  if (!parsed.success) {
    return refuse(parsed.error.issues.map((issue) => [pathText(issue.path), issue.message]));
  }
  const problems = checkMappingFile(parsed.data);
  return problems.length > 0 ? refuse(problems) : { ok: true, file: parsed.data };
}

/** The mapping file. @throws MAPPING_INVALID naming every problem with its path. */
export function readMappingFile(text: string): MappingFile {
  const parsed = parseMappingFile(text);
  if (parsed.ok) return parsed.file;
  throw new AceSyncError('MAPPING_INVALID', parsed.problems.map((problem) => problem.message).join('; '));
}

function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch {
    return undefined;
  }
}

/** `opportunity.fields[3].owner`, as an editor's search finds it. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
}

function refuse(problems: readonly (readonly [path: string, message: string])[]): ParsedMapping {
  return {
    ok: false,
    problems: problems.map(([path, message]) => ({
      code: 'MAPPING_INVALID',
      field: path,
      message: path === '' ? message : `${path}: ${message}`,
      fix: 'Correct the named path in the mapping file.',
      fixBy: 'engineer',
    })),
  };
}

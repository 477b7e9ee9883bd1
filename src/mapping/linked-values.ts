import type { CrmFields, CrmValue, Linked } from '../crm/crm.ts';
import { canonicalCrm, type Hasher } from './canonical.ts';
import type { CompiledField } from './compile.ts';
import { rowPrefix } from './mapping-checks.ts';

/** The CRM's value of a mapped field: from the companion row where the path names it, else from the record. */
export function crmValueOf(field: CompiledField, linked: Linked): CrmValue {
  const value = field.rowField === null ? linked.record?.fields[field.crm] : linked.row?.fields[field.rowField];
  return value ?? null;
}

/** The hash of the CRM's side of a field. */
export const crmHash = (field: CompiledField, linked: Linked, hash: Hasher): string =>
  hash(field.key, 'crm', canonicalCrm(field.type, crmValueOf(field, linked)));

/** Record and row as one set of paths, as expressions read them. */
export function allFields(linked: Linked): CrmFields {
  const row = Object.entries(linked.row?.fields ?? {}).map(([name, value]) => [rowPrefix + name, value] as const);
  return { Id: linked.record?.id ?? null, ...linked.record?.fields, ...Object.fromEntries(row) };
}

import type { AceObject, PayloadVersion, Programme } from './ace-record.ts';
import { contractTables } from './contract-tables.ts';
import { type CreateRule, fieldDefinition } from './fields.ts';

const onCreate: Readonly<Record<CreateRule, string>> = {
  mandatory: 'Required from the first send on.',
  conditional: 'Required in some cases.',
  optional: 'Optional.',
  readOnly: 'AWS fills it in; it cannot be sent.',
};

/** When ACE asks for a field, in words: what the field table says of a create, and the rules that name the field. */
export function whenRequired(
  object: AceObject,
  name: string,
  asked: { readonly version: PayloadVersion; readonly programme: Programme },
): string {
  const inVersion = fieldDefinition(object, name)?.versions[asked.version];
  if (inVersion === undefined) return `Not in payload version ${asked.version}.`;
  const rules = contractTables.rules
    .filter((rule) => rule.object === object && rule.field === name && rule.severity === 'error')
    .filter(({ versions, when }) => versions.includes(asked.version) && concerns(when.programmes, asked.programme))
    .map(({ sentence }) => sentence);
  const first = inVersion.createRule === 'conditional' && rules.length > 0 ? [] : [onCreate[inVersion.createRule]];
  return [...new Set([...first, ...rules])].join(' ');
}

const concerns = (programmes: readonly Programme[] | undefined, programme: Programme): boolean =>
  programmes?.includes(programme) ?? true;

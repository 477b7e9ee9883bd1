import { type AceObject, isBlank } from '../../ace/ace-record.ts';
import { type Identity, identityFields } from '../../ace/identity.ts';
import type { SimulatedRecord } from './state.ts';
import type { Switches } from './switches.ts';
import type { Draft } from './world.ts';

/** The record with the partner's identifier. */
export function findByPartnerId(draft: Draft, object: AceObject, partnerId: string): SimulatedRecord | undefined {
  const { partner } = identityFields[object];
  return draft.records().find((record) => record.object === object && record.fields[partner] === partnerId);
}

/** ACE's match: its own identifier first, then the partner's; the FAQ of 2021 knows only the partner's. */
export function matchRecord(
  draft: Draft,
  object: AceObject,
  { aceId, partnerId }: Identity,
  { matchBy }: Pick<Switches, 'matchBy'>,
): SimulatedRecord | undefined {
  const byAceId = aceId === null ? undefined : draft.get('records', aceId);
  // Accept and reject files carry ACE's identifier alone in AWS's own samples, so it counts when it stands alone.
  const aceIdCounts = matchBy === 'eitherIdentifier' || partnerId === null;
  if (aceIdCounts && byAceId?.object === object) return byAceId;
  return partnerId === null ? undefined : findByPartnerId(draft, object, partnerId);
}

/** The record that a person names, by either identifier. Throws a RangeError when there is none. */
export function requireRecord(draft: Draft, id: string): SimulatedRecord {
  const record =
    draft.get('records', id) ??
    draft.records().find(({ object, fields }) => {
      const partnerId = fields[identityFields[object].partner];
      return !isBlank(partnerId) && partnerId === id;
    });
  if (record === undefined)
    throw new RangeError(`No record has the identifier ${id}, neither ACE's nor the partner's.`);
  return record;
}

import { type ObjectMapping, sentFields } from './compile.ts';
import { dueSide } from './conflicts.ts';
import {
  agreedHalf,
  beforeAll,
  type FieldKey,
  type Half,
  justAfter,
  type ReceivedState,
  type SentState,
  unknownSide,
} from './sync-state.ts';

/**
 * Halves that make the present values of fields due, whatever was agreed on: a person wants AWS to have them, after a
 * changed mapping for instance. What AWS holds already is not sent again, and fields that ACE owns stay its own.
 * @param aceFields names of ACE fields; those that the mapping does not send are left out.
 */
export function dueHalves(
  mapping: ObjectMapping,
  sent: SentState | null,
  received: ReceivedState | null,
  aceFields: readonly string[],
): Readonly<Record<FieldKey, Half>> {
  const halves: Record<FieldKey, Half> = {};
  for (const { key, ace, owner } of sentFields(mapping)) {
    if (!aceFields.includes(ace) || owner === 'ace') continue;
    const agreed = agreedHalf(sent, received, key);
    halves[key] = {
      ace: agreed?.ace ?? unknownSide,
      crm: dueSide,
      at: agreed === null ? beforeAll : justAfter(agreed.at),
    };
  }
  return halves;
}

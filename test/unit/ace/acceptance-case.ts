/**
 * What ACE must say, case by case, from AWS's acceptance scenarios (the ids), the data contract and the known error texts.
 * Nothing in the cases is read from the rules under test.
 */

import type { AceObject, AceRecord, Intent, PayloadVersion, Programme } from '../../../src/ace/ace-record.ts';
import type { ContractSwitches } from '../../../src/ace/switches.ts';
import { approved, ids, mandatoryCreate } from './sample-records.ts';

export interface AcceptanceCase {
  readonly id: string;
  readonly says: string;
  readonly object: AceObject;
  readonly version: PayloadVersion;
  readonly programme: Programme;
  readonly intent: Intent;
  readonly record: AceRecord;
  readonly stored?: AceRecord;
  readonly switches?: Partial<ContractSwitches>;
  /** Fields of errors, sorted; an empty text stands for an error of the whole record. Empty: ACE takes the record. */
  readonly refused: readonly string[];
  /** Fields of warnings, sorted: ACE takes the record and drops them, or something is odd with them. */
  readonly warned: readonly string[];
  /** Codes of the problems in their order, where fields alone do not tell. */
  readonly codes?: readonly string[];
  /** ACE's texts, where a source holds them. */
  readonly texts?: readonly string[];
}

export type Short = Partial<Omit<AcceptanceCase, 'id' | 'says'>>;

export const both: readonly PayloadVersion[] = [1, 2];

export function cases(
  id: string,
  says: string,
  versions: readonly PayloadVersion[],
  make: (version: PayloadVersion) => Short,
): readonly AcceptanceCase[] {
  return versions.map((version) => ({
    id: `${id} v${version}`,
    says,
    object: 'opportunity',
    version,
    programme: 'consulting',
    intent: 'create',
    record: {},
    refused: [],
    warned: [],
    ...make(version),
  }));
}

/** A create: the mandatory fields with changes; `undefined` takes a field away. */
export function create(version: PayloadVersion, changes: AceRecord): AceRecord {
  const all = { ...mandatoryCreate(version), ...changes };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** An update of an approved opportunity: identifiers and changes over what ACE holds. */
export function update(version: PayloadVersion, changes: AceRecord, held: AceRecord = {}): Short {
  return { intent: 'update', record: { ...ids, ...changes }, stored: approved(version, held) };
}

export const launched = { stage: 'Launched', awsAccountId: '123456789012' };
export const contract = {
  procurementType: 'Subscription',
  customerSoftwareValue: 24000.5,
  customerSoftwareValueCurrency: 'USD',
  contractStartDate: '2026-12-01',
  contractEndDate: '2027-11-30',
};
export const contractNames = Object.keys(contract).sort();
export const contractText =
  "Following fields are required for all ISV Accelerate and SaaS Revenue Recognition when Opportunity is Launched: 'Customer Software Value (Number and Currency)', 'Procurement Type', 'Contract Effective Date/Term Start Date' and 'Contract Expiration Date'.";
export const clearText =
  'Clear values in Marketing Activity Channel, Marketing Activity UseCase, AWS Campaign Name and Was Marketing Development Funds Used.';
export const notEditable = ['Record is not editable.'];

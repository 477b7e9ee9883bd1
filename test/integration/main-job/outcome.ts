import { allAceFolders } from '../../../src/bucket/folders.ts';
import type { MainJob } from './main-job.ts';

export interface Outcome {
  readonly crm: readonly unknown[];
  readonly ace: readonly unknown[];
  /** Files in the folders that are empty when all is done. */
  readonly files: readonly string[];
}

const recordFields = ['Name', 'StageName', 'CloseDate', 'Description'];
const rowFields = ['Status__c', 'Reason_Code__c', 'Shared__c', 'Origin__c', 'AWS_Stage__c', 'Acceptance__c'];

const pick = (values: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  names.map((name) => values[name] ?? null);

const bySentence = (left: unknown, right: unknown): number => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1);

/**
 * What both sides hold in the end, without what may differ between two runs that did the same: identifiers, times, and
 * the order of things.
 */
export async function bothSides({ ace, standIn, names }: MainJob): Promise<Outcome> {
  const { rows } = standIn.administration;
  const companions = rows('ACE_Sync__c');
  const crm = [...rows('Opportunity'), ...rows('Lead')].map((record) => {
    const row = companions.find(({ CRM_Record_Id__c }) => CRM_Record_Id__c === record.Id) ?? {};
    return [
      ...pick(record, recordFields),
      Boolean(record.ACE_Id__c),
      record.ACE_Sync__c === row.Id,
      ...pick(row, rowFields),
    ];
  });
  const atAce = (await ace.records()).map(({ object, fields }) => [
    object,
    ...pick(fields, ['partnerProjectTitle', 'stage', 'status', 'partnerAcceptanceStatus', 'targetCloseDate']),
    Boolean(fields.partnerCrmUniqueIdentifier),
  ]);
  const folders = allAceFolders.filter((folder) => !folder.includes('archive'));
  const files = (
    await Promise.all(folders.map(async (folder) => (await names(folder)).map((name) => folder + name)))
  ).flat();
  return { crm: crm.sort(bySentence), ace: atAce.sort(bySentence), files };
}

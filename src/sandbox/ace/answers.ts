import { payloadVersions } from '../../ace/ace-record.ts';
import { maximumRecords } from '../../ace/envelope.ts';

/**
 * What the simulator answers in words of its own, beside those of the contract's rules (`aceErrors`): of one record, and
 * of a file that it refuses whole. In one table, so that a test holds each to a class of answers.
 */
export const recordAnswers = {
  notEditable: () => 'Record is not editable.',
  unchangedLead: () => 'No new update identified for this record',
  // Partners cannot create leads (acceptance scenarios D); ACE's text for it was not found.
  leadUnknown: () => 'Lead not found.',
  opportunityUnknown: () => 'Opportunity not found.',
  partnerIdMissing: () => 'Required: Partner CRM Unique Identifier',
  ownerUnknown: (label: string, email: string) => `User not found for ${label} Owner email:${email}`,
  // Salesforce's wording of a unique field, since Partner Central is an org; ACE's own text was not found.
  partnerIdTaken: (field: string, aceId: string) =>
    `duplicate value found: ${field} duplicates value on record with id: ${aceId}`,
} as const;

export const fileAnswers = {
  notAnObject: (text: string) => `[${text}] is not of type 'object'`,
  nameUsed: () => 'A file with this name was already processed.',
  ending: () => 'Only files with the ending .json are processed.',
  tooLarge: (bytes: string) => `The file has ${bytes} bytes; at most 1 MB is processed.`,
  otherFolder: (object: string, folder: string) => `The file holds ${object} records in the ${folder} folder.`,
  tooMany: (records: string) => `The file has ${records} records; at most ${maximumRecords} are processed.`,
  empty: () => 'The file has no records.',
  otherPartner: () => "The file's spmsId is not the partner's.",
  versionUnknown: () => `The version is none of ${payloadVersions.join(', ')}.`,
  versionLower: (current: string) => `The version can only be upgraded; the partner uses version ${current}.`,
} as const;

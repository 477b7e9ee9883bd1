/**
 * The folders of an ACE bucket, by object and purpose. Every value ends in a slash, so that it is a key prefix.
 * Source: AWS's "Sharing opportunities and leads through Amazon S3" and the 2022 integration kit's access table.
 */

export type AceObject = 'opportunity' | 'lead';

export interface AceFolders {
  /** The partner puts files here; AWS takes them away after processing. */
  readonly inbound: string;
  /** AWS exports here about once an hour; the partner gets, tags and deletes. */
  readonly outbound: string;
  /** One result file per inbound file, usually within five minutes. */
  readonly processedResults: string;
  /** AWS's copies of processed inbound files; the partner may only read. */
  readonly inboundArchive: string;
  /** AWS's copies of exported files; the partner may only read. */
  readonly outboundArchive: string;
  /** AWS's documents disagree on this folder's name, so evidence is looked for in each of them. */
  readonly processedResultsArchives: readonly string[];
}

function foldersOf(object: AceObject): AceFolders {
  return {
    inbound: `${object}-inbound/`,
    outbound: `${object}-outbound/`,
    processedResults: `${object}-inbound-processed-results/`,
    inboundArchive: `${object}-inbound-archive/`,
    outboundArchive: `${object}-outbound-archive/`,
    processedResultsArchives: [`${object}-inbound-processed-results-archive/`, `${object}-inbound-results-archive/`],
  };
}

export const aceFolders: Readonly<Record<AceObject, AceFolders>> = {
  opportunity: foldersOf('opportunity'),
  lead: foldersOf('lead'),
};

/** The folders that the sync itself reads and writes, by the short name that workflows use. */
export function folderPrefix(object: AceObject, folder: 'inbound' | 'outbound' | 'results'): string {
  return aceFolders[object][folder === 'results' ? 'processedResults' : folder];
}

/** Every folder of the bucket, once. */
export const allAceFolders: readonly string[] = Object.values(aceFolders).flatMap((folders) => [
  folders.inbound,
  folders.outbound,
  folders.processedResults,
  folders.inboundArchive,
  folders.outboundArchive,
  ...folders.processedResultsArchives,
]);

/** AWS names its buckets `ace-apn-<spmsId>-<environment>-us-west-2`; all of them are in us-west-2. */
export function aceBucketName(spmsId: string, environment: 'beta' | 'prod'): string {
  return `ace-apn-${spmsId}-${environment}-us-west-2`;
}

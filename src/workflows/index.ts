export { backfillOpportunities } from './backfill-opportunities.ts';
export { detectChanges } from './detect-changes.ts';
export { processOutboundFile } from './process-outbound-file.ts';
export { processResultFile } from './process-result-file.ts';
export { scanOutbound, scanResults } from './scan-folder.ts';
export { uploadRecord } from './upload-record.ts';
export { watchConnection } from './watch-connection.ts';

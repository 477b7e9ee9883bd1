import type { Switches } from './switches.ts';

export interface RecordResult {
  /** As the record carried it; null when it carried none. Lead results use the opportunity's key as well. */
  readonly partnerId: string | null;
  readonly aceId: string | null;
  /** Empty for a success. */
  readonly errors: readonly string[];
}

export interface FileResult {
  /** Full key of the inbound file. */
  readonly key: string;
  readonly processedAt: Date;
  readonly spmsId: string;
  readonly results: readonly RecordResult[];
}

/** The result file as AWS's samples of 2023 show it; the switches give the older and disagreeing forms. */
export function writeResultFile(file: FileResult, switches: Switches): Buffer {
  const failed = file.results.filter((result) => result.errors.length > 0).length;
  return jsonBytes({
    success: failed === 0 ? 'ALL' : failed === file.results.length ? 'NONE' : switches.mixedSuccess,
    spmsId: switches.spmsIdForm === 'number' ? Number(file.spmsId) : file.spmsId,
    isApiError: false,
    inboundApiResults: file.results.map(({ partnerId, aceId, errors }) => ({
      ...(switches.resultWarnings === 'null' ? { warnings: null } : {}),
      partnerCrmUniqueIdentifier: partnerId,
      isSuccess: errors.length === 0,
      errors: errors.length === 0 ? null : errors,
      apnCrmUniqueIdentifier: aceId,
    })),
    fileName: file.key,
    fileApnProcessedDT: file.processedAt.toISOString(),
    apiErrors: null,
  });
}

/** A file that is refused whole: one text, no results. The shape is known from third-party code only. */
export function writeErrorFile(key: string, error: string): Buffer {
  return jsonBytes({ error, fileName: key });
}

function jsonBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value, null, 2));
}

/**
 * The shapes of signals that carry something, checked before they are taken in: people send them by hand, and other
 * releases send others. Fields that nobody knows are let through. An argument that is left out may come as null.
 */

const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isIndex = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;
const isListOf = (value: unknown, fits: (entry: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(fits);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const signalShapes = {
  recordChanged: (options) =>
    isAbsent(options) ||
    (isObject(options) &&
      (isAbsent(options.urgent) || typeof options.urgent === 'boolean') &&
      (isAbsent(options.resend) || isListOf(options.resend, isText))),
  processedResult: (evidence) =>
    isObject(evidence) &&
    isText(evidence.name) &&
    (evidence.index === null || isIndex(evidence.index)) &&
    typeof evidence.journalSha === 'string' &&
    /^[0-9a-f]{64}$/.test(evidence.journalSha) &&
    typeof evidence.processedAt === 'string' &&
    !Number.isNaN(Date.parse(evidence.processedAt)) &&
    typeof evidence.success === 'boolean' &&
    (evidence.replyTo === null || isText(evidence.replyTo)),
  retryRecords: (indexes) => isAbsent(indexes) || isListOf(indexes, isIndex),
  resultHandled: (handled) => isObject(handled) && isText(handled.crmId),
  confirmBackfill: (waves) => isAbsent(waves) || isIndex(waves),
  pauseBackfill: (paused) => typeof paused === 'boolean',
} as const satisfies Record<string, (argument: unknown) => boolean>;

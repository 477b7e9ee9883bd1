import type { AceObject, AceRecord, PayloadVersion } from '../../ace/ace-record.ts';
import { maximumRecords, readAceFile } from '../../ace/envelope.ts';
import { resultNameOf } from '../../ace/file-name.ts';
import { maximumFileBytes } from '../../ace/read-json.ts';
import { aceFolders } from '../../bucket/folders.ts';
import { fileAnswers } from './answers.ts';
import { deliverResult, processedAt } from './deliver-result.ts';
import { exportChanged } from './export.ts';
import { type Decision, decideRecord } from './inbound-record.ts';
import { writeErrorFile, writeResultFile } from './result-file.ts';
import { approve } from './review.ts';
import type { Switches } from './switches.ts';
import { upgradeRecords } from './upgrade.ts';
import { type Draft, payloadVersionOf, switchesOf, type World } from './world.ts';

export interface InboundFile {
  readonly object: AceObject;
  readonly key: string;
  readonly etag: string;
  readonly bytes: Buffer;
}

type Outcome = 'processed' | 'rejected' | 'duplicate';

/** Decides a whole inbound file as ACE does and writes the decision, with the files that follow from it, to the draft. */
export function decideInboundFile(world: World, draft: Draft, file: InboundFile): Outcome {
  const { key, etag, bytes, object } = file;
  const switches = switchesOf(world);
  const folders = aceFolders[object];
  const name = key.slice(folders.inbound.length);
  draft.effect({ kind: 'put', key: `${folders.inboundArchive}${name}`, body: bytes.toString('base64') });
  draft.effect({ kind: 'delete', key, etag });

  const earlier = draft.get('files', key);
  if (earlier !== undefined) {
    draft.put('files', key, { ...earlier, arrivals: earlier.arrivals + 1 });
    if (switches.duplicateName === 'errorOverResult') {
      const resultKey = `${folders.processedResults}${resultNameOf(key, switches.resultSuffix)}`;
      const body = writeErrorFile(key, fileAnswers.nameUsed()).toString('base64');
      draft.effect({ kind: 'put', key: resultKey, body });
    }
    return 'duplicate';
  }

  const reading = readWhole(world, file, switches);
  const rejected = typeof reading === 'string';
  const resultName = resultNameOf(key, rejected ? switches.rejectedSuffix : switches.resultSuffix);
  const decisions = rejected ? [] : decideRecords(world, draft, file, reading);
  draft.put('files', key, {
    key,
    processedAt: world.clock.now().toISOString(),
    outcome: rejected ? 'rejected' : 'processed',
    resultKey: `${folders.processedResults}${resultName}`,
    records: decisions.length,
    arrivals: 1,
  });
  const result = rejected
    ? writeErrorFile(key, reading)
    : writeResultFile(
        {
          key,
          processedAt: processedAt(world, key),
          spmsId: world.options.spmsId,
          results: decisions.map(({ result }) => result),
        },
        switches,
      );
  overtakeResult(world, draft, decisions, switches);
  deliverResult(world, draft, { object, name: resultName, body: result.toString('base64') });
  return rejected ? 'rejected' : 'processed';
}

interface Readable {
  readonly version: PayloadVersion;
  readonly records: readonly AceRecord[];
}

/** The records of a file that ACE takes, or its text for a file that it refuses whole. */
function readWhole(world: World, file: InboundFile, switches: Switches): Readable | string {
  const input = (): string => fileAnswers.notAnObject(file.bytes.toString('utf8').slice(0, 2_000));
  if (!file.key.endsWith('.json')) return fileAnswers.ending();
  const { length } = file.bytes;
  if (length > maximumFileBytes || (length === maximumFileBytes && switches.sizeLimit === 'below')) {
    return fileAnswers.tooLarge(String(length));
  }
  const reading = readAceFile(file.bytes, { key: file.key });
  if (!reading.ok) return input();
  if (reading.object !== file.object) return fileAnswers.otherFolder(reading.object, file.object);
  if (reading.records.length > maximumRecords) {
    return fileAnswers.tooMany(String(reading.records.length));
  }
  if (reading.records.length === 0) return fileAnswers.empty();
  if (reading.spmsId !== null && reading.spmsId !== world.options.spmsId) {
    return fileAnswers.otherPartner();
  }
  const current = payloadVersionOf(world);
  if (reading.problems.some(({ code }) => code === 'ACE_VERSION')) {
    return fileAnswers.versionUnknown();
  }
  const version = reading.version ?? 1;
  if (version < current && switches.lowerVersion === 'refused') {
    return fileAnswers.versionLower(String(current));
  }
  return { version: version === 2 || current === 2 ? 2 : 1, records: reading.records };
}

function decideRecords(world: World, draft: Draft, file: InboundFile, reading: Readable): readonly Decision[] {
  if (reading.version > payloadVersionOf(world)) {
    draft.put('meta', 'payloadVersion', { name: 'payloadVersion', value: reading.version });
    upgradeRecords(world, draft);
  }
  return reading.records.map((record) =>
    decideRecord(world, draft, { object: file.object, version: reading.version, record }),
  );
}

/** Unfriendly switches under which an export of the hour shows what happened before the result file says it. */
function overtakeResult(world: World, draft: Draft, decisions: readonly Decision[], switches: Switches): void {
  const refusedInReview = decisions.flatMap(({ inReview }) => (inReview === null ? [] : [inReview]));
  if (switches.approveBeforeRefusal && refusedInReview.length > 0) {
    for (const aceId of new Set(refusedInReview)) {
      const record = draft.get('records', aceId);
      if (record !== undefined) approve(world, draft, record);
    }
    exportChanged(world, draft);
  }
  if (switches.exportBeforeResult && decisions.some(({ created }) => created)) exportChanged(world, draft);
}

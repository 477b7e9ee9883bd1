import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, before, describe, it } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { lookForEvidence } from '../../../src/activities/look-for-evidence.ts';
import { putFile } from '../../../src/activities/put-file.ts';
import { readAnswer } from '../../../src/activities/read-answer.ts';
import { whatDoesAceKnow } from '../../../src/activities/what-does-ace-know.ts';
import { type AceBucket, createAceBucket } from '../../../src/bucket/ace-bucket.ts';
import { aceFolders } from '../../../src/bucket/folders.ts';
import type { Send } from '../../../src/mapping/sync-state.ts';
import { type S3Fault, startS3FaultProxy } from '../../../src/sandbox/ace/fault-proxy.ts';
import { freshAceBucket, type TestAceBucket, whenDone } from '../../support/shared-stack.ts';

const crmId = '006000000000001AAA';
const { inbound, inboundArchive, processedResults, processedResultsArchives } = aceFolders.opportunity;
const [resultsArchive = ''] = processedResultsArchives;

const send = (attempt: number, kind: Send['kind']): Send => ({
  name: `one-opportunity-${crmId}-0a1b2c3d-${attempt}_03022026090000.json`,
  sha: '0a1b2c3d',
  at: '2026-03-02T09:00:00.000Z',
  kind,
  fields: {},
});

const answerTo = (name: string, isSuccess: boolean) =>
  JSON.stringify({
    success: 'true',
    fileName: inbound + name,
    fileApnProcessedDT: '2026-03-02T09:05:00.000Z',
    inboundApiResults: [
      { partnerCrmUniqueIdentifier: crmId, apnCrmUniqueIdentifier: 'O1', isSuccess, errors: isSuccess ? [] : ['Busy'] },
    ],
  });

describe('what became of a file', () => {
  let bucket: TestAceBucket;
  let seen: AceBucket;
  let faults: readonly S3Fault[] = [];
  let attempt = 0;

  before(async () => {
    bucket = await freshAceBucket();
    const { bucket: name, region, endpoint, partner } = bucket.provisioned;
    const proxy = await startS3FaultProxy({ target: endpoint, faults: () => faults });
    seen = createAceBucket({ name, region, endpoint: proxy.url, credentials: { static: partner } });
    whenDone(async () => {
      seen.close();
      await proxy.stop();
    });
  });
  afterEach(() => {
    faults = [];
  });

  const deny = (...prefixes: readonly string[]) => {
    faults = prefixes.map((prefix) => ({
      effect: 'accessDenied',
      contains: `prefix=${prefix}`,
      share: 1,
      delayMs: 0,
    }));
  };
  const nextFile = (kind: Send['kind']) => {
    attempt += 1;
    return send(attempt, kind);
  };
  /** What the activities use, with a CRM that knows nothing; whatever else they touch is missing. */
  const dependencies = () =>
    ({
      bucket: seen,
      files: { get: seen.get },
      journal: { archive: async (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex') },
      waits: { resultTimeLimit: 1000, probeInterval: 2000 },
      config: { connection: 'main', installation: 'one', ace: { environment: 'beta', spmsId: '1' } },
      mapping: { opportunity: { crmPaths: [], rowFields: [] } },
      sample: null,
      crm: {
        identity: async () => ({ orgId: 'o', userId: 'u' }),
        find: async () => [{ record: null, row: null }],
      },
    }) as unknown as Dependencies;
  const look = (file: Send, acknowledged = true) =>
    lookForEvidence(dependencies())({ object: 'opportunity', crmId, send: file, acknowledged });
  const putAgain = (file: Send) =>
    new MockActivityEnvironment().run(() =>
      putFile(dependencies())({ object: 'opportunity', crmId, send: file, adopted: true }),
    );
  const result = (name: string, suffix: string) => name.replace('.json', suffix);

  for (const kind of ['update', 'create'] as const) {
    it(`is unknown while the results folder refuses a look, so its ${kind} waits`, async () => {
      const file = nextFile(kind);
      await bucket.ace.put(
        processedResults + result(file.name, '_result.json'),
        Buffer.from(answerTo(file.name, true)),
      );
      deny(processedResults);
      assert.equal((await whatDoesAceKnow({ bucket: seen }, 'opportunity', file.name)).result, 'unknown');
      const known = await look(file);
      assert.deepEqual([known.kind, 'mark' in known && known.mark.code], ['pending', 'INBOUND_UNKNOWN']);
      deny();
      assert.equal((await look(file)).kind, 'result');
    });
  }

  it('is unknown while the inbound folder refuses a look', async () => {
    const file = nextFile('update');
    deny(inbound);
    const known = await look(file);
    assert.deepEqual([known.kind, 'mark' in known && known.mark.code], ['pending', 'INBOUND_UNKNOWN']);
  });

  it('is not told by an archive that refuses a look: an update is sent again, a new record by a person', async () => {
    deny(inboundArchive, ...processedResultsArchives);
    assert.equal((await look(nextFile('update'), false)).kind, 'released');
    assert.equal((await look(nextFile('create'), false)).kind, 'lost');
  });

  it('is not seen by who would put it again, so a new record is not put', async () => {
    for (const prefix of [inbound, inboundArchive, processedResults]) {
      deny(prefix);
      assert.deepEqual(await putAgain(nextFile('create')), { kind: 'unseen' }, prefix);
    }
  });

  it('is that it was never sent when every place is empty and nobody acknowledged it', async () => {
    assert.equal((await look(nextFile('create'), false)).kind, 'neverSent');
  });

  it('is told by an archive while the results folder refuses a look', async () => {
    const file = nextFile('create');
    await bucket.ace.put(resultsArchive + result(file.name, '_result.json'), Buffer.from(answerTo(file.name, true)));
    deny(processedResults);
    assert.equal((await look(file)).kind, 'result');
  });

  it('is read from the bucket again when the journal lost it, and told as lost when that is gone too', async () => {
    const { name } = nextFile('update');
    const answer = Buffer.from(answerTo(name, true));
    const journalSha = createHash('sha256').update(answer).digest('hex');
    const journal = { ...dependencies().journal, read: async () => null };
    const read = (sha: string) =>
      readAnswer({ ...dependencies(), journal }, 'opportunity', { name, index: 0, journalSha: sha });
    assert.equal(await read(journalSha), null);
    await bucket.ace.put(processedResults + result(name, '_result.json'), answer);
    assert.equal((await read(journalSha))?.aceId, 'O1');
    assert.equal(await read('f'.repeat(64)), null, 'another answer is not taken for it');
  });

  for (const [where, folder] of [
    ['beside it', processedResults],
    ['in an archive', resultsArchive],
  ] as const) {
    it(`is the result of its records, ${where}, and not the refusal of the file`, async () => {
      const file = nextFile('create');
      await bucket.ace.put(processedResults + result(file.name, '_error.json'), Buffer.from('Not an object'));
      await bucket.ace.put(folder + result(file.name, '_result.json'), Buffer.from(answerTo(file.name, true)));
      const known = await look(file);
      assert.ok(known.kind === 'result');
      assert.equal(known.evidence.success, true);
    });
  }
});

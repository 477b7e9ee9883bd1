import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Client, Connection, type WorkflowExecutionInfo } from '@temporalio/client';
import { historyText } from '../../test/support/history-text.ts';
import type {
  AceRecordSeen,
  ChangedField,
  Commit,
  Evidence,
  JournalLine,
  Run,
  StoredFile,
  TakenFile,
  Values,
} from './evidence.ts';

/** Where to look; plain addresses and paths, because the checker uses none of the sync's own clients. */
export interface Places {
  readonly connection: string;
  readonly installation: string;
  readonly spmsId: string;
  readonly bucket: { readonly name: string; readonly endpoint: string; readonly region: string };
  /** ACE's own keys: the bucket's owner sees everything. */
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly aceControlUrl: string;
  readonly standInUrl: string;
  readonly integrationUserId: string;
  readonly temporal: { readonly address: string; readonly namespace: string };
  readonly folder: string;
  readonly logFiles: readonly string[];
}

const foreignFile = 'opportunity-inbound-processed-results/other-installation_000001_result.json';

function s3ClientOf({ bucket, keys }: Places): S3Client {
  const { endpoint, region } = bucket;
  return new S3Client({ endpoint, region, credentials: { ...keys }, forcePathStyle: true });
}

/** Puts the result of another system's file into the results folder, before the day begins. */
export async function plantForeignFile(places: Places): Promise<Evidence['foreign']> {
  const client = s3ClientOf(places);
  const Body = JSON.stringify({
    success: 'true',
    spmsId: places.spmsId,
    isApiError: 'false',
    fileName: 'opportunity-inbound/other-installation_000001.json',
    fileApnProcessedDT: new Date().toISOString(),
    inboundApiResults: [],
  });
  try {
    const { ETag } = await client.send(
      new PutObjectCommand({ Bucket: places.bucket.name, Key: foreignFile, Body, ContentType: 'application/json' }),
    );
    return [{ key: foreignFile, etag: unquoted(ETag) }];
  } finally {
    client.destroy();
  }
}

export async function gatherEvidence(
  places: Places,
  known: Pick<Evidence, 'foreign' | 'unsettled' | 'pages' | 'notices'>,
): Promise<Evidence> {
  const { connection, installation, spmsId, integrationUserId, folder } = places;
  const [Opportunity, Lead, ACE_Sync__c, ACE_Connection__c] = await Promise.all(
    ['Opportunity', 'Lead', 'ACE_Sync__c', 'ACE_Connection__c'].map((object) => rowsOf(places, object)),
  );
  return {
    connection,
    installation,
    spmsId,
    integrationUserId,
    bucket: await filesOf(places),
    ace: {
      records: (await askAce(places, 'records')) as AceRecordSeen[],
      files: (await askAce(places, 'files')) as TakenFile[],
    },
    crm: {
      rows: {
        Opportunity: Opportunity ?? [],
        Lead: Lead ?? [],
        ACE_Sync__c: ACE_Sync__c ?? [],
        ACE_Connection__c: ACE_Connection__c ?? [],
      },
      commits: await commitsOf(join(folder, 'salesforce', 'journal.jsonl')),
    },
    journal: await ledgerIn<JournalLine>(join(folder, 'journal', 'outcomes')),
    changes: await ledgerIn<ChangedField>(join(folder, 'journal', 'changes')),
    runs: await runsOf(places),
    logs: await Promise.all(
      places.logFiles.map(async (name) => ({ name, text: await readFile(name, 'utf8').catch(() => '') })),
    ),
    ...known,
  };
}

const unquoted = (etag: string | undefined): string => (etag ?? '').replaceAll('"', '');

async function filesOf(places: Places): Promise<StoredFile[]> {
  const client = s3ClientOf(places);
  const Bucket = places.bucket.name;
  const files: StoredFile[] = [];
  try {
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket, ContinuationToken }));
      for (const { Key, ETag, Size } of page.Contents ?? []) {
        if (Key === undefined || (Size ?? 0) === 0) continue;
        const body = await client.send(new GetObjectCommand({ Bucket, Key }));
        const archived = Key.includes('-archive/');
        const tags = archived ? [] : ((await client.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet ?? []);
        files.push({
          key: Key,
          etag: unquoted(ETag),
          tags: Object.fromEntries(tags.map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
          text: (await body.Body?.transformToString()) ?? '',
        });
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  } finally {
    client.destroy();
  }
  return files;
}

async function askAce({ aceControlUrl }: Places, operation: string): Promise<unknown> {
  const answer = await fetch(new URL(`/${operation}`, aceControlUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  return ((await answer.json()) as { result: unknown }).result;
}

async function rowsOf({ standInUrl }: Places, object: string): Promise<Values[]> {
  const answer = await fetch(`${standInUrl}/__standin/rows?object=${object}`);
  return ((await answer.json()) as Values[]).filter((row) => row.IsDeleted !== true);
}

/** The stand-in keeps its org as a list of commits, each with the rows as they then were. */
async function commitsOf(path: string): Promise<Commit[]> {
  const entries = (await linesOf(path)) as { kind: string; rows?: { object: string; id: string; values: Values }[] }[];
  return entries.flatMap(({ kind, rows }) =>
    kind === 'rows' ? (rows ?? []).filter((row) => row.values !== null) : [],
  );
}

/** A ledger of the journal has one file per day. */
async function ledgerIn<Line>(folder: string): Promise<Line[]> {
  const days = (await readdir(folder).catch(() => [])).sort();
  const lines = await Promise.all(days.map((day) => linesOf(join(folder, day))));
  return lines.flat() as Line[];
}

async function linesOf(path: string): Promise<unknown[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as unknown];
    } catch {
      // A kill cut it short; its writer wrote it again.
      return [];
    }
  });
}

async function runsOf({ temporal }: Places): Promise<Run[]> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const client = new Client({ connection, namespace: temporal.namespace });
    const listed = await patiently(() => Array.fromAsync(client.workflow.list()));
    const latest = new Map(listed.map((info) => [info.workflowId, info] as const));
    for (const info of listed) {
      const other = latest.get(info.workflowId);
      if (other !== undefined && other.startTime < info.startTime) latest.set(info.workflowId, info);
    }
    const probing = [...latest.values()].filter(isAtWork);
    const infos = [...listed, ...(await Promise.all(probing.map((info) => afterItsProbe(client, info))))];
    const runs: Run[] = [];
    // A few at once: one by one takes minutes with thousands of runs, all at once is more than the server likes.
    const atOnce = 8;
    for (let start = 0; start < infos.length; start += atOnce) {
      const part = infos.slice(start, start + atOnce).map(async (info): Promise<Run> => {
        const { events } = await client.workflow.getHandle(info.workflowId, info.runId).fetchHistory();
        const attributes = Object.entries(info.searchAttributes).map(([name, values]) => [
          name,
          String(values?.[0] ?? ''),
        ]);
        return {
          workflowId: info.workflowId,
          type: info.type,
          status: info.status.name,
          startedAt: info.startTime.toISOString(),
          attributes: Object.fromEntries(attributes) as Record<string, string>,
          history: historyText(events),
        };
      });
      runs.push(...(await Promise.all(part)));
    }
    return runs;
  } finally {
    await connection.close();
  }
}

const probeLooks = 30;

type SeenRun = Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'runId' | 'type' | 'status' | 'startTime' | 'searchAttributes'
>;

/** Whoever is held looks again now and then, and says meanwhile that it works: what it says afterwards counts. */
async function afterItsProbe(client: Client, info: SeenRun): Promise<SeenRun> {
  let now = info;
  for (let look = 0; look < probeLooks && isAtWork(now); look += 1) {
    await delay(1_000);
    now = await client.workflow.getHandle(info.workflowId).describe();
  }
  return now;
}

/** A probe may also go on in a run that was not listed yet. */
const isAtWork = ({ type, status, searchAttributes: { AceOutcome } }: SeenRun): boolean =>
  /^(uploadRecord|process.*File)$/.test(type) &&
  (status.name === 'CONTINUED_AS_NEW' ||
    (status.name === 'RUNNING' && !/held|waiting|parked|rejected/.test(String(AceOutcome?.[0] ?? ''))));

/** A dev server with thousands of runs on a busy machine loses sight of its namespace for a moment. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 10) throw error;
      await delay(3_000);
    }
  }
}

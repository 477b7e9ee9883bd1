import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { createConnectionHold } from '../activities/connection-hold.ts';
import type { Dependencies, MappingInUse, PlanningDependencies } from '../activities/dependencies.ts';
import { createFileCache } from '../activities/file-cache.ts';
import { createSettledFiles } from '../activities/settled-files.ts';
import { waitsOf } from '../activities/waits.ts';
import { createAceBucket } from '../bucket/ace-bucket.ts';
import type { Configuration } from '../config/configuration.ts';
import { readSecret, type Secret } from '../config/secret.ts';
import { createSalesforceCrm } from '../crm/salesforce/create-salesforce-crm.ts';
import { AceSyncError } from '../errors.ts';
import { createJournal, openJournalStore } from '../journal/journal.ts';
import { createKeyedHasher } from '../mapping/keyed-hasher.ts';
import { createOrgCheck } from './check-org.ts';
import { withCrashPoints } from './crash-points.ts';
import { mappingInUse } from './mapping-source.ts';

/**
 * What it takes to plan and preview: the CRM and the hash key, without Temporal and the bucket.
 * @param mapping to plan with. @default the released one
 */
export async function createPlanningDependencies(
  config: Configuration,
  mapping?: MappingInUse,
): Promise<PlanningDependencies> {
  return {
    config,
    ...(mapping ?? (await mappingInUse(config))),
    crm: createSalesforceCrm(config.salesforce),
    hash: createKeyedHasher(readHashKey(config.hashKey)),
    now: () => new Date(),
  };
}

/**
 * Makes everything that activities work with, from one validated configuration.
 * @param mapping to work with. @default the released one
 */
export async function createDependencies(
  config: Configuration,
  temporal: Client,
  log: Logger,
  mapping?: MappingInUse,
): Promise<Dependencies> {
  const followed = mapping ?? (await mappingInUse(config));
  const journalStore = openJournalStore(config.journal);
  const now = () => new Date();
  const { bucket, crm, journal, client } = withCrashPoints({
    bucket: createAceBucket(config.ace.bucket),
    crm: createSalesforceCrm(config.salesforce),
    journal: createJournal(config.journal, journalStore),
    client: temporal,
  });
  return {
    config,
    bucket,
    crm,
    checkOrg: createOrgCheck(config),
    hold: createConnectionHold(crm, config.connection),
    ...followed,
    journal,
    journalStore,
    hash: createKeyedHasher(readHashKey(config.hashKey)),
    client,
    log,
    now,
    waits: waitsOf(config.timing),
    files: createFileCache(bucket, journal),
    settled: createSettledFiles(bucket, now),
    running: (object, folder) => runningFiles(client, config.connection, object, folder),
  };
}

/** Bytes of the hash key, as SHA-256's HMAC wants them. */
const shortestHashKey = 32;

function readHashKey(secret: Secret): Buffer {
  const key = Buffer.from(readSecret(secret));
  if (key.length >= shortestHashKey) return key;
  throw new AceSyncError('SECRET_MISSING', `hashKey has ${key.length} bytes, expected at least ${shortestHashKey}.`);
}

/** Ids of running file workflows, from visibility: late by a moment at times, which only costs a start that is "known". */
async function runningFiles(client: Client, connection: string, object: string, folder: string): Promise<Set<string>> {
  const type = folder === 'outbound' ? 'processOutboundFile' : 'processResultFile';
  const query = `WorkflowType = '${type}' AND ExecutionStatus = 'Running' AND AceConnection = '${connection}' AND AceObject = '${object}'`;
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query })) ids.add(workflowId);
  return ids;
}

import { join, resolve } from 'node:path';
import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { aceBucketName, aceFolders, allAceFolders } from '../../bucket/folders.ts';
import { AceSyncError } from '../../errors.ts';
import { ensureIdentity } from './ensure-identity.ts';
import { type KeyPair, keyPairInFile } from './key-pair.ts';
import type { VersitygwServer } from './start-versitygw.ts';

export interface ProvisionedAceBucket {
  readonly bucket: string;
  readonly endpoint: string;
  readonly region: string;
  /** ACE's side: owns the bucket, exports, takes inbound files, writes results. */
  readonly ace: KeyPair;
  /** The partner's side: what ace-sync works with. */
  readonly partner: KeyPair;
}

/**
 * Makes the bucket of a partner as AWS does: all folders, ACE as owner, the partner with a policy like AWS's.
 * Doing it again changes nothing; both key pairs live as long as the data folder.
 */
export async function provisionAceBucket(
  server: VersitygwServer,
  { spmsId, dataFolder }: { readonly spmsId: string; readonly dataFolder: string },
): Promise<ProvisionedAceBucket> {
  const bucket = aceBucketName(spmsId, 'beta');
  const keyFolder = join(resolve(dataFolder), 'versitygw');
  const ace = await keyPairInFile(join(keyFolder, `ace-${spmsId}-keys.json`));
  const partner = await keyPairInFile(join(keyFolder, `partner-${spmsId}-keys.json`));
  await ensureIdentity(server, ace, 'userplus');
  await ensureIdentity(server, partner, 'user');

  const asOwner = s3Client(server, ace);
  const asRoot = s3Client(server, server.root);
  try {
    await ensureBucket(asOwner, bucket);
    for (const Key of allAceFolders) {
      await asRoot.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.alloc(0) }));
    }
    const Policy = JSON.stringify(aceBucketPolicy(bucket, ace.accessKeyId, partner.accessKeyId));
    await asRoot.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error';
    throw new AceSyncError('SERVICE_FAILED', `Making bucket ${bucket}: ${name}; see ${server.logFile}.`, {
      cause: error,
    });
  } finally {
    asOwner.destroy();
    asRoot.destroy();
  }
  return { bucket, endpoint: server.url, region: server.region, ace, partner };
}

function s3Client({ region, url }: VersitygwServer, credentials: KeyPair): S3Client {
  return new S3Client({ region, endpoint: url, forcePathStyle: true, credentials });
}

/**
 * What AWS lets a partner do: put into the inbound folders, and only with the ACL that hands the object to AWS; get,
 * delete and tag exports and results; read the archives; list. versitygw names access keys as principals, and once a
 * bucket has a policy even its owner needs to be allowed by it.
 */
function aceBucketPolicy(bucket: string, aceAccessKeyId: string, partnerAccessKeyId: string) {
  const all = Object.values(aceFolders);
  const objectsIn = (folders: readonly string[]) => folders.map((folder) => `arn:aws:s3:::${bucket}/${folder}*`);
  const allow = (Sid: string, Action: readonly string[], Resource: readonly string[], extra: object = {}) => ({
    Sid,
    Effect: 'Allow',
    Principal: { AWS: [partnerAccessKeyId] },
    Action,
    Resource,
    ...extra,
  });
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Owner',
        Effect: 'Allow',
        Principal: { AWS: [aceAccessKeyId] },
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      },
      allow('List', ['s3:ListBucket', 's3:GetBucketLocation'], [`arn:aws:s3:::${bucket}`]),
      allow('PutInbound', ['s3:PutObject', 's3:PutObjectAcl'], objectsIn(all.map(({ inbound }) => inbound)), {
        Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
      allow('GetInbound', ['s3:GetObject'], objectsIn(all.map(({ inbound }) => inbound))),
      allow(
        'SettleExportsAndResults',
        ['s3:GetObject', 's3:DeleteObject', 's3:GetObjectTagging', 's3:PutObjectTagging', 's3:DeleteObjectTagging'],
        objectsIn(all.flatMap(({ outbound, processedResults }) => [outbound, processedResults])),
      ),
      allow(
        'ReadArchives',
        ['s3:GetObject', 's3:GetObjectTagging'],
        objectsIn(
          all.flatMap(({ inboundArchive, outboundArchive, processedResultsArchives }) => [
            inboundArchive,
            outboundArchive,
            ...processedResultsArchives,
          ]),
        ),
      ),
    ],
  };
}

async function ensureBucket(client: S3Client, bucket: string): Promise<void> {
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectOwnership: 'BucketOwnerPreferred' }));
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
  }
}

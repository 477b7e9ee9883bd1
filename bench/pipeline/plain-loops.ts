import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Connection } from 'jsforce';
import type { BenchStack } from './bench-stack.ts';

/**
 * The peers, written as partners write them: list, get, upsert one record after the other, delete. No state, no retry,
 * no proof; `inFlight` files at once.
 * @returns seconds
 */
export async function runPlainLoop(stack: BenchStack, inFlight: number): Promise<number> {
  const s3 = new S3Client({
    region: 'us-west-2',
    endpoint: stack.s3.url,
    forcePathStyle: true,
    credentials: stack.partner,
  });
  const salesforce = new Connection({
    instanceUrl: stack.salesforce.url,
    accessToken: stack.org.accessToken,
    version: '62.0',
  });
  const Bucket = stack.bucket;
  const start = performance.now();
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'opportunity-outbound/', ContinuationToken: token }),
    );
    keys.push(...(page.Contents ?? []).flatMap(({ Key, Size }) => (Key !== undefined && Size !== 0 ? [Key] : [])));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  let next = 0;
  const loop = async () => {
    for (let index = next++; index < keys.length; index = next++) {
      const Key = keys[index] ?? '';
      const object = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const file = JSON.parse((await object.Body?.transformToString()) ?? '{}') as {
        opportunities: Record<string, string>[];
      };
      for (const record of file.opportunities) {
        await salesforce.sobject('Opportunity').upsert(
          {
            ACE_Id__c: record.apnCrmUniqueIdentifier,
            Name: record.partnerProjectTitle,
            StageName: 'Prospecting',
            CloseDate: record.targetCloseDate,
            Description: record.projectDescription,
          },
          'ACE_Id__c',
        );
      }
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  const seconds = (performance.now() - start) / 1000;
  s3.destroy();
  return seconds;
}

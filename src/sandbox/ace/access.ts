import { switchesOf, type World } from './world.ts';

/**
 * Makes the bucket policy follow the switch accessDenied: ACE keeps its own access, and the partner's statements go away
 * until the switch is off again. The policy before is stored first, so that a killed simulator can still restore it.
 */
export async function applyAccess(world: World): Promise<void> {
  const { store, storage, options } = world;
  const saved = store.get('meta', 'policy');
  const denied = switchesOf(world).accessDenied;
  if (denied && saved === undefined) {
    const before = await storage.policy();
    store.commit([{ table: 'meta', key: 'policy', value: { name: 'policy', value: before } }]);
  }
  if (denied) await storage.setPolicy(ownerOnly(options.bucket, options.s3.accessKeyId));
  if (!denied && saved !== undefined) {
    await storage.setPolicy(typeof saved.value === 'string' ? saved.value : null);
    store.commit([{ table: 'meta', key: 'policy', value: null }]);
  }
}

function ownerOnly(bucket: string, accessKeyId: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: [accessKeyId] },
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      },
    ],
  });
}

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { lookForEvidence } from '../../../src/activities/look-for-evidence.ts';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { AceSyncError, type ErrorCode } from '../../../src/errors.ts';
import { crmId } from '../mapping/world.ts';
import { renderNow, sharedRecord } from './linked-world.ts';

for (const code of ['OBJECT_GONE', 'OBJECT_REPLACED'] satisfies ErrorCode[]) {
  it(`an answer that is ${code} once it is read is looked for anew, and counts neither as none nor as the end`, async () => {
    const send = await renderNow(sharedRecord());
    const key = `${aceFolders.opportunity.processedResults}${send.name.replace('.json', '_result.json')}`;
    const deps = {
      bucket: {
        exists: async () => 'absent',
        list: async () => ({ objects: [{ key, etag: 'e', size: 1, lastModified: send.at }], next: null }),
      },
      files: {
        get: async () => {
          throw new AceSyncError(code, key);
        },
      },
    } as unknown as Dependencies;
    const look = lookForEvidence(deps)({ object: 'opportunity', crmId, send, acknowledged: true });
    await assert.rejects(look, (error: AceSyncError) => error.code === 'BUCKET_UNAVAILABLE' && error.entry.retryable);
  });
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  outcomeFromTags,
  outcomes,
  outcomeTagKey,
  shortEtag,
  tagsWithOutcome,
} from '../../../src/bucket/outcome-tag.ts';

const etag = '99914b932bd37a50b983c5e7c90ae93b';
const otherEtag = 'd751713988987e9331980363e24189ce';

describe('outcome tag', () => {
  it('is read back for the version that it was written for, and for no other', () => {
    for (const outcome of outcomes) {
      const tags = tagsWithOutcome([], outcome, etag);
      assert.equal(outcomeFromTags(tags, etag), outcome);
      assert.equal(outcomeFromTags(tags, otherEtag), null);
    }
  });

  it('replaces its own tag and keeps those of others', () => {
    const theirs = { Key: 'partner_processed', Value: 'true' };
    const first = tagsWithOutcome([theirs], 'parked', etag);
    const second = tagsWithOutcome(first, 'dismissed', etag);
    assert.deepEqual(second, [theirs, { Key: outcomeTagKey, Value: `dismissed:${shortEtag(etag)}` }]);
  });

  it('is no outcome when somebody else wrote another word under the key', () => {
    assert.equal(outcomeFromTags([{ Key: outcomeTagKey, Value: 'true' }], etag), null);
    assert.equal(outcomeFromTags([{ Key: outcomeTagKey }], etag), null);
  });

  it('keeps to the characters and lengths that S3 allows, for every kind of ETag', () => {
    for (const odd of [etag, `${etag}-12`, '"quoted"', 'W/"weak"', '']) {
      for (const { Key, Value } of tagsWithOutcome([], 'rejected', odd)) {
        assert.match(Key, /^[\w .:/=+\-@]{1,128}$/);
        assert.match(Value, /^[\w .:/=+\-@]{0,256}$/);
      }
    }
  });
});

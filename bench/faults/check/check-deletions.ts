import type { Evidence, Violation } from '../evidence.ts';
import { exportsOf } from './read-files.ts';

/** An outbound file leaves the bucket only when each of its records has an outcome and none is parked. */
export function checkDeletions(evidence: Evidence): readonly Violation[] {
  const present = new Set(evidence.bucket.map(({ key, etag }) => `${key}@${etag}`));
  const outcomes = new Map<string, string>();
  for (const { id, kind, outcome } of evidence.journal) {
    const version = /^(.*@[^@]*)@[^@]*#(\d+)$/.exec(id);
    if (kind === 'outboundRecord' && version !== null) outcomes.set(`${version[1]}#${version[2]}`, outcome ?? '');
  }
  return exportsOf(evidence).flatMap(({ key, etag, records }) => {
    const version = `${key.replace('-outbound-archive/', '-outbound/')}@${etag}`;
    if (present.has(version)) return [];
    return records.flatMap((_, index): Violation[] => {
      const outcome = outcomes.get(`${version}#${index}`);
      if (outcome !== undefined && outcome !== 'parked') return [];
      const what = outcome === undefined ? 'deleted without an outcome' : 'deleted although parked';
      return [{ promise: 'deletedTooEarly', where: `${version}#${index}`, what }];
    });
  });
}

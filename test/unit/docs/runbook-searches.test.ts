import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackfillOutcome } from '../../../src/workflows/backfill-opportunities.ts';
import * as workflows from '../../../src/workflows/index.ts';
import type { OutboundFileResult, UploadPhase, UploadResult } from '../../../src/workflows/messages.ts';
import type { ResultFileResult } from '../../../src/workflows/process-result-file.ts';
import { searchAttributeNames } from '../../../src/workflows/search-attributes.ts';
import { readDocument } from './document.ts';
import { savedQueries } from './saved-queries.ts';

/** Complete by their types: an outcome that the code learns is missing here until it is told. */
type Listed<T extends string> = Readonly<Record<T, true>>;
const upload: Listed<Exclude<UploadPhase, 'done' | 'waitingForResult'> | UploadResult['outcome']> = {
  planning: true,
  sending: true,
  waiting: true,
  held: true,
  accepted: true,
  nothing: true,
  notShared: true,
  gone: true,
};
const outboundFile: Listed<OutboundFileResult['outcome'] | 'parked'> = {
  processed: true,
  parked: true,
  rejected: true,
  gone: true,
  replaced: true,
  observed: true,
};
const resultFile: Listed<ResultFileResult['outcome']> = {
  handled: true,
  foreign: true,
  unreadable: true,
  gone: true,
  replaced: true,
  observed: true,
};
const backfill: Listed<BackfillOutcome> = { waiting: true, paused: true, sending: true, done: true };
const outcomes = { uploads: upload, 'outbound files': outboundFile, 'result files': resultFile, backfill };

const runbook = readDocument('docs/runbook.md');

test('the runbook lists every search attribute, and every outcome of each kind of workflow', () => {
  const rows = new Map([...runbook.matchAll(/^\| `(Ace\w+)` \| (.+) \|$/gm)].map(([, name, text]) => [name, text]));
  assert.deepEqual([...rows.keys()].toSorted(), [...searchAttributeNames].toSorted());
  const told = (rows.get('AceOutcome') ?? '').split('; ').map((part) => {
    const [kind = '', names = ''] = part.split(': ');
    return [kind, names.replaceAll('`', '').split(', ')];
  });
  assert.deepEqual(
    Object.fromEntries(told),
    Object.fromEntries(Object.entries(outcomes).map(([kind, names]) => [kind, Object.keys(names)])),
  );
});

test('the saved queries of the runbook ask for attributes, outcomes and workflows that there are', () => {
  assert.ok(savedQueries.length > 5);
  const known = new Set(Object.values(outcomes).flatMap((names) => Object.keys(names)));
  for (const { name, query } of savedQueries) {
    for (const [attribute] of query.matchAll(/\b(?!Ace)[A-Z]\w+(?= (?:=|IN))|\bAce\w+/g))
      assert.ok(
        [...searchAttributeNames, 'ExecutionStatus', 'WorkflowType'].includes(attribute),
        `${attribute} in "${name}"`,
      );
    for (const [, values = ''] of query.matchAll(/AceOutcome (?:=|IN) (\([^)]*\)|"\w+")/g))
      for (const [, outcome = ''] of values.matchAll(/"(\w+)"/g))
        assert.ok(known.has(outcome), `${outcome} in "${name}"`);
    for (const [, type = ''] of query.matchAll(/WorkflowType = "(\w+)"/g))
      assert.ok(type in workflows, `${type} in "${name}"`);
  }
});

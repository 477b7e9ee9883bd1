import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { createOrgDriftWatch } from '../../../src/activities/watch-drift.ts';
import { driftText, readDrift } from '../../../src/client/drift.ts';
import { createDriftLedger, type OrgFinding } from '../../../src/journal/drift-ledger.ts';
import { createFolderStore } from '../../../src/journal/folder-store.ts';
import { contractDrift } from '../../../src/mapping/contract-drift.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { aceOpportunity } from '../mapping/world.ts';

const newFolder = () => temporaryFolder('drift');
const at = '2026-03-03T10:00:00.000Z';

describe('what an export holds that the contract does not know', () => {
  test('is nothing for a usual record', () => {
    assert.deepEqual(contractDrift('opportunity', aceOpportunity()), []);
  });

  test('is a new field by name, and a new standard value by field and value', () => {
    const record = aceOpportunity({
      brandNewField: 'of a person',
      useCase: 'Quantum Computing',
      stage: 'Accept To View',
    });
    assert.deepEqual(contractDrift('opportunity', record), [
      { object: 'opportunity', field: 'useCase', value: 'Quantum Computing' },
      { object: 'opportunity', field: 'brandNewField', value: null },
    ]);
  });

  test('is never a text of a person, nor one too long for a standard value', () => {
    const record = aceOpportunity({ projectDescription: 'anything', useCase: 'x'.repeat(500) });
    assert.deepEqual(contractDrift('opportunity', record), []);
  });
});

describe('the drift ledger', () => {
  const field = { object: 'opportunity', field: 'brandNewField', value: null };

  test('keeps each thing once, also over a restart and a line cut short', async () => {
    const folder = newFolder();
    const ledger = createDriftLedger(createFolderStore(folder));
    assert.equal((await ledger.noteAce([field, field], at)).length, 1);
    assert.deepEqual(await ledger.noteAce([field], at), []);
    appendFileSync(join(folder, 'drift', 'ace', '2026-03-03.jsonl'), '{"object":"opp');
    const again = createDriftLedger(createFolderStore(folder));
    assert.deepEqual(await again.noteAce([field], '2026-03-04T10:00:00.000Z'), []);
    assert.equal((await again.noteAce([{ ...field, value: 'new' }], '2026-03-05T10:00:00.000Z')).length, 1);
    assert.deepEqual(
      (await again.ace()).map(({ value }) => value),
      [null, 'new'],
    );
    assert.match(
      driftText(await readDrift(createFolderStore(folder))),
      /unknown field brandNewField \(opportunity\), since 2026-03-03/,
    );
  });
});

describe('the daily look at the org', () => {
  function watch(version = '1-a', folder = newFolder()) {
    const state = { time: Date.parse(at), looks: 0, logged: 0, findings: [] as OrgFinding[], fails: false };
    const deps = {
      journalStore: createFolderStore(folder),
      now: () => new Date(state.time),
      log: {
        warn: () => {
          state.logged += 1;
        },
      },
      mapping: { version },
      checkOrg: async () => {
        state.looks += 1;
        if (state.fails) throw new Error('no answer');
        return state.findings;
      },
    } as unknown as Dependencies;
    return { state, folder, round: createOrgDriftWatch(deps) };
  }
  const vanished: OrgFinding = {
    severity: 'error',
    code: 'PATH_MISSING',
    object: 'Opportunity',
    field: 'NextStep',
    message: 'Opportunity.NextStep: the field does not exist.',
    fix: 'Restore it.',
  };

  test('is made once a day, and logs what is new once', async () => {
    const { state, round, folder } = watch();
    for (let hour = 0; hour < 24; hour += 1) {
      await round();
      state.time += 3_600_000;
    }
    assert.deepEqual([state.looks, state.logged], [1, 0]);
    state.findings = [vanished];
    await round();
    state.time += 25 * 3_600_000;
    await round();
    assert.deepEqual([state.looks, state.logged], [3, 1]);
    assert.deepEqual((await readDrift(createFolderStore(folder))).org?.findings, [vanished]);
  });

  test('is not repeated by a restart, and made at once for another mapping', async () => {
    const { folder, round } = watch();
    await round();
    const restarted = watch('1-a', folder);
    await restarted.round();
    assert.equal(restarted.state.looks, 0);
    const released = watch('2-b', folder);
    await released.round();
    assert.equal(released.state.looks, 1);
  });

  test('that fails is made again, and is no fault of the round', async () => {
    const { state, round } = watch();
    state.fails = true;
    await round();
    state.fails = false;
    await round();
    assert.equal(state.looks, 2);
  });
});

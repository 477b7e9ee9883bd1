import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createDriftLedger } from '../../../src/journal/drift-ledger.ts';
import { createJournalStore } from '../../../src/journal/journal-store.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';

const picklist = (...values: readonly string[]) => ({
  fullName: 'Opportunity.Level__c',
  label: 'Level',
  type: 'Picklist',
  valueSet: {
    restricted: true,
    valueSetDefinition: {
      sorted: false,
      value: values.map((fullName) => ({ fullName, default: false, label: fullName })),
    },
  },
});

/** Nobody asks for the look: the detector makes it once a day, on its own rounds. */
describe('the daily look at the org', { timeout: 600_000 }, () => {
  let job: MainJob;

  const mapping = (shipped: string): string =>
    shipped.replace(
      '    # What AWS says, beside',
      [
        '    - { ace: engagementScore, crm: Level__c, direction: in, values: { Low: Small, High: Big } }',
        '    - { ace: additionalComments, crm: Vanishing__c, direction: out }',
        '    - { ace: recommendedNextBestActions, crm: Forbidden__c, direction: in }',
        '    # What AWS says, beside',
      ].join('\n'),
    );

  const ledger = () => createDriftLedger(createJournalStore(job.config.journal));
  const metadata = () => job.crm.connection.metadata;
  const text = (name: string) => ({ fullName: `Opportunity.${name}`, label: name, type: 'Text', length: 255 });

  /** What the first look of the next day finds. */
  async function nextDay(): Promise<readonly (readonly [code: string, field: string | undefined])[]> {
    await job.worker.stop();
    const last = await waitUntil('a look was made', () => ledger().org());
    const yesterday = new Date(Date.parse(last.at) - 25 * 60 * 60_000).toISOString();
    await ledger().writeOrg({ ...last, at: yesterday });
    job.worker.start();
    const drift = await waitUntil('the look of the next day', async () => {
      const found = await ledger().org();
      return found !== null && found.at !== yesterday && found;
    });
    return drift.findings.map(({ code, field }) => [code, field] as const);
  }

  const grant = (name: string, editable: boolean) =>
    metadata().update('PermissionSet', {
      fullName: 'ACE_Sync_Integration',
      label: 'ACE Sync Integration',
      fieldPermissions: [{ field: `Opportunity.${name}`, readable: true, editable }],
    });

  before(async () => {
    job = await startMainJob({ seed: 26, mapping, timing: { detectInterval: 2 } });
    await waitUntil('the first look', () => ledger().org());
    await metadata().create('CustomField', picklist('Small', 'Big'));
    for (const name of ['Vanishing__c', 'Forbidden__c']) await metadata().create('CustomField', text(name));
    for (const name of ['Level__c', 'Vanishing__c', 'Forbidden__c']) await grant(name, true);
  });

  it('finds nothing in an org that fits the mapping', async () => {
    assert.deepEqual(await nextDay(), []);
  });

  it('finds a changed picklist, a vanished field and a lost permission, and logs each once', async () => {
    await metadata().update('CustomField', picklist('Small'));
    await metadata().delete('CustomField', ['Opportunity.Vanishing__c']);
    await grant('Forbidden__c', false);
    const expected = [
      ['FIELD_READ_ONLY', 'Forbidden__c'],
      ['PATH_MISSING', 'Vanishing__c'],
      ['PICKLIST_VALUES', 'Level__c'],
    ];
    assert.deepEqual((await nextDay()).toSorted(), expected);
    assert.deepEqual((await nextDay()).toSorted(), expected);
    const logged = job.worker
      .log()
      .split('\n')
      .filter((line) => line.includes('does not fit the mapping'));
    assert.equal(logged.filter((line) => line.includes('FIELD_READ_ONLY')).length, 1);
  });
});

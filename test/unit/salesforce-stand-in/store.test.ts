import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { seedOrg } from '../../../src/sandbox/salesforce/administration/seed-org.ts';
import { createClock } from '../../../src/sandbox/salesforce/org/clock.ts';
import { memoryJournal, openFolderJournal } from '../../../src/sandbox/salesforce/org/journal.ts';
import { Org } from '../../../src/sandbox/salesforce/org/org.ts';

function openOrg(folder: string, maximumLength: number): Org {
  const { entries, journal } = openFolderJournal(folder, maximumLength);
  const org = new Org(createClock(), memoryJournal);
  for (const entry of entries) org.restore(entry);
  org.writeTo(journal);
  return org;
}

const put = (org: Org, id: string, Name: string) =>
  org.transaction(() => org.store.put(org.objectNamed('Account'), id, { Id: id, Name, IsDeleted: false }));

test('a long journal is replaced by a snapshot, and the org is the same after it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const first = openOrg(folder, 2000);
  first.found('00DST0000000001EAA', 'S01');
  seedOrg(first, { sandbox: false });
  first.putObject({ name: 'Thing__c', label: 'Thing', labelPlural: 'Things', keyPrefix: 'a00', fields: [] });
  const thing = first.objectNamed('Thing__c');
  first.putField(thing, { name: 'Self__c', label: 'Self', type: 'reference', referenceTo: ['Thing__c'], custom: true });
  first.putComponent('ListView', 'Thing__c.All', { label: 'All' });
  const ids = Array.from({ length: 50 }, () => first.nextId('001'));
  for (const [index, id] of ids.entries()) put(first, id, `Account ${index}`);
  const second = openOrg(folder, 2000);
  assert.deepEqual([...second.store.table('Account').keys()], ids);
  assert.deepEqual([...second.snapshot()], [...first.snapshot()]);
  assert.notEqual(second.nextId('001'), ids[49]);
});

test('a transaction that throws leaves rows and indexes as they were', () => {
  const org = new Org(createClock(), memoryJournal);
  const user = org.objectNamed('User');
  const username = org.schema.field(user, 'Username');
  assert.ok(username);
  const insert = (id: string, name: string) => org.store.put(user, id, { Id: id, Username: name, IsDeleted: false });
  org.transaction(() => insert('005000000000001AAA', 'a@x.y'));
  assert.throws(() =>
    org.transaction(() => {
      insert('005000000000001AAA', 'b@x.y');
      org.transaction(() => insert('005000000000002AAA', 'c@x.y'));
      throw new Error('stop');
    }),
  );
  assert.deepEqual(
    org.store.findBy(user, username, 'A@X.Y').map((row) => row.id),
    ['005000000000001AAA'],
  );
  assert.deepEqual(org.store.findBy(user, username, 'b@x.y'), []);
  assert.deepEqual(org.store.findBy(user, username, 'c@x.y'), []);
  assert.equal(org.store.table('User').size, 1);
});

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { createKeyring } from '../../../src/encryption/keyring.ts';
import { createDriftLedger } from '../../../src/journal/drift-ledger.ts';
import { type ChangeLine, createJournalIn, type OutcomeLine } from '../../../src/journal/journal.ts';
import { createJournalStore, type JournalPlace, type JournalStore } from '../../../src/journal/journal-store.ts';
import { createMappingReleases } from '../../../src/journal/mapping-releases.ts';
import { pruneJournal } from '../../../src/journal/prune-journal.ts';
import { createSealedStore } from '../../../src/journal/sealed-store.ts';
import { createNoticeBookFile, emptyNoticeBook } from '../../../src/notices/notice-book.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { journalPlaces, killInTheMiddle } from './journal-places.ts';

const at = '2026-03-02T09:00:00.000Z';
const bytes = Buffer.from('{"version":"2","opportunities":[{"customerEmail":"jane.doe@example.com"}]}');
const outcome = (id: string, changes: Partial<OutcomeLine> = {}): OutcomeLine => ({
  id,
  at,
  connection: 'main',
  kind: 'outboundRecord',
  object: 'opportunity',
  file: 'opportunity-outbound/a.json',
  index: 0,
  aceId: 'O1234567',
  crmId: null,
  outcome: 'applied',
  code: 'APPLIED',
  ...changes,
});
const change = (id: string, changes: Partial<ChangeLine> = {}): ChangeLine => ({
  id,
  at,
  connection: 'main',
  crmId: '006000000000001AAA',
  field: 'NextStep',
  before: 'Call Jane',
  after: 'Call John',
  cause: 'opportunity-outbound/one.json@etag',
  rule: 'ace',
  mappingVersion: '1-0123456789abcdef',
  actor: 'aws',
  ...changes,
});
const key = () => createKeyring([randomBytes(32)], 'journal.key');
const idsOf = (lines: readonly { readonly id: string }[]) => lines.map(({ id }) => id);

async function contentsOf(store: JournalStore): Promise<string> {
  const texts: string[] = [];
  for (const part of ['files', 'outcomes', 'changes', 'confirmations', 'drift'])
    for await (const { name } of store.list(part)) texts.push(String((await store.read(name))?.bytes));
  return texts.join('\n');
}

for (const [kind, freshPlace] of Object.entries(journalPlaces)) {
  describe(`a journal in ${kind === 'folder' ? 'a folder' : 'an S3 prefix'}`, { timeout: 120_000 }, () => {
    const open = (place: JournalPlace, keyring = null as ReturnType<typeof key> | null) =>
      createJournalIn(createSealedStore(createJournalStore(place), keyring));
    const fresh = async () => open(await freshPlace());

    it('is empty before the first line', async () => {
      const journal = await fresh();
      assert.deepEqual([await journal.outcomes(), await journal.changes()], [[], []]);
      assert.equal(await journal.read('0'.repeat(64)), null);
      assert.equal(await journal.read('../../etc/passwd'), null);
    });

    it('keeps bytes under their SHA-256, once, and gives them back as they were', async () => {
      const journal = await fresh();
      const odd = Buffer.from([0, 255, 10, 13, 123]);
      const [first, second] = await Promise.all([journal.archive(odd), journal.archive(odd)]);
      assert.equal(first, second);
      assert.deepEqual(await journal.read(first), odd);
      assert.deepEqual(await Array.fromAsync(journal.files()), [first]);
    });

    it('takes an outcome that a repeated activity wrote twice as one; the last word stands', async () => {
      const journal = await fresh();
      await journal.recordOutcomes([outcome('a', { outcome: 'parked' }), outcome('b')]);
      await journal.recordOutcomes([outcome('a', { outcome: 'parked' })]);
      await journal.recordOutcomes([outcome('a')]);
      assert.deepEqual(await journal.outcomes(), [outcome('a'), outcome('b')]);
    });

    it('says of each change what the CRM answered, and of one without answer that there is none', async () => {
      const journal = await fresh();
      await journal.recordChanges([change('a'), change('b'), change('c')]);
      await journal.confirmChanges([
        { ids: ['a', 'never noted'], at, answer: 'written' },
        { ids: ['b'], at, answer: 'refused' },
      ]);
      await journal.confirmChanges([]);
      assert.deepEqual(
        (await journal.changes()).map(({ id, answer }) => [id, answer]),
        [
          ['a', 'written'],
          ['b', 'refused'],
          ['c', null],
        ],
      );
    });

    it('reads the days that are asked for', async () => {
      const journal = await fresh();
      await journal.recordOutcomes([outcome('old'), outcome('new', { at: '2026-03-05T09:00:00.000Z' })]);
      assert.deepEqual(idsOf(await journal.outcomes(new Date('2026-03-03T00:00:00.000Z'))), ['new']);
      assert.deepEqual(idsOf(await journal.outcomes()), ['old', 'new']);
    });

    it('loses and mixes nothing of several workers that write at once', async () => {
      const place = await freshPlace();
      const workers = [1, 2, 3].map((worker) => ({ worker, journal: open(place) }));
      await Promise.all(
        workers.flatMap(({ worker, journal }) =>
          Array.from({ length: 30 }, async (_, n) => {
            await journal.recordChanges([0, 1, 2].map((i) => change(`${worker}/${n}/${i}`)));
            await journal.archive(Buffer.from(`${n}`));
          }),
        ),
      );
      const ids = idsOf(await open(place).changes());
      assert.equal(new Set(ids).size, 270);
      assert.equal((await Array.fromAsync(open(place).files())).length, 30);
    });

    it('holds every line that was acknowledged when its worker is killed, and takes them up again', async () => {
      const place = await freshPlace();
      const acknowledged = await killInTheMiddle(place, 25);
      const journal = open(place);
      const ids = new Set(idsOf(await journal.changes()));
      assert.deepEqual(
        acknowledged.filter((id) => !ids.has(id)),
        [],
      );
      await journal.recordChanges([change('0'), change('after')]);
      const again = idsOf(await journal.changes());
      assert.deepEqual([again.filter((id) => id === '0').length, again.includes('after')], [1, true]);
      for await (const sha of journal.files())
        assert.equal(
          createHash('sha256')
            .update((await journal.read(sha)) ?? '')
            .digest('hex'),
          sha,
          'a whole file',
        );
    });

    it('shows nothing to whoever has no key, reads what was written before one, and never looks empty without', async () => {
      const place = await freshPlace();
      await open(place).recordChanges([change('plain', { before: null, after: null })]);
      const keyring = key();
      const journal = open(place, keyring);
      const sha = await journal.archive(bytes);
      await journal.recordChanges([change('sealed')]);
      await journal.confirmChanges([{ ids: ['sealed'], at, answer: 'written' }]);
      const drift = createDriftLedger(createSealedStore(createJournalStore(place), keyring));
      const seen = { object: 'opportunity', field: 'industry', value: 'Jane Industries' };
      await drift.noteAce([seen], at);
      assert.deepEqual(await drift.ace(), [{ ...seen, at }]);
      const stored = await contentsOf(createJournalStore(place));
      for (const word of ['jane', 'Jane', 'sealed']) assert.equal(stored.includes(word), false, word);
      assert.deepEqual(await journal.read(sha), bytes);
      assert.deepEqual(idsOf(await journal.changes()), ['plain', 'sealed']);
      for (const other of [open(place), open(place, key())]) {
        await assert.rejects(other.read(sha), { code: 'SECRET_MISSING' });
        await assert.rejects(other.changes(), { code: 'SECRET_MISSING' });
      }
    });

    it('refuses a file that was changed or put in the place of another, and a line of another ledger', async () => {
      const place = await freshPlace();
      const store = createJournalStore(place);
      const nameOf = (sha: string) => `files/${sha.slice(0, 2)}/${sha}`;
      const overwrite = async (sha: string, text: Buffer) =>
        store.replace(nameOf(sha), text, (await store.read(nameOf(sha)))?.version ?? null);
      for (const keyring of [null, key()]) {
        const journal = open(place, keyring);
        const [one, other] = [await journal.archive(Buffer.from('one')), await journal.archive(Buffer.from('other'))];
        await overwrite(one, (await store.read(nameOf(other)))?.bytes ?? Buffer.from(''));
        const code = keyring === null ? 'JOURNAL_CHANGED' : 'DATA_NOT_DECRYPTED';
        await assert.rejects(journal.read(one), { code });
        await overwrite(one, Buffer.from('a plain text'));
        await assert.rejects(journal.read(one), { code: 'JOURNAL_CHANGED' });
        assert.deepEqual(await journal.read(other), Buffer.from('other'));
        // The next one begins with neither.
        for (const sha of [one, other]) assert.ok(await store.removeOlder(nameOf(sha), new Date(Date.now() + 60_000)));
      }
      const journal = open(place, key());
      await journal.recordChanges([change('moved')]);
      const [line = ''] = await Array.fromAsync(store.lines('changes'));
      await store.append('outcomes', at.slice(0, 10), [line]);
      await assert.rejects(journal.outcomes(), { code: 'DATA_NOT_DECRYPTED' });
    });

    it('removes what is out of retention and says what, never what is younger', async () => {
      const place = await freshPlace();
      const store = createJournalStore(place);
      const journal = open(place);
      const sha = await journal.archive(bytes);
      await journal.recordOutcomes([outcome('a')]);
      await createMappingReleases(store).activate('mapping', { author: 'a', reason: 'b', at });
      const inDays = (days: number) => new Date(Date.now() + days * 24 * 60 * 60_000);
      const prune = (days: number, dryRun: boolean) => pruneJournal(store, { keepDays: 90, dryRun, now: inDays(days) });

      assert.deepEqual((await prune(89, false)).parts, []);
      const expected = [
        ['files', 1],
        ['outcomes', 1],
      ];
      const said = await prune(91, true);
      assert.deepEqual(
        said.parts.map(({ part, items }) => [part, items]),
        expected,
      );
      assert.deepEqual(await journal.read(sha), bytes, 'a dry run removes nothing');
      assert.deepEqual((await prune(91, false)).parts, said.parts);
      assert.deepEqual([await journal.read(sha), await journal.outcomes()], [null, []]);
      assert.notEqual(await createMappingReleases(store).active(), null, 'old changes name old mappings');
    });

    it('counts what is renewed as new, also while it is being removed', async () => {
      const store = createJournalStore(await freshPlace());
      const soon = new Date(Date.now() + 60_000);
      await store.create('files/ab/old', bytes);
      const before = (await Array.fromAsync(store.list('files')))[0]?.writtenAt ?? 0;
      // Whole seconds are all that S3 tells.
      await waitUntil('a second later', () => Date.now() > before + 2_000);
      assert.equal(await store.renew('files/ab/old', soon), true);
      assert.equal(await store.removeOlder('files/ab/old', new Date(before + 1_000)), false);
      assert.deepEqual((await store.read('files/ab/old'))?.bytes, bytes);
      assert.equal(await store.removeOlder('files/ab/old', soon), true);
      assert.equal(await store.renew('files/ab/old', soon), false);
      assert.equal(await store.removeOlder('files/ab/old', soon), false);
    });

    it('creates a name once and replaces only the version that was read', async () => {
      const store = createJournalStore(await freshPlace());
      const text = (word: string) => Buffer.from(word);
      const created = await Promise.all(['one', 'two', 'three'].map((word) => store.create('a/b', text(word))));
      assert.equal(created.filter(Boolean).length, 1);
      const first = await store.read('a/b');
      assert.equal(await store.replace('a/b', text('four'), null), false);
      assert.equal(await store.replace('a/b', text('four'), first?.version ?? null), true);
      assert.equal(await store.replace('a/b', text('five'), first?.version ?? null), false);
      assert.equal((await store.read('a/b'))?.bytes.toString(), 'four');
    });

    it('has one release of each number, one first release and one book of notices for all workers', async () => {
      const place = await freshPlace();
      const note = { author: 'engineer', reason: 'a test', at };
      const workers = [1, 2, 3].map(() => createMappingReleases(createJournalStore(place)));
      const firsts = await Promise.all(workers.map((releases, n) => releases.releaseFirst(`text ${n}`, note)));
      assert.equal(new Set(firsts.map(({ id }) => id)).size, 1);
      const more = await Promise.all(workers.map((releases, n) => releases.activate(`more ${n}`, note)));
      assert.equal(new Set(more.map(({ number }) => number)).size, 3);
      const [releases] = workers;
      const active = await releases?.active();
      assert.ok(active && more.some(({ id }) => id === active.id));
      assert.match((await releases?.read(active)) ?? '', /^more \d$/);

      const books = [1, 2].map(() => createNoticeBookFile(createJournalStore(place)));
      const written = await Promise.all(books.map((book) => book.write(emptyNoticeBook)));
      assert.equal(written.filter((book) => book !== null).length, 1);

      const drift = { object: 'opportunity', field: 'brandNewField', value: null };
      await createDriftLedger(createJournalStore(place)).noteAce([drift], at);
      await createDriftLedger(createJournalStore(place)).writeOrg({ at, mapping: '1', findings: [] });
      const ledger = createDriftLedger(createJournalStore(place));
      assert.deepEqual([await ledger.noteAce([drift], at), (await ledger.org())?.mapping], [[], '1']);
    });
  });
}

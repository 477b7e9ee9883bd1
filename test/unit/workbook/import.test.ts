import assert from 'node:assert/strict';
import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Command } from 'commander';
import { registerMapping } from '../../../src/client/commands/mapping.ts';
import { AceSyncError } from '../../../src/errors.ts';
import type { FieldChange } from '../../../src/mapping/workbook/describe-changes.ts';
import { defaultFile, mappingText, newFolder, type OpenWorkbook, openWorkbook } from './meeting.ts';

const opportunities = 'Opportunities';
const nextStep = { 'ACE name': 'nextStep', 'CRM field': 'NextStep' };
const industry = { Entry: 'opportunity: industry > Account.Industry' };

interface Imported {
  readonly written: boolean;
  readonly changes: readonly FieldChange[];
  readonly problems: readonly { readonly message: string }[];
  readonly mappingChangedSince?: boolean;
}

/** Runs the import as the command line does, on a copy of the shipped mapping. */
async function importOf(book: OpenWorkbook | string, ...words: string[]) {
  const mapping = join(await newFolder(), 'mapping.yaml');
  await copyFile(defaultFile, mapping);
  const workbook = typeof book === 'string' ? book : await book.save();
  const { text, exit } = await run('import', workbook, '--mapping', mapping, '--json', ...words);
  return { exit, mapping, result: JSON.parse(text) as Imported, written: await readFile(mapping, 'utf8') };
}

async function run(...words: string[]): Promise<{ text: string; exit: number }> {
  const written: string[] = [];
  const program = new Command().exitOverride().configureOutput({ writeOut: (text) => written.push(text) });
  registerMapping(program);
  const before = process.exitCode;
  process.exitCode = 0;
  await program.parseAsync(['node', 'ace-sync', 'mapping', ...words]);
  const exit = Number(process.exitCode);
  process.exitCode = before;
  return { text: written.join(''), exit };
}

/** Lines that differ, as `-` and `+`. */
function difference(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line.trim()}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line.trim()}`),
  ];
}

describe('ace-sync mapping import', () => {
  test('changes nothing in a mapping that the meeting left alone', async () => {
    const { exit, result, written } = await importOf(await openWorkbook(), '--yes');
    assert.deepEqual([exit, result.changes, result.written, result.mappingChangedSince], [0, [], false, false]);
    assert.equal(written, mappingText);
  });

  test('writes what was decided and leaves every other line and comment letter by letter', async () => {
    const book = await openWorkbook();
    book.row(opportunities, nextStep).set({ Direction: 'both', 'Owner when both changed': 'crm', 'Decided by': 'Ops' });
    const { exit, result, written } = await importOf(book, '--yes');
    assert.deepEqual([exit, result.written], [0, true]);
    assert.deepEqual(
      result.changes.map(({ ace, crm, sentences }) => [ace, crm, sentences]),
      [
        [
          'nextStep',
          'NextStep',
          [
            'goes to AWS -> goes both ways',
            'both changed: a person decides -> both changed: we win',
            'undecided -> decided: Ops',
          ],
        ],
      ],
    );
    assert.deepEqual(difference(mappingText, written), [
      '-- { ace: nextStep, crm: NextStep, direction: out }',
      '+- { ace: nextStep, crm: NextStep, direction: both, owner: crm, note: Ops }',
    ]);
  });

  test('maps a field, leaves one out, keeps the heading above it, and remembers who left it out', async () => {
    const book = await openWorkbook();
    book
      .row(opportunities, { 'ACE name': 'customerDuns' })
      .set({ 'CRM field': 'Account.DunsNumber', Direction: 'out' });
    book
      .row(opportunities, { 'ACE name': 'partnerProjectTitle' })
      .set({ 'CRM field': '', Direction: '', 'Decided by': 'Ops' });
    const { result, written } = await importOf(book, '--yes');
    assert.deepEqual(
      result.changes.map(({ ace, change }) => [ace, change]),
      [
        ['partnerProjectTitle', 'leftOut'],
        ['customerDuns', 'mapped'],
        ['partnerProjectTitle', 'remark'],
      ],
    );
    assert.deepEqual(difference(mappingText, written), [
      '-- { ace: partnerProjectTitle, crm: Name, direction: both, owner: crm, cutTo: { crm: 120 } }',
      '+- { ace: customerDuns, crm: Account.DunsNumber, direction: out }',
      '+leftOut:',
      '+partnerProjectTitle: Ops',
    ]);
    assert.match(written, /# The project\n {4}- \{ ace: projectDescription/);
  });

  test('maps values, and says which one is written', async () => {
    const book = await openWorkbook();
    book.row('Values', { ...industry, 'CRM value': 'Apparel' }).set({ 'AWS value': 'Retail' });
    book.add('Values', { ...industry, 'CRM value': 'Farming', 'AWS value': 'Agriculture' });
    const { result, written } = await importOf(book, '--yes');
    assert.deepEqual(result.changes[0]?.sentences, [
      '"Apparel" of the CRM and "Consumer Goods" of AWS no longer stand for each other',
      '"Farming" of the CRM and "Agriculture" of AWS stand for each other',
      '"Apparel" of the CRM and "Retail" of AWS stand for each other',
      '"Consumer Goods" of AWS is written as "Food & Beverage" in the CRM',
    ]);
    assert.deepEqual(difference(mappingText, written), [
      '-Agriculture: Agriculture',
      '-Consumer Goods: [Apparel, Food & Beverage]',
      '-Retail: Retail',
      '+Agriculture: [ Agriculture, Farming ]',
      '+Consumer Goods: Food & Beverage',
      '+Retail: [ Retail, Apparel ]',
    ]);
  });

  test('shows and writes nothing with --dry-run, and without anybody to ask', async () => {
    const book = await openWorkbook();
    book.row(opportunities, nextStep).set({ Direction: 'both' });
    const dry = await importOf(book, '--dry-run');
    assert.deepEqual([dry.exit, dry.result.changes.length, dry.result.written], [0, 1, false]);
    assert.equal(dry.written, mappingText);
    const mapping = join(await newFolder(), 'mapping.yaml');
    await copyFile(defaultFile, mapping);
    const unasked = await run('import', await book.save(), '--mapping', mapping);
    assert.equal(unasked.exit, 2);
    assert.match(unasked.text, /Opportunities {2}nextStep > NextStep\n {6}goes to AWS -> goes both ways/);
    assert.equal(await readFile(mapping, 'utf8'), mappingText);
  });

  test('keeps the rights of the mapping file, and warns when it was changed after the export', async () => {
    const book = await openWorkbook();
    const mapping = join(await newFolder(), 'mapping.yaml');
    await writeFile(
      mapping,
      mappingText.replace(
        'ace: nextStep, crm: NextStep, direction: out',
        'ace: nextStep, crm: NextStep, direction: both',
      ),
      { mode: 0o640 },
    );
    const { text, exit } = await run('import', await book.save(), '--mapping', mapping, '--yes');
    assert.equal(exit, 0);
    assert.match(text, /goes both ways -> goes to AWS/);
    assert.match(text, /changed after the workbook was made/);
    assert.equal((await stat(mapping)).mode & 0o777, 0o640);
    assert.equal(await readFile(mapping, 'utf8'), mappingText);
  });

  const broken: readonly (readonly [what: string, change: (book: OpenWorkbook) => number, expected: RegExp])[] = [
    [
      'an unknown direction',
      (book) => set(book, nextStep, { Direction: 'sideways' }),
      /^sheet "Opportunities", row ROW, column G "Direction": .*"in"\|"out"\|"both"/,
    ],
    [
      'an unknown owner',
      (book) => set(book, nextStep, { 'Owner when both changed': 'newest' }),
      /^sheet "Opportunities", row ROW, column H "Owner when both changed": .*"ace"\|"crm"\|"ask"/,
    ],
    [
      'an unknown field',
      (book) => book.add(opportunities, { 'ACE name': 'shoeSize', 'CRM field': 'Shoe__c', Direction: 'out' }).number,
      /^sheet "Opportunities", row ROW, column B "ACE name": expected a field of ACE's opportunities, got shoeSize/,
    ],
    [
      'a row of another field than its entry',
      (book) => set(book, nextStep, { 'ACE name': 'city' }),
      /^sheet "Opportunities", row ROW, column B "ACE name": expected nextStep/,
    ],
    [
      'a direction without a CRM field',
      (book) => set(book, nextStep, { 'CRM field': '' }),
      /^sheet "Opportunities", row ROW, column E "CRM field": expected a field name, or a path/,
    ],
    [
      'an entry that the mapping does not have',
      (book) => set(book, nextStep, { Entry: 'opportunity: nextStep > Other__c' }),
      /^sheet "Opportunities", row ROW, column O "Entry": the mapping has no such entry/,
    ],
    [
      'an entry that stands twice',
      (book) =>
        book.add(opportunities, {
          'ACE name': 'nextStep',
          'CRM field': 'NextStep',
          Direction: 'out',
          Entry: 'opportunity: nextStep > NextStep',
        }).number,
      /^sheet "Opportunities", row ROW, column O "Entry": the entry stands in sheet "Opportunities", row \d+/,
    ],
    [
      'a value that AWS does not have',
      (book) => {
        const row = book.row('Values', { ...industry, 'CRM value': 'Apparel' });
        row.set({ 'AWS value': 'Shoes' });
        return row.number;
      },
      /^sheet "Values", row ROW, column D "AWS value": expected a standard value of industry/,
    ],
    [
      'two fields that are sent as one',
      (book) => book.add(opportunities, { 'ACE name': 'city', 'CRM field': 'City__c', Direction: 'out' }).number,
      /^sheet "Opportunities", row ROW, column E "CRM field": city is sent by/,
    ],
  ];
  for (const [what, change, expected] of broken) {
    test(`names sheet, row and column of ${what}, and writes nothing`, async () => {
      const book = await openWorkbook();
      const row = change(book);
      const { exit, result, written } = await importOf(book, '--yes');
      const [problem] = result.problems;
      assert.deepEqual([exit, result.written, result.problems.length], [1, false, 1]);
      assert.match(problem?.message ?? '', new RegExp(expected.source.replaceAll('ROW', String(row))));
      assert.equal(written, mappingText);
    });
  }

  test('names every missing column and sheet at once', async () => {
    const book = await openWorkbook();
    book.dropColumn(opportunities, 'Direction');
    book.dropColumn(opportunities, 'Entry');
    book.dropSheet('Leads');
    const { exit, result } = await importOf(book, '--yes');
    assert.equal(exit, 1);
    assert.deepEqual(
      result.problems.map(({ message }) => message),
      [
        'sheet "Opportunities", row 1: the column "Direction" is missing.',
        'sheet "Opportunities", row 1: the column "Entry" is missing.',
        'sheet "Leads": the sheet is missing.',
      ],
    );
  });

  test('finds columns by title where people moved them', async () => {
    const book = await openWorkbook();
    book.dropColumn(opportunities, 'Meaning');
    book.dropColumn(opportunities, 'Samples');
    book.row(opportunities, nextStep).set({ Direction: 'both' });
    assert.equal((await importOf(book, '--yes')).result.changes.length, 1);
  });

  test('refuses what is no workbook, with a sentence on what it is', async () => {
    const path = join(await newFolder(), 'meeting.xlsx');
    const files: readonly (readonly [content: string | Uint8Array, why: RegExp])[] = [
      ['a;b;c', /it is no \.xlsx file/],
      ['', /it is empty/],
      [Buffer.from('PK\u0003\u0004 and then nothing'), /damaged/],
      [Buffer.from('d0cf11e0a1b11ae1', 'hex'), /\.xls file of an old Excel, or protected/],
    ];
    for (const [content, why] of files) {
      await writeFile(path, content);
      await assert.rejects(importOf(path), (error) => {
        assert.ok(error instanceof AceSyncError && error.code === 'WORKBOOK_INVALID');
        assert.match(error.message, why);
        return true;
      });
    }
    await assert.rejects(importOf(join(await newFolder(), 'none.xlsx')), /cannot be opened/);
  });
});

function set(book: OpenWorkbook, where: Readonly<Record<string, string>>, cells: Readonly<Record<string, string>>) {
  const row = book.row(opportunities, where);
  row.set(cells);
  return row.number;
}

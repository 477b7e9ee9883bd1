import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { unzipSync } from 'fflate';
import { fieldMeanings } from '../../../src/ace/field-meanings.ts';
import { fieldTables } from '../../../src/ace/fields.ts';
import { whenRequired } from '../../../src/ace/when-required.ts';
import { writePrivateFile } from '../../../src/client/private-file.ts';
import { readXlsx, xlsxOf } from '../../../src/client/xlsx.ts';
import { sharedObjects } from '../../../src/crm/crm.ts';
import { mappingText, newFolder, openWorkbook, sheetsOf, useOf } from './meeting.ts';

const opportunities = 'Opportunities';

describe('The workbook for the mapping meeting', () => {
  test('has a row for each mapped and each unmapped field of AWS', async () => {
    const [, fields] = sheetsOf();
    const names = new Set(fields?.rows.map((row) => row[1]));
    const known = fieldTables.opportunity.filter(({ versions }) => versions[2] !== undefined);
    const missing = known.filter(({ name }) => !names.has(name)).map(({ name }) => name);
    assert.deepEqual(
      missing.toSorted(),
      ['apnCrmUniqueIdentifier', 'partnerCrmUniqueIdentifier'],
      'the sync keeps them',
    );
  });

  test('says of a mapped field what it means, when AWS asks for it, whose it is and who decided it', async () => {
    const book = await openWorkbook(
      sheetsOf({
        records: 3,
        labels: new Map([['StageName', 'Stage']]),
        crm: new Map([['StageName', useOf(['Qualification', 'Closed Won', 'Qualification'])]]),
      }),
    );
    const row = book.row(opportunities, { 'ACE name': 'stage', 'CRM field': 'StageName' });
    const told = book.titles(opportunities).map((title) => [title, row.get(title)]);
    const { "AWS's standard values": standard, ...others } = Object.fromEntries(told) as Record<string, string>;
    assert.deepEqual(others, {
      'AWS field': 'Stage',
      'ACE name': 'stage',
      Meaning: 'How far the deal is, in the stages of AWS.',
      'When required, and what AWS checks':
        'Required from the first send on. The stage Prospect is not submitted: only AWS referrals arrive with it.',
      'CRM field': 'StageName',
      'CRM label': 'Stage',
      Direction: 'out',
      'Owner when both changed': 'ask',
      'First sync': 'keepBoth',
      'Values in use, with records': 'Qualification (2)\nClosed Won (1)',
      'Filled in': '3 of 3',
      Samples: 'Qualification\nClosed Won',
      'Decided by': 'ACE takes no partner referral in its stage Prospect, so the earliest stage counts as Qualified.',
      Entry: 'opportunity: stage > StageName',
    });
    assert.match(standard ?? '', /^Prospect\nQualified\n/);
  });

  test('says of an unmapped field which other parts of the mapping read it', async () => {
    const parts = `partnerId: Id
  owner: { byEmail: opportunityOwnerEmail, fallback: 005000000000001AAA }
  duplicates: { keys: [[{ ace: customerEmail, crm: Email__c }]] }
  contact: { reference: C__c, externalId: K__c, fields: { LastName: customerLastName, Email: customerEmail } }`;
    const book = await openWorkbook(sheetsOf({}, mappingText.replace('partnerId: Id', parts)));
    const labelOf = (ace: string) => book.row(opportunities, { 'ACE name': ace }).get('CRM label');
    assert.equal(labelOf('customerEmail'), 'not mapped, but read by contact, duplicates');
    assert.equal(labelOf('opportunityOwnerEmail'), 'not mapped, but read by owner');
    assert.equal(labelOf('customerDuns'), '');
  });

  test('shows of an unmapped field what AWS exports in it', async () => {
    const book = await openWorkbook(
      sheetsOf({ exports: 2, ace: new Map([['customerDuns', useOf(['123456789', 'accept to view'])]]) }),
    );
    const row = book.row(opportunities, { 'ACE name': 'customerDuns' });
    assert.deepEqual([row.get('Filled in'), row.get('Samples'), row.get('CRM field')], ['1 of 2', '123456789', '']);
  });

  test('says that a field is not in the org', async () => {
    const row = (await openWorkbook()).row(opportunities, { 'ACE name': 'city' });
    assert.match(row.get('CRM label'), /not in the org/);
  });

  test('puts values in use beside standard values, those without a counterpart too, with records', async () => {
    const book = await openWorkbook(
      sheetsOf({ crm: new Map([['Account.Industry', useOf(['Retail', 'Farming', 'Farming'])]]) }),
    );
    const entry = { Entry: 'opportunity: industry > Account.Industry' };
    const farming = book.row('Values', { ...entry, 'CRM value': 'Farming' });
    assert.deepEqual([farming.get('AWS value'), farming.get('Records')], ['', '2']);
    assert.equal(book.row('Values', { ...entry, 'CRM value': 'Retail' }).get('AWS value'), 'Retail');
    assert.equal(book.row('Values', { ...entry, 'AWS value': 'Aerospace' }).get('CRM value'), '');
  });

  test('counts the members of a list, keeps five different samples and cuts long ones', () => {
    const list = useOf(['Resell;Other', 'Other'], true);
    assert.deepEqual(
      [...list.values],
      [
        ['Resell', 1],
        ['Other', 2],
      ],
    );
    const { samples, filled } = useOf(['a', 'b', 'a', null, 'c', 'd', 'e', 'f', 'x'.repeat(200)]);
    assert.deepEqual([samples, filled], [['a', 'b', 'c', 'd', 'e'], 8]);
    assert.equal(useOf(['x'.repeat(200)]).samples[0]?.length, 80);
  });

  test('holds values as texts, so that none is a formula and none loses its zeros', async () => {
    const values = ['=HYPERLINK("http://evil.example")', '+1', '@SUM(A1)', '-1', '00420', 'bell\u0007', '<b>&amp;'];
    const sheet = { name: 'A', columns: [{ title: 'T', width: 9 }], rows: values.map((value) => [value]) };
    const bytes = await xlsxOf([sheet]);
    const parts = unzipSync(bytes);
    const cells = Buffer.from(parts['xl/worksheets/sheet1.xml'] ?? []).toString();
    assert.doesNotMatch(cells, /<f>|<v>00420|t="n"/);
    assert.equal(cells.split('t="s"').length, values.length + 2);
    assert.match(Buffer.from(parts['xl/styles.xml'] ?? []).toString(), /numFmtId="49"|formatCode="@"/);
    const path = join(await newFolder(), 'texts.xlsx');
    await writePrivateFile(path, bytes);
    const [read] = await readXlsx(path);
    assert.deepEqual(read?.rows.slice(1).flat(), values.with(5, 'bell'));
  });

  test('offers the words that may stand in a cell', async () => {
    const parts = unzipSync(await xlsxOf(sheetsOf()));
    const cells = Buffer.from(parts['xl/worksheets/sheet2.xml'] ?? []).toString();
    assert.match(cells, /<dataValidation type="list"[^>]* sqref="G2:G\d+"><formula1>"in,out,both"<\/formula1>/);
  });

  test('is readable by its owner only, also in place of a file that others could read', async () => {
    const path = join(await newFolder(), 'open.xlsx');
    await writeFile(path, 'old', { mode: 0o644 });
    await writePrivateFile(path, 'new');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  test('has a meaning for every field, and words for when it is required', () => {
    for (const object of sharedObjects) {
      const names = fieldTables[object].map(({ name }) => name);
      assert.deepEqual(Object.keys(fieldMeanings[object]).toSorted(), names.toSorted());
      for (const name of names)
        assert.notEqual(whenRequired(object, name, { version: 2, programme: 'consulting' }), '');
    }
    const required = (name: string) => whenRequired('opportunity', name, { version: 2, programme: 'consulting' });
    assert.equal(required('city'), 'Optional.');
    assert.equal(required('status'), 'AWS fills it in; it cannot be sent.');
    assert.match(required('closedLostReason'), /^A lost opportunity needs the reason\./);
    assert.equal(required('subUseCase'), 'Not in payload version 2.');
  });
});

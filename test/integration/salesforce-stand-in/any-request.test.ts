import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { act, createFields, createOne, data, opportunity, partnerKey, startOrg } from './stand-in-org.ts';

const fieldNames = fc.constantFrom(
  'Name',
  'Id',
  'StageName',
  'CloseDate',
  'Amount',
  'AccountId',
  'Account',
  'OwnerId',
  'IsWon',
  'attributes',
  'Partner_Key__c',
  'RecordTypeId',
  'Nowhere__c',
  'type',
  '__proto__',
  'constructor',
);
const values = fc.oneof(
  fc.string(),
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('006000000000001AAA', '2026-01-01', '2026-01-01T00:00:00Z', '', ' ', 1e300, -0, 'O1'),
);
const record = fc.dictionary(fieldNames, values, { maxKeys: 6 });
const withType = record.map((one) => ({ attributes: { type: 'Opportunity' }, ...one }));
const bodies = fc.oneof(
  record,
  fc.record({ allOrNone: values, records: fc.oneof(fc.array(withType, { maxLength: 5 }), values) }),
  fc.record({ ids: fc.oneof(fc.array(values), values), fields: fc.oneof(fc.array(values), values) }),
  fc.record({
    compositeRequest: fc.array(fc.record({ method: values, url: values, referenceId: values, body: record })),
  }),
  fc.record({ batchRequests: fc.array(fc.record({ method: values, url: values })) }),
  fc.jsonValue(),
);
const soql = fc
  .tuple(
    fc.array(
      fc.constantFrom(
        'Id',
        'Name',
        'Account.Name',
        'COUNT(Id)',
        'MAX(Amount)',
        '(SELECT Id FROM Tasks)',
        'FIELDS(ALL)',
        'X',
      ),
      { minLength: 1, maxLength: 3 },
    ),
    fc.constantFrom('Opportunity', 'Account', 'ValidationRule', 'Nothing'),
    fc.constantFrom(
      '',
      " WHERE Name = 'a'",
      ' WHERE Amount > 1 AND Id IN ()',
      ' WHERE CreatedDate = LAST_N_DAYS:1',
      ' GROUP BY Name',
      ' GROUP BY ROLLUP(Name)',
      " WHERE Name LIKE '%\\\\'",
      ' ORDER BY Amount LIMIT 1',
      ' ORDER BY COUNT(Id)',
      ' HAVING COUNT(Id) > 1',
      ' LIMIT x',
    ),
  )
  .map(([fields, object, rest]) => `SELECT ${fields.join(', ')} FROM ${object}${rest}`);
const paths = (id: string) =>
  fc.oneof(
    fc.constantFrom(
      '/',
      '/sobjects',
      '/sobjects/Opportunity',
      `/sobjects/Opportunity/${id}`,
      '/sobjects/Opportunity/Partner_Key__c/O1',
      '/sobjects/Opportunity/Name/x',
      '/sobjects/Opportunity/describe',
      '/composite',
      '/composite/batch',
      '/composite/sobjects',
      '/composite/sobjects?ids=,,x',
      '/composite/sobjects/Opportunity',
      '/composite/sobjects/Opportunity/Partner_Key__c',
      '/composite/sobjects/Opportunity/Id',
      '/tooling/sobjects/CustomField',
      '/recent',
      '/query',
      '/query/0r8-1',
      '/sobjects/Opportunity/updated?start=x',
    ),
    soql.map((text) => `/query?q=${encodeURIComponent(text)}`),
    fc.string().map((text) => `/search?q=${encodeURIComponent(text)}`),
  );

test('whatever is sent, the org answers in its own words and never breaks', async (t) => {
  const org = await startOrg(t, { limits: { dailyApiRequests: 1_000_000 } });
  await createFields(org.connection, partnerKey);
  const id = await createOne(org.connection, 'Opportunity', opportunity({ Partner_Key__c: 'O1' }));
  const methods = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT');
  await fc.assert(
    fc.asyncProperty(methods, paths(id), bodies, async (method, path, body) => {
      const answer = await org.call(method, data + path, method === 'GET' ? undefined : body);
      assert.notEqual(answer.status, 500, `${method} ${path}: ${JSON.stringify(answer.body)}`);
      if (answer.status >= 400) {
        assert.ok(Array.isArray(answer.body) && answer.body.length > 0);
        for (const error of answer.body)
          assert.deepEqual([typeof error.message, typeof error.errorCode], ['string', 'string']);
      }
    }),
    { numRuns: 400 },
  );
});

test('whatever is sent as SOAP or on the side channel, there is an answer', async (t) => {
  const { standIn } = await startOrg(t);
  const base = standIn.connection.instanceUrl;
  const soap = fc.oneof(
    fc.string(),
    fc
      .tuple(
        fc.constantFrom(
          'createMetadata',
          'readMetadata',
          'listMetadata',
          'deleteMetadata',
          'login',
          'merge',
          'convertLead',
        ),
        fc.string(),
      )
      .map(
        ([operation, text]) =>
          `<e:Envelope xmlns:e="x"><e:Header><SessionHeader><sessionId>${standIn.connection.accessToken}</sessionId></SessionHeader></e:Header><e:Body><${operation}><metadata xsi:type="CustomField"><fullName>Lead.X__c</fullName><type>${text.replace(/[<&]/g, '')}</type></metadata><type>CustomField</type><fullNames/></${operation}></e:Body></e:Envelope>`,
      ),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('m', 'u'), soap, async (api, body) => {
      const answer = await fetch(`${base}/services/Soap/${api}/60.0`, { method: 'POST', body });
      assert.match(await answer.text(), /^<\?xml/);
    }),
    { numRuns: 100 },
  );
  for (const action of ['faults', 'row-faults', 'edit', 'merge', 'convert-lead', 'clock', 'limits', 'users'])
    await assert.rejects(act(standIn, action, { nonsense: { deep: [1] } }), /400/, action);
  await assert.rejects(
    act(standIn, 'faults', { match: { path: '(' }, effect: { kind: 'hang' } }),
    /400.*regular expression/,
  );
});

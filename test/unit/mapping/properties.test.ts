import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { AceRecord } from '../../../src/ace/ace-record.ts';
import { standardValues } from '../../../src/ace/picklists.ts';
import type { CrmFields, CrmValue } from '../../../src/crm/crm.ts';
import { canonicalAce, toList } from '../../../src/mapping/canonical.ts';
import { loadMapping } from '../../../src/mapping/compile.ts';
import {
  aceOpportunity,
  awsReferral,
  crmOpportunity,
  crmRow,
  defaultMapping,
  defaultMappingText,
  World,
} from './world.ts';

/** Every field in both directions, each losing something on its way. */
const lossy = loadMapping(`
version: 1
opportunity:
  create:
    Name: { ace: partnerProjectTitle, fallback: 'AWS referral {aceId}' }
    StageName: { value: Prospecting }
    CloseDate: { ace: targetCloseDate, fallback: '{today+90}' }
  fields:
    - { ace: partnerProjectTitle, crm: Name, direction: both, cutTo: { crm: 10 } }
    - { ace: projectDescription, crm: Description, direction: both, transform: { in: '$uppercase(value)', out: '$lowercase(value)' } }
    - { ace: targetCloseDate, crm: CloseDate, direction: both }
    - ace: industry
      crm: Branch__c
      direction: both
      unknownValue: default
      default: { ace: Other, crm: Misc }
      values: { Retail: Trade, Wholesale & Distribution: Trade, Aerospace: Machines, Automotive: Machines }
    - { ace: expectedMonthlyAwsRevenue, crm: Amount, direction: both, transform: { in: '$round(value, -2)' } }
    - { ace: deliveryModel, crm: Delivery__c, direction: both, convert: commaList }
    - { ace: salesActivities, crm: Activities__c, direction: both }
    - { ace: solutionOffered, crm: Solutions__c, direction: both, protectFromBlank: false }
    - { ace: country, crm: Country__c, direction: both, convert: countryCode }
    - { ace: IsOppFromMarketingActivity, crm: Marketing__c, direction: both, convert: yesNo }
lead:
  fields:
    - { ace: phone, crm: Phone, direction: both }
`);

const values = (field: string): readonly string[] => standardValues('opportunity', 2, field) ?? [];
/** Blanks are a value of their own: they count as nothing on both sides. */
const text = fc.oneof({ weight: 5, arbitrary: fc.string({ maxLength: 40 }) }, fc.constantFrom('', ' ', '\n'));
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null, freq: 6 });
const day = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

/** What AWS may say in an export: full, as real exports are. */
const export_ = fc.record({
  partnerProjectTitle: maybe(text),
  projectDescription: maybe(text),
  targetCloseDate: maybe(day),
  industry: maybe(fc.constantFrom(...values('industry'))),
  expectedMonthlyAwsRevenue: maybe(fc.double({ min: 0, max: 1e9, noNaN: true })),
  deliveryModel: maybe(fc.subarray([...values('deliveryModel')]).map((list) => list.join(';'))),
  salesActivities: maybe(fc.subarray([...values('salesActivities')]).map((list) => list.join(';'))),
  solutionOffered: maybe(fc.uniqueArray(fc.constantFrom('S-1', 'S-2', 'S-3'))),
  country: maybe(fc.constantFrom(...values('country'))),
  IsOppFromMarketingActivity: maybe(fc.constantFrom('Yes', 'No')),
});

/** What CRMs do to written values: trimming, rounding, cutting, a flow that rewrites. */
const normalisers: readonly ((value: CrmValue) => CrmValue)[] = [
  (value) => (typeof value === 'string' ? value.trim() : value),
  (value) => (typeof value === 'number' ? Math.round(value) : value),
  // Cutting a list would lose members by their order, which is no content.
  (value) => (typeof value === 'string' && !/[;,]/.test(value) ? value.slice(0, 8) : value),
  (value) => (typeof value === 'string' ? value.toUpperCase() : value),
  (value) => (value === '' ? null : value),
];
const normaliser = fc.constantFrom(...normalisers);

const own = ['ACE_Id__c', 'ACE_Last_Modified__c'];
const content = (fields: CrmFields | undefined): CrmFields =>
  Object.fromEntries(Object.entries(fields ?? {}).filter(([name]) => !own.includes(name)));
/** The order of a list's members is no content. */
const sorted = (fields: CrmFields | undefined): CrmFields =>
  Object.fromEntries(
    Object.entries(fields ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? [...toList(value.replaceAll(',', ';'))].sort().join(';') : value,
    ]),
  );

async function withRecord(first: AceRecord, normalise: World['normalise']): Promise<World> {
  const world = new World('opportunity', lossy);
  world.normalise = normalise;
  await world.receive(awsReferral({ ...first, partnerAcceptanceStatus: 'Accepted', lastModifiedDate: world.tick() }));
  return world;
}
const accepted = (world: World, record: AceRecord): AceRecord =>
  awsReferral({ ...record, partnerAcceptanceStatus: 'Accepted', lastModifiedDate: world.tick() });

/** What versions in the order of their dates amount to: a blank leaves the value before it where the mapping protects that. */
const standing = (versions: readonly AceRecord[]): AceRecord =>
  Object.fromEntries(
    lossy.opportunity.fields.map(({ ace, type, protectFromBlank }) => {
      const values = versions.map((version) => version[ace]);
      const filled = values.findLast((value) => canonicalAce(type, value) !== null);
      return [ace, protectFromBlank ? (filled ?? null) : values.at(-1)];
    }),
  );
const heldBy = (world: World): CrmFields =>
  Object.fromEntries(
    Object.entries(sorted(content(world.linked.record?.fields))).filter(([, value]) => value !== null && value !== ''),
  );
const agreedOn = (world: World): readonly string[] => Object.keys(world.received?.fields ?? {}).sort();

describe('Whatever values come', () => {
  test('a merge done twice changes nothing the second time', async () => {
    await fc.assert(
      fc.asyncProperty(export_, export_, normaliser, async (first, second, normalise) => {
        const world = await withRecord(first, normalise);
        await world.receive(accepted(world, second));
        const before = content(world.linked.record?.fields);
        const plan = await world.receive(accepted(world, second));
        assert.deepEqual(
          plan.decisions.filter((decision) => decision.writes),
          [],
        );
        assert.deepEqual(content(world.linked.record?.fields), before);
      }),
      { numRuns: 150 },
    );
  });

  test('what came from ACE is not sent back, whatever the mapping and the CRM lose on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(export_, { minLength: 1, maxLength: 4 }),
        normaliser,
        async ([first = {}, ...later], normalise) => {
          const world = await withRecord(first, normalise);
          for (const record of later) await world.receive(accepted(world, record));
          const plan = await world.due();
          assert.deepEqual(plan.fields[`partnerCrmUniqueIdentifier>Id`] === undefined ? [] : Object.keys(plan.fields), [
            'partnerCrmUniqueIdentifier>Id',
          ]);
          await world.upload();
          assert.equal((await world.due()).decision, 'nothing');
        },
      ),
      { numRuns: 150 },
    );
  });

  test('what we sent does not come back as a change', async () => {
    await fc.assert(
      fc.asyncProperty(export_, export_, async (first, edits) => {
        const world = await withRecord(first, (value) => value);
        await world.upload();
        world.edit({
          Name: edits.partnerProjectTitle,
          Description: edits.projectDescription,
          Amount: edits.expectedMonthlyAwsRevenue,
          Delivery__c: edits.deliveryModel,
        });
        const sent = await world.upload();
        const before = content(world.linked.record?.fields);
        const plan = await world.receive(accepted(world, { ...first, ...sent.payload }));
        assert.deepEqual(
          plan.decisions.filter((decision) => decision.writes && !decision.path.startsWith('ACE_Sync__r.')),
          [],
        );
        assert.deepEqual(content(world.linked.record?.fields), before);
        assert.equal((await world.due()).decision, 'nothing');
      }),
      { numRuns: 150 },
    );
  });

  test('in whichever order two versions arrive, the later one stands, and its blanks leave what was there', async () => {
    await fc.assert(
      fc.asyncProperty(export_, export_, export_, normaliser, async (first, second, third, normalise) => {
        for (const [order, counted] of [
          [
            [second, third],
            [first, second, third],
          ],
          // The older one comes too late to count, so that blanks of the newer one leave the first.
          [
            [third, second],
            [first, third],
          ],
        ] as const) {
          const world = await withRecord(first, normalise);
          const versions = new Map([second, third].map((record) => [record, accepted(world, record)]));
          for (const record of order) await world.receive(versions.get(record) ?? assert.fail());
          const expected = await withRecord(standing(counted), normalise);
          assert.deepEqual(heldBy(world), heldBy(expected));
          assert.equal(world.received?.at, versions.get(third)?.lastModifiedDate);
          assert.deepEqual(agreedOn(world), agreedOn(expected));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('an unmapped field is never touched, on either side', async () => {
    await fc.assert(
      fc.asyncProperty(
        export_,
        fc.dictionary(fc.stringMatching(/^x[A-Za-z]{1,8}$/), fc.jsonValue()),
        async (record, unknown) => {
          const world = new World('opportunity').link({ ...crmOpportunity, Untouched__c: 'x' }, crmRow);
          const plan = await world.receive(aceOpportunity({ ...record, ...unknown, lastModifiedDate: world.tick() }));
          const mapped = new Set([
            'ACE_Id__c',
            'ACE_Last_Modified__c',
            ...defaultMapping.opportunity.fields.map((field) => field.crm),
          ]);
          assert.deepEqual(
            Object.keys(plan.recordWrites).filter((name) => !mapped.has(name)),
            [],
          );
          assert.equal(world.field('Untouched__c'), 'x');
          world.edit({ Untouched__c: 'y', NextStep: 'Meet' });
          assert.ok(!JSON.stringify((await world.due()).payload).includes('"y"'));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('no ACE record makes the plan throw', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...Object.keys(awsReferral())), fc.jsonValue()),
        async (record) => {
          for (const world of [new World('opportunity'), new World('opportunity').link(crmOpportunity, crmRow)]) {
            const plan = await world.plan({ ...awsReferral(), ...(record as AceRecord) });
            assert.ok(plan.outcome !== 'parked' || plan.problems.length > 0);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('A changed mapping over 3,000 linked records writes and sends nothing by itself', async () => {
  const changed = loadMapping(
    defaultMappingText
      .replace(
        '{ ace: nextStep, crm: NextStep, direction: out }',
        '{ ace: nextStep, crm: Next_Step__c, direction: both, owner: crm, firstSync: ace }',
      )
      .replace('Qualified: [Qualification, Needs Analysis, Prospecting]', 'Qualified: [Needs Analysis]')
      .replace('Committed: Negotiation/Review', 'Committed: [Negotiation/Review, Qualification]')
      .replace(
        '{ ace: city, crm: Account.BillingCity, direction: out }',
        '{ ace: city, crm: City__c, direction: both }',
      )
      .replace(
        '{ ace: projectDescription, crm: Description, direction: out }',
        '{ ace: projectDescription, crm: Description, direction: both, transform: { out: "$uppercase(value)" } }',
      ),
  );
  assert.notEqual(changed.version, defaultMapping.version);
  for (let index = 0; index < 3_000; index += 1) {
    const world = new World('opportunity').link(
      { ...crmOpportunity, Next_Step__c: `Step ${index}`, City__c: 'Potsdam' },
      crmRow,
    );
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    world.mapping = changed;
    const before = world.linked.record?.fields;
    const upload = await world.upload();
    assert.equal(upload.decision, 'nothing');
    const plan = await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    assert.deepEqual(
      plan.decisions.filter((decision) => decision.writes),
      [],
    );
    assert.deepEqual(content(world.linked.record?.fields), content(before));
    assert.equal((await world.due()).decision, 'nothing');
  }
});

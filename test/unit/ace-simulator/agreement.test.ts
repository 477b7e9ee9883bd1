import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AceRecord, Programme } from '../../../src/ace/ace-record.ts';
import { programmes } from '../../../src/ace/ace-record.ts';
import { checkFile, checkRecord, hasErrors } from '../../../src/ace/check.ts';
import { type FieldDefinition, opportunityFields } from '../../../src/ace/fields.ts';
import { picklists } from '../../../src/ace/picklists.ts';
import { decideRecord } from '../../../src/sandbox/ace/inbound-record.ts';
import { outboundRecord } from '../../../src/sandbox/ace/outbound-record.ts';
import { createChance } from '../../../src/sandbox/ace/random.ts';
import { approve, askForAction, reject } from '../../../src/sandbox/ace/review.ts';
import { openDraft, switchesOf, type World } from '../../../src/sandbox/ace/world.ts';
import { mandatory, type Version, versions } from '../../integration/ace-simulator/sample-records.ts';
import { memoryWorld } from './memory-world.ts';

const chance = createChance(4711);

/** A value for the field: mostly a good one, sometimes none, a wrong one or one of another type. */
function valueFor({ name, maxLength, versions: known }: FieldDefinition, version: Version, draw: string): unknown {
  const kind = chance.whole(0, 9, draw, 'kind');
  if (kind === 0) return null;
  if (kind === 1)
    return chance.oneOf<unknown>(['', 'nonsense', 12, ['a'], { a: 1 }, 'x'.repeat((maxLength ?? 40_000) + 1)], draw);
  const list: readonly string[] | undefined = picklists.opportunity[version][name];
  const type = known[version]?.type ?? 'text';
  if (list !== undefined && list.length > 0) {
    const value = chance.oneOf(list, draw, 'value');
    return type === 'array' ? [value] : value;
  }
  switch (type) {
    case 'array':
      return ['S-0012345'];
    case 'money':
    case 'number':
      return chance.oneOf([0, -1, 900, 120_000, 119_999], draw, 'money');
    case 'date':
      return chance.oneOf(['2026-03-01', '2026-03-02', '2041-01-31', '2041-02-30'], draw, 'date');
    case 'dateTime':
      return '2026-03-02T12:00:00.000Z';
    case 'email':
      return 'hana.ito@customer.example.com';
    case 'url':
      return 'www.customer.example.com';
    default:
      return chance.oneOf(['text', '111122223333', '98101'], draw, 'text');
  }
}

const identifiers = new Set(['apnCrmUniqueIdentifier', 'partnerCrmUniqueIdentifier']);

function sparse(version: Version, most: number, draw: string): AceRecord {
  const record: Record<string, unknown> = {};
  const count = chance.whole(1, most, draw, 'count');
  for (let number = 0; number < count; number += 1) {
    const field = chance.oneOf(opportunityFields, draw, number);
    if (!identifiers.has(field.name)) record[field.name] = valueFor(field, version, `${draw} ${number}`);
  }
  return record;
}

function worldOf(version: Version, programme: Programme): World {
  return memoryWorld(version, { programme });
}

for (const version of versions) {
  test(`creates: what the check says of the file is what ACE says on the wire, payload version ${version}`, () => {
    let refused = 0;
    const count = 1_500;
    const worlds = programmes.map((programme) => worldOf(version, programme));
    for (let number = 0; number < count; number += 1) {
      const programme = chance.oneOf(programmes, 'programme', version, number);
      const world = worlds[programmes.indexOf(programme)] ?? worldOf(version, programme);
      const record = { ...mandatory(version, `006${number}`), ...sparse(version, 3, `create ${version} ${number}`) };
      const bytes = Buffer.from(
        JSON.stringify({ version: String(version), spmsId: '123456', opportunities: [record] }),
      );
      const checked = checkFile(bytes, { today: '2026-03-02', version, programme, intent: 'create' });
      const { result } = decideRecord(world, openDraft(world.store), { object: 'opportunity', version, record });
      assert.equal(
        result.errors.length > 0,
        hasErrors(checked.problems),
        `${JSON.stringify(record)} ${JSON.stringify(checked.problems)} ${result.errors}`,
      );
      refused += result.errors.length > 0 ? 1 : 0;
    }
    assert.ok(refused > count / 10 && refused < (count * 9) / 10, `${refused} refused`);
  });

  test(`updates: the check on ACE's export is what ACE says on the wire, payload version ${version}`, () => {
    let refused = 0;
    const count = 1_500;
    const unseen = opportunityFields.filter((field) => field.versions[version]?.exported === false);
    for (const programme of programmes) {
      const world = worldOf(version, programme);
      for (let number = 0; number < count / programmes.length; number += 1) {
        const draft = openDraft(world.store);
        const draw = `update ${version} ${programme} ${number}`;
        const partnerId = `006${number}`;
        decideRecord(world, draft, { object: 'opportunity', version, record: mandatory(version, partnerId) });
        const [created] = draft.records();
        assert.ok(created !== undefined);
        chance.oneOf([approve, approve, approve, approve, askForAction, reject], draw, 'review')(world, draft, created);
        const ids = { apnCrmUniqueIdentifier: created.aceId, partnerCrmUniqueIdentifier: partnerId };
        for (let round = 0; round < 3; round += 1) {
          const stored = draft.get('records', created.aceId);
          assert.ok(stored !== undefined);
          const exported = outboundRecord(stored, stored.fields, { version, switches: switchesOf(world) });
          const record = { ...sparse(version, 4, `${draw} ${round}`), ...ids };
          const problems = checkRecord({
            ...{ object: 'opportunity', intent: 'update', version, programme, record, stored: exported },
            today: '2026-03-02',
          });
          const { result } = decideRecord(world, draft, { object: 'opportunity', version, record });
          const wrong = `${JSON.stringify(record)} ${JSON.stringify(problems)} ${result.errors}`;
          if (hasErrors(problems)) assert.ok(result.errors.length > 0, wrong);
          // What ACE never exports the check cannot know; it then says nothing.
          const known = unseen.every(({ name }) => stored.fields[name] === undefined);
          if (known) assert.equal(result.errors.length > 0, hasErrors(problems), wrong);
          refused += result.errors.length > 0 ? 1 : 0;
        }
      }
    }
    assert.ok(refused > count / 3 && refused < count * 3 * 0.9, `${refused} refused`);
  });
}

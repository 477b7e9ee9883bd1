import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type AceRecord, type PayloadVersion, sameValue } from '../../../src/ace/ace-record.ts';
import { checkFile, checkRecord } from '../../../src/ace/check.ts';
import { readAceFile, writeAceFile } from '../../../src/ace/envelope.ts';
import { faults, sparseChanges, validCreate } from './generate-records.ts';
import { published } from './published-definitions.ts';
import { approved, ids, today } from './sample-records.ts';

const runs = { numRuns: 1_500, seed: 20261120 };
const versions: readonly PayloadVersion[] = [1, 2];

const errorFields = (version: PayloadVersion, record: AceRecord): readonly string[] => {
  const problems = checkRecord({
    object: 'opportunity',
    version,
    programme: 'consulting',
    intent: 'create',
    record,
    today,
  });
  return problems.filter(({ severity }) => severity === 'error').map(({ field }) => field ?? '');
};

for (const version of versions) {
  describe(`thousands of records of payload version ${version}`, () => {
    test('that are valid by construction are taken', () => {
      fc.assert(
        fc.property(validCreate(version), (record) => {
          assert.deepEqual(errorFields(version, record), []);
        }),
        runs,
      );
    });

    test('with one fault are refused for it, and the fault is named', () => {
      fc.assert(
        fc.property(validCreate(version), fc.constantFrom(...faults(version)), (record, fault) => {
          assert.ok(errorFields(version, fault.apply(record)).includes(fault.field), fault.says);
        }),
        runs,
      );
    });

    test('make the same verdict alone and in a file, after being written and read', () => {
      const mixed = fc.tuple(validCreate(version), fc.option(fc.constantFrom(...faults(version))));
      fc.assert(
        fc.property(
          fc.uniqueArray(mixed, {
            minLength: 1,
            maxLength: 20,
            selector: ([record]) => record.partnerCrmUniqueIdentifier,
          }),
          (made) => {
            const records = made.map(([record, fault]) => (fault === null ? record : fault.apply(record)));
            const bytes = writeAceFile({ object: 'opportunity', version, spmsId: '1', records });
            const read = readAceFile(bytes, { key: 'a.json' });
            assert.ok(read.ok);
            assert.deepEqual(read.records, records);
            const { problems } = checkFile(bytes, { today, version });
            for (const [index, record] of records.entries()) {
              const ofRecord = problems.filter((problem) => problem.record === index && problem.severity === 'error');
              assert.deepEqual(
                ofRecord.map(({ field }) => field ?? ''),
                errorFields(version, record),
              );
            }
          },
        ),
        { ...runs, numRuns: 100 },
      );
    });

    test('that are sparse updates are taken, dropped or refused field by field as the definitions say', () => {
      const states = [
        ['approved', {}, 2],
        ['action required', { status: 'Action Required' }, 1],
        ['launched', { stage: 'Launched', awsAccountId: '123456789012' }, 3],
        ['in review', { status: 'In review' }, null],
      ] as const;
      const marks = new Map(published.opportunity.map((field) => [field.name, field]));
      fc.assert(
        fc.property(sparseChanges(version), fc.constantFrom(...states), (changes, [, held, column]) => {
          const record = { ...changes, ...ids };
          const stored = approved(version, held);
          const problems = checkRecord({
            object: 'opportunity',
            version,
            programme: 'consulting',
            intent: 'update',
            record,
            stored,
            today,
          });
          if (column === null) {
            assert.deepEqual(
              problems.map(({ code }) => code),
              ['ACE_IN_REVIEW'],
            );
            return;
          }
          for (const [name, value] of Object.entries(changes)) {
            const field = marks.get(name);
            const readOnly = version === 1 ? field?.v1?.direction === 'Outbound Only' : field?.v2?.inbound === 'ro';
            const trio = ['isThisAPublicReference', 'publicReferenceTitle'].includes(name);
            const mark =
              version === 1 && column === 2
                ? field?.v1?.afterCreate === 'Update'
                  ? 'Y'
                  : '-'
                : field?.v2?.editable[column];
            const taken = !readOnly && (mark === 'Y' || (trio && version === 1 && column === 3));
            if (taken || sameValue(value, stored[name])) continue;
            const said = problems.find((problem) => problem.field === name);
            assert.equal(said?.severity, column === 1 && !readOnly ? 'error' : 'warning', name);
          }
        }),
        runs,
      );
    });
  });
}

describe('any JSON object as a record', () => {
  const keys = [
    ...published.opportunity.map(({ name }) => name),
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
  ];
  const anything = fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), fc.jsonValue({ maxDepth: 3 }), {
    maxKeys: 30,
  });

  test('is answered without an exception, the same twice, and is left as it was', () => {
    fc.assert(
      fc.property(
        anything,
        fc.option(anything, { nil: undefined }),
        fc.constantFrom('create' as const, 'update' as const),
        fc.constantFrom('opportunity' as const, 'lead' as const),
        fc.constantFrom(...versions),
        (record, stored, intent, object, version) => {
          const before = JSON.stringify([record, stored]);
          const input = { object, version, programme: 'isvAccelerate', intent, record, stored, today } as const;
          const first = checkRecord(input);
          assert.deepEqual(checkRecord(input), first);
          assert.equal(JSON.stringify([record, stored]), before);
          for (const problem of first) assert.ok(problem.message.length > 10 && problem.fix.length > 5);
        },
      ),
      runs,
    );
  });
});

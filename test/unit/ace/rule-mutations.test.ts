import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aceObjects, payloadVersions } from '../../../src/ace/ace-record.ts';
import { aceErrors, type CheckRecord, compileChecker } from '../../../src/ace/check.ts';
import { type ContractTables, contractTables } from '../../../src/ace/contract-tables.ts';
import { documentedSwitches } from '../../../src/ace/switches.ts';
import { acceptanceCases } from './acceptance-cases.ts';
import { claims } from './claims.ts';
import { digest, published } from './published-definitions.ts';
import { type Mutation, mutations } from './rule-mutations.ts';
import { verdictOf } from './verdict.ts';

/** The fixed corpus: acceptance scenarios with ACE's texts, claims of the published definitions, digests of the lists. */
function notices(tables: ContractTables, field: string | null): boolean {
  if (listsDiffer(tables)) return true;
  const check = compileChecker(tables);
  const first = field === null ? [] : claims.filter((claim) => claim.field === field);
  if (first.some(({ holds }) => !holds(check))) return true;
  return acceptanceCases.some((each) => differs(check, each)) || claims.some(({ holds }) => !holds(check));
}

function differs(check: CheckRecord, each: (typeof acceptanceCases)[number]): boolean {
  const { refused, warned, problems } = verdictOf(check, each);
  if (JSON.stringify([refused, warned]) !== JSON.stringify([each.refused, each.warned])) return true;
  if (each.codes !== undefined && JSON.stringify(problems.map(({ code }) => code)) !== JSON.stringify(each.codes))
    return true;
  if (each.texts === undefined) return false;
  const switches = { ...documentedSwitches, ...each.switches };
  return aceErrors(problems, { ...each, switches }).join('\n') !== each.texts.join('\n');
}

function listsDiffer(tables: ContractTables): boolean {
  if (tables.picklists === contractTables.picklists) return false;
  return aceObjects.some((object) =>
    payloadVersions.some((version) => {
      const theirs = object === 'lead' ? published.lists.lead : published.lists[`opportunity_v${version}`];
      return Object.entries(tables.picklists[object][version]).some(
        ([field, list]) =>
          list !== contractTables.picklists[object][version][field] && digest(list).sha256 !== theirs[field]?.sha256,
      );
    }),
  );
}

/** Changes that change nothing that ACE could see; each with the reason. */
const equivalent: ReadonlySet<string> = new Set([
  // The values that these rules speak of are no standard values of version 1, which is an error of the same field.
  'ACE_NEED_CONTRADICTS partnerPrimaryNeedFromAws v2: in every version',
  'ACE_NEED_ONE_WAY partnerPrimaryNeedFromAws v2: in every version',
  // An offer on create is refused by a rule of its own, open or not.
  'opportunity offers: v2 opened at create',
  // The switch on the length of comments holds V12's limit as well.
  'opportunity additionalComments: a character more',
]);

const survivors = (list: readonly Mutation[]): readonly string[] =>
  list.filter(({ tables, field, says }) => !equivalent.has(says) && !notices(tables, field)).map(({ says }) => says);

describe('a contract with one mistake in it is noticed', () => {
  test('when it has none, nothing is noticed', () => {
    assert.equal(notices(contractTables, null), false);
  });

  for (const [kind, list] of Object.entries(mutations)) {
    test(`in each of ${list.length} changes of ${kind}`, () => {
      assert.deepEqual(survivors(list), []);
    });
  }
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadMapping, type Mapping } from '../../../src/mapping/compile.ts';
import { parseMappingFile } from '../../../src/mapping/mapping-file.ts';
import { readRuleAnswer } from '../../../src/mapping/referral-answer.ts';
import { aceLead, awsReferral, defaultMapping, defaultMappingText, World } from './world.ts';

const answering = (...rules: readonly string[]): string =>
  defaultMappingText.replace(
    'createAs: opportunity',
    `createAs: opportunity\n    answer:\n${rules.map((rule) => `      - ${rule}`).join('\n')}`,
  );
const withRules = (...rules: readonly string[]): Mapping => loadMapping(answering(...rules));
const problemsOf = (...rules: readonly string[]): readonly string[] => {
  const parsed = parseMappingFile(answering(...rules));
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
};

const first = "{ when: \"stage = 'Prospect' and industry = 'Gaming'\", reject: Unable to support }";
const second = '{ when: "stage = \'Prospect\'", accept: true }';

describe('A rule that answers AWS referrals', () => {
  test('is the first that holds, and stands on the row with its reason', async () => {
    const accepted = new World('opportunity', withRules(first, second));
    await accepted.receive(awsReferral());
    assert.equal(accepted.field('ACE_Sync__r.Rule_Answer__c'), 'Accepted by rule 2');
    const rejected = new World('opportunity', withRules(first, second));
    await rejected.receive(awsReferral({ industry: 'Gaming' }));
    const text = rejected.field('ACE_Sync__r.Rule_Answer__c');
    assert.equal(text, 'Rejected by rule 1: Unable to support');
    const plan = await rejected.due(readRuleAnswer(text));
    assert.equal(plan.payload?.partnerAcceptanceStatus, 'Rejected');
    assert.equal(plan.payload?.rejectionReason, 'Unable to support');
  });

  test('answers nothing where no rule holds, an expression fails, or the mapping has none', async () => {
    for (const mapping of [
      defaultMapping,
      withRules(first),
      withRules("{ when: '$number(industry) > 1', accept: true }"),
    ]) {
      const world = new World('opportunity', mapping);
      await world.receive(awsReferral({ industry: 'Healthcare' }));
      assert.equal(world.field('ACE_Sync__r.Rule_Answer__c'), null);
    }
  });

  test('answers no partner referral, no answered referral, and nothing before the connection is live', async () => {
    const world = new World('opportunity', withRules("{ when: 'true', accept: true }"));
    await world.receive(awsReferral({ partnerAcceptanceStatus: 'Accepted' }));
    assert.equal(world.field('ACE_Sync__r.Rule_Answer__c'), null);
    const matching = new World('opportunity', withRules("{ when: 'true', accept: true }")).link({}, {});
    matching.mode = 'match';
    await matching.receive(awsReferral());
    assert.equal(matching.field('ACE_Sync__r.Rule_Answer__c'), null);
  });

  test('keeps its first answer, whatever later versions of the record say', async () => {
    const world = new World('opportunity', withRules(first, second));
    await world.receive(awsReferral());
    await world.receive(awsReferral({ industry: 'Gaming', lastModifiedDate: world.tick() }));
    assert.equal(world.field('ACE_Sync__r.Rule_Answer__c'), 'Accepted by rule 2');
  });

  test('answers leads without a reason', async () => {
    const text = defaultMappingText.replace(
      'lead:\n',
      'lead:\n  referral: { answer: [{ when: "leadSource = \'Old\'", reject: true }] }\n',
    );
    const world = new World('lead', loadMapping(text));
    await world.receive(aceLead({ leadSource: 'Old' }));
    assert.equal(world.field('ACE_Sync__r.Rule_Answer__c'), 'Rejected by rule 1');
  });

  test('is refused with a reason that ACE does not know, a condition that cannot be read, or one on what AWS hides', () => {
    assert.deepEqual(
      problemsOf(
        "{ when: 'true', reject: No time }",
        "{ when: '$uppercase(', accept: true }",
        '{ when: "country != \'Germany\'", reject: Other }',
      ).map((message) => message.slice(0, 60)),
      [
        "opportunity.referral.answer[0].reject: expected one of ACE's reasons",
        'opportunity.referral.answer[1].when: expected a JSONata expression',
        'opportunity.referral.answer[2].when: AWS hides country until the answer',
      ].map((message) => message.slice(0, 60)),
    );
  });
});

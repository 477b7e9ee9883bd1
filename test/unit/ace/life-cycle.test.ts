import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptanceState, canSend, isMasked, lifeCycleState, reviewState } from '../../../src/ace/life-cycle.ts';
import { approved, awsReferral, lead } from './sample-records.ts';

describe('the mask', () => {
  for (const text of ['Accept To View', 'Accept to View', 'Accept to view', ' ACCEPT TO VIEW ']) {
    test(`is known as "${text}"`, () => assert.equal(isMasked(text), true));
  }
  for (const value of ['Accept', 'Accept to View it', '', null, undefined, 5, ['Accept To View']]) {
    test(`is not ${JSON.stringify(value)}`, () => assert.equal(isMasked(value), false));
  }
});

describe('the state of a record', () => {
  for (const [status, state] of [
    ['Draft', 'inReview'],
    ['Submitted', 'inReview'],
    ['In review', 'inReview'],
    ['Approved', 'open'],
    ['Rejected', 'reviewRejected'],
    ['Action Required', 'actionRequired'],
    ['Something new', 'open'],
    [null, 'open'],
  ] as const) {
    test(`of a partner referral with status ${status} is ${state}`, () => {
      assert.equal(lifeCycleState('opportunity', approved(1, { status })), state);
    });
  }

  test('of a closed one is its end, once review is over', () => {
    assert.equal(lifeCycleState('opportunity', approved(1, { stage: 'Launched' })), 'launched');
    assert.equal(lifeCycleState('opportunity', approved(1, { stage: 'Closed Lost' })), 'closedLost');
    assert.equal(lifeCycleState('opportunity', approved(1, { stage: 'Launched', status: 'In review' })), 'inReview');
  });

  test('of an AWS referral hangs on the answer, and its status says nothing', () => {
    const state = (changes: object, now = '2026-11-20T00:00:00Z') =>
      lifeCycleState('opportunity', awsReferral(1, { ...changes }), now);
    assert.equal(state({}), 'acceptancePending');
    assert.equal(state({ status: 'In review' }), 'acceptancePending');
    assert.equal(state({ partnerAcceptanceStatus: 'Accepted' }), 'open');
    assert.equal(state({ partnerAcceptanceStatus: 'Accepted', stage: 'Launched' }), 'launched');
    assert.equal(state({ partnerAcceptanceStatus: 'Rejected' }), 'acceptanceRejected');
    assert.equal(state({}, '2026-11-27T12:00:00.001Z'), 'acceptanceExpired');
    assert.equal(state({}, '2026-11-27T12:00:00.000Z'), 'acceptancePending');
    assert.equal(state({ acceptBy: '2026-11-27' }, '2026-11-27T23:00:00Z'), 'acceptancePending');
    assert.equal(state({ acceptBy: 'soon' }), 'acceptancePending');
  });

  test('is unknown without ACE’s record', () => {
    assert.equal(lifeCycleState('opportunity', undefined), 'unknown');
    assert.equal(reviewState({}), 'unknown');
  });

  test('of a lead is open, and its acceptance is told apart', () => {
    assert.equal(lifeCycleState('lead', lead), 'open');
    assert.equal(acceptanceState('lead', lead), 'accepted');
    assert.equal(acceptanceState('lead', { ...lead, currentLeadStage: null }), 'pending');
    assert.equal(acceptanceState('lead', { ...lead, currentLeadStage: 'Rejected' }), 'rejected');
  });
});

describe('what may be sent', () => {
  const ask = (
    stored: ReturnType<typeof approved> | undefined,
    programme: 'consulting' | 'isvAccelerate' = 'consulting',
  ) => canSend({ object: 'opportunity', version: 2, programme, stored, now: '2026-11-20T00:00:00Z' });

  test('on create is what a create takes, without ACE’s identifier', () => {
    const { state, fields, problem } = ask(undefined);
    assert.equal(state, 'create');
    assert.equal(problem, null);
    assert.ok(fields.has('customerCompanyName') && fields.has('partnerCrmUniqueIdentifier'));
    for (const field of ['stage', 'offers', 'apnCrmUniqueIdentifier', 'procurementType'])
      assert.ok(!fields.has(field), field);
  });

  test('after approval is what may change, with the identifiers', () => {
    const { fields, problem, opensWith } = ask(approved(2));
    assert.deepEqual([problem, opensWith], [null, null]);
    for (const field of ['stage', 'offers', 'nextStep', 'apnCrmUniqueIdentifier']) assert.ok(fields.has(field), field);
    for (const field of ['industry', 'country', 'aWSStage', 'partnerAcceptanceStatus'])
      assert.ok(!fields.has(field), field);
  });

  test('in review is nothing, until the review ends', () => {
    const { fields, problem, opensWith } = ask(approved(2, { status: 'In review' }));
    assert.deepEqual([fields.size, problem?.code, problem?.fixBy, opensWith], [0, 'ACE_IN_REVIEW', 'aws', 'review']);
  });

  test('in Action Required are the nine marked fields and the identifiers', () => {
    const { fields, problem } = ask(approved(2, { status: 'Action Required' }));
    assert.equal(problem?.code, 'ACE_ACTION_REQUIRED');
    assert.deepEqual([...fields].sort(), [
      'apnCrmUniqueIdentifier',
      'city',
      'country',
      'customerWebsite',
      'expectedMonthlyAwsRevenue',
      'partnerCrmUniqueIdentifier',
      'postalCode',
      'projectDescription',
      'state',
      'streetAddress',
      'targetCloseDate',
    ]);
  });

  test('of an unanswered referral is the answer', () => {
    const { fields, opensWith } = ask(awsReferral(2));
    assert.equal(opensWith, 'acceptance');
    assert.deepEqual([...fields].sort(), ['apnCrmUniqueIdentifier', 'partnerAcceptanceStatus', 'rejectionReason']);
  });

  test('after Launched is nothing, or what the programme may change', () => {
    const launched = approved(2, { stage: 'Launched' });
    assert.equal(ask(launched).fields.size, 0);
    const isv = ask(launched, 'isvAccelerate').fields;
    assert.ok(isv.has('deliveryModel') && isv.has('additionalComments') && !isv.has('procurementType'));
  });

  test('after the end of a referral or an opportunity is nothing, for good', () => {
    for (const stored of [
      approved(2, { stage: 'Closed Lost' }),
      approved(2, { status: 'Rejected' }),
      awsReferral(2, { partnerAcceptanceStatus: 'Rejected' }),
      awsReferral(2, { acceptBy: '2026-11-01T00:00:00.000Z' }),
    ]) {
      const { fields, problem, opensWith } = ask(stored);
      assert.deepEqual([fields.size, opensWith], [0, 'nothing']);
      assert.notEqual(problem, null);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contractTables } from '../../../src/ace/contract-tables.ts';
import { messagePatterns } from '../../../src/ace/message-patterns.ts';
import { classifyRecordResult, classifyResultMessage } from '../../../src/ace/result-messages.ts';
import { fileAnswers, recordAnswers } from '../../../src/sandbox/ace/answers.ts';

/** Every text that a source holds, with what it must lead to. */
const known = [
  ['Record is not editable.', 'waitForReview', undefined],
  ['User not found for Opportunity Owner email:jo@example.com', 'needsPerson', 'opportunityOwnerEmail'],
  ['No new update identified for this record', 'alreadySo', undefined],
  ['Required: Use Case;Target Launch Date;Nonsense', 'needsPerson', 'useCase'],
  ['Please enter Pre-sales Activities', 'needsPerson', 'salesActivities'],
  ['Validation Error: Value is required. Use Case', 'needsPerson', 'useCase'],
  [
    'Missing Required Field: Closed Lost Reason is required when closing the opportunity',
    'needsPerson',
    'closedLostReason',
  ],
  ['Invalid Data: Select from the predefined Delivery Model list', 'needsPerson', 'deliveryModel'],
  ['Invalid Data: Select from the predefined Industry list', 'needsPerson', 'industry'],
  ['Missing Required Field: State is required when Country is United States', 'needsPerson', 'state'],
  ['Invalid Data: Customer website should be a valid domain', 'needsPerson', 'customerWebsite'],
  [
    'Missing Required Field: "Other Need" field is required when Partner Primary Need From AWS ="Other"',
    'needsPerson',
    'partnerPrimaryNeedFromAwsOther',
  ],
  [
    'Missing Required Field: Estimated AWS Monthly Recurring Revenue cannot be blank or 0',
    'needsPerson',
    'expectedMonthlyAwsRevenue',
  ],
  ['Invalid Data: Target Close Date should be a future date', 'needsPerson', 'targetCloseDate'],
  [
    'Missing Required Field: Project description must have minimum of 50 characters',
    'needsPerson',
    'projectDescription',
  ],
  ['Contract Vehicle is required for opportunities for this industry.', 'needsPerson', 'contractVehicle'],
  [
    "RFx/Public Tender Solicitation No is required when 'Education' or 'Government' industry vertical is selected.",
    'needsPerson',
    'rfxSolicitationNumber',
  ],
  ['Is Opportunity from Marketing Activity is required.', 'needsPerson', 'IsOppFromMarketingActivity'],
  [
    'Marketing Development Funds Used is required when Is Opportunity from Marketing Activity is Yes.',
    'needsPerson',
    'isMarketingDevelopmentFunded',
  ],
  [
    'Clear values in Marketing Activity Channel, Marketing Activity UseCase, AWS Campaign Name and Was Marketing Development Funds Used.',
    'needsPerson',
    'marketingActivityChannel',
  ],
  [
    'To launch opportunities with Customer Software Value greater than or equal to USD120,000 use Partner Central UI.',
    'needsPerson',
    'customerSoftwareValue',
  ],
  [
    "Following fields are required for all ISV Accelerate and SaaS Revenue Recognition when Opportunity is Launched: 'Customer Software Value (Number and Currency)'",
    'needsPerson',
    'procurementType',
  ],
  ['Delivery Model is required.', 'needsPerson', 'deliveryModel'],
  ['Account Id must be 12 numerical digits', 'needsPerson', 'awsAccountId'],
  ['Additional Comments: data value too large (max length=255)', 'needsPerson', 'additionalComments'],
  ['Additional Comments: data value too large: our whole plan', 'needsPerson', 'additionalComments'],
  ['Next Steps: data value too large: (max length=255)', 'needsPerson', 'nextStep'],
  ['Bad value for restricted picklist field: Data Lake', 'needsPerson', undefined],
  ['Changes are not allowed when an opportunity stage is "Closed Lost" or "Launched."', 'needsPerson', undefined],
  ["Closed Lost Reason is not acceptable until Opportunity has been 'Closed Lost'.", 'needsPerson', 'closedLostReason'],
  ['Contract end date cannot be earlier than contract start date.', 'needsPerson', 'contractEndDate'],
  [
    "Solution offered cannot be 'Other' when Opportunity stage is Committed or Launched.",
    'needsPerson',
    'solutionOffered',
  ],
  [
    'The postal code is invalid for country Germany, Germany postal code must be in 99999 format.',
    'needsPerson',
    'postalCode',
  ],
  ["[{'opportunities': []}] is not of type 'object'", 'needsPerson', undefined],
  ['User not found for Lead Owner email:jo@example.com', 'needsPerson', 'leadOwnerEmail'],
  ['Lead not found.', 'needsPerson', undefined],
  ['Opportunity not found.', 'needsPerson', undefined],
  [
    'duplicate value found: partnerCrmUniqueIdentifier duplicates value on record with id: O1234567',
    'needsPerson',
    undefined,
  ],
  ['The file has no records.', 'needsPerson', undefined],
  ['UNABLE_TO_LOCK_ROW: please try again', 'tryAgain', undefined],
  ['Request timed out', 'tryAgain', undefined],
  ['Service unavailable, please try again later', 'tryAgain', undefined],
  ['The close date is wrong. Please correct it and try again', 'unknown', undefined],
  ['Session timeout field is invalid', 'unknown', undefined],
  ['File name a.json was already used', 'duplicateName', undefined],
  ['Something that nobody has seen before', 'unknown', undefined],
  ['', 'unknown', undefined],
] as const;

describe('a text of ACE', () => {
  for (const [text, expected, field] of known) {
    test(`${text || '(nothing)'} means ${expected}`, () => {
      const found = classifyResultMessage(text);
      assert.deepEqual([found.class, found.field], [expected, field]);
      assert.equal(found.problem.code, found.code);
    });
  }

  test('is never copied into the problem', () => {
    for (const [text] of known) {
      const marked = `${text} jo.secret@example.com`;
      assert.ok(!JSON.stringify(classifyResultMessage(marked)).includes('secret'), text);
    }
  });

  test('of a megabyte is answered at once', () => {
    for (const text of [`Required: ${'Use Case;'.repeat(120_000)}`, 'a '.repeat(500_000), ':'.repeat(1_000_000)]) {
      const start = performance.now();
      classifyResultMessage(text);
      assert.ok(performance.now() - start < 1_000);
    }
  });
});

describe('a row of a result', () => {
  test('that succeeded is accepted', () => {
    assert.equal(classifyRecordResult({ isSuccess: true, errors: [] }).class, 'accepted');
  });

  test('with several texts is as weighty as the weightiest', () => {
    const found = classifyRecordResult({
      isSuccess: false,
      errors: ['Record is not editable.', 'Please enter Pre-sales Activities'],
    });
    assert.equal(found.class, 'needsPerson');
    assert.deepEqual(
      found.messages.map(({ code }) => code),
      ['ACE_SALES_ACTIVITIES_REQUIRED', 'ACE_NOT_EDITABLE'],
    );
  });

  test('refused without a text is unknown', () => {
    assert.equal(classifyRecordResult({ isSuccess: false, errors: [] }).class, 'unknown');
  });
});

test('every pattern is reached by a known text', () => {
  const reached = new Set(known.map(([text]) => classifyResultMessage(text).code));
  assert.deepEqual(
    messagePatterns.map(({ code }) => code).filter((code) => !reached.has(code)),
    ['ACE_INVALID_DATA'],
  );
});

test('every text that the simulator answers with is understood', () => {
  const answers = Object.entries({ ...recordAnswers, ...fileAnswers });
  assert.ok(answers.length > 15);
  for (const [name, answer] of answers) {
    const text = (answer as (...parts: readonly string[]) => string)('Lead', 'O1234567');
    assert.notEqual(classifyResultMessage(text).class, 'unknown', name);
  }
});

test('every text that a rule of the contract answers with is understood', () => {
  const texts = [...contractTables.rules, ...contractTables.fieldRules].flatMap(({ aceText }) => aceText ?? []);
  assert.ok(texts.length > 20);
  const unknown = texts.filter((text) => classifyResultMessage(text).class === 'unknown');
  assert.deepEqual(unknown, []);
});

import { contractTables } from '../ace/contract-tables.ts';
import { messagePatterns } from '../ace/message-patterns.ts';
import { errorTable, fieldRefusedRow, unknownErrorRow } from '../crm/salesforce/error-table.ts';
import { catalogue, type FixBy } from '../errors.ts';
import { reasons } from '../mapping/reasons.ts';

/** What a code means, from the tables that also say it on the records: a notice never needs the text of one record. */
export interface Explanation {
  readonly sentence: string;
  readonly fix: string;
  readonly fixBy: FixBy;
}

/** Codes that only uploads use (docs/errors.md, "Uploads"). */
const uploadCodes: Readonly<Record<string, Explanation>> = {
  INBOUND_PRESENT: {
    sentence: 'AWS has not taken a file that we sent.',
    fix: 'Wait. When it lasts for hours, ask AWS whether ACE takes files.',
    fixBy: 'aws',
  },
  INBOUND_UNKNOWN: {
    sentence: 'The inbound folder or that of the results cannot be looked into, so the fate of a file is unknown.',
    fix: 'Give the access key the right to list both folders again.',
    fixBy: 'engineer',
  },
  CREATE_WITHOUT_RESULT: {
    sentence: 'AWS may have taken a new record but gave no answer; sending it again could make a second one.',
    fix: 'Ask AWS whether the opportunity exists, then retry or wait for its export.',
    fixBy: 'engineer',
  },
  WAVE_RECORD_BUSY: {
    sentence: 'A wave of the backfill waits for a record that has a file on its way, or a state that is not ours.',
    fix: 'Read the record in the failure of the wave, and do what its ACE Sync row says.',
    fixBy: 'engineer',
  },
  PING_PONG: {
    sentence: 'A record was sent again and again without anybody editing it.',
    fix: 'Find the flow or integration that changes it, then choose Retry.',
    fixBy: 'salesforceAdministrator',
  },
};

const { rules, fieldRules, keyRules } = contractTables;
const contractRules = [...rules, ...fieldRules, ...Object.values(keyRules).filter((rule) => rule !== null)];

const explanations: ReadonlyMap<string, Explanation> = new Map([
  ...contractRules.map(({ code, sentence, fix, fixBy }) => entry(code, sentence, fix, fixBy)),
  ...messagePatterns.map(({ code, message, fix, fixBy }) => entry(code, message, fix, fixBy)),
  ...[...errorTable, fieldRefusedRow, unknownErrorRow].map(({ problem, text, fix, fixBy }) =>
    entry(problem, text, fix, fixBy),
  ),
  ...Object.entries({ ...catalogue, ...reasons }).map(([code, { message, fix, fixBy }]) =>
    entry(code, message, fix, fixBy),
  ),
  ...Object.entries(uploadCodes),
]);

export function explainCode(code: string): Explanation {
  return (
    explanations.get(code) ?? {
      sentence: `The reason is ${code}.`,
      fix: 'See `ace-sync inbox` for what to do.',
      fixBy: 'engineer',
    }
  );
}

/** The tables' sentences have places for the field and its limits, which differ from record to record. */
function entry(code: string, sentence: string, fix: string, fixBy: FixBy): readonly [string, Explanation] {
  const general = (text: string) =>
    text.replace(/"?(?:<label>|\{(?:field|label)\})"?/g, 'a field').replace(/<\w+>|\{\w+\}/g, '…');
  const text = general(sentence);
  return [code, { sentence: text.charAt(0).toUpperCase() + text.slice(1), fix: general(fix), fixBy }];
}

/** What the checker says of a key that ACE does not take: nothing is refused, and nothing is taken either. */

import type { RuleText } from './rule.ts';

const warning = { severity: 'warning', aceText: null, verifiedIn: [] } as const;

export const keyRules = {
  keyCase: {
    ...warning,
    code: 'ACE_KEY_CASE',
    sentence: 'The key is not written as ACE writes it, so ACE does not see it; ACE\'s key is "<limit>".',
    fixBy: 'engineer',
    fix: 'Write the key letter for letter: case matters.',
    source: 'Samples: keys are case-sensitive, with odd casing such as IsOppFromMarketingActivity and wWPSPDM.',
  },
  unknownKey: {
    ...warning,
    code: 'ACE_UNKNOWN_KEY',
    sentence: 'The key is not in the contract.',
    fixBy: 'engineer',
    fix: 'Remove it, or correct its spelling; ACE is taken to ignore it.',
    source: 'Inference: no document says what ACE does with extra keys.',
  },
  otherVersion: {
    ...warning,
    code: 'ACE_OTHER_VERSION',
    sentence: '"<label>" belongs to payload version <limit>, so ACE ignores it in this file.',
    fixBy: 'engineer',
    fix: 'Remove the field from the mapping of this payload version.',
    source: 'V12 against V14.3.',
  },
  readOnly: {
    ...warning,
    code: 'ACE_READ_ONLY',
    sentence: 'Only ACE writes "<label>"; what is sent is ignored.',
    fixBy: 'engineer',
    fix: 'Do not send it.',
    source: 'V12 "Outbound Only", V14.3 "ro"; read-only fields are ignored.',
  },
  ignoredOnCreate: {
    ...warning,
    code: 'ACE_IGNORED_ON_CREATE',
    sentence: 'ACE drops "<label>" when it creates an opportunity.',
    fixBy: 'engineer',
    fix: 'Send it with an update after approval.',
    source: 'Acceptance scenarios A4, A6.10; GH acceptance script.',
  },
  ignoredNow: {
    ...warning,
    code: 'ACE_IGNORED_NOW',
    sentence: 'ACE does not change "<label>" in this state of the opportunity and drops it, with success.',
    fixBy: 'salesPerson',
    fix: 'Ask AWS to correct it at ACE, or keep the value that ACE holds.',
    source: 'V12 "Read Only" after create; V14.3 columns for the states.',
  },
  ignoredAfterLaunch: {
    ...warning,
    code: 'ACE_IGNORED_AFTER_LAUNCH',
    sentence: 'The opportunity is Launched: ACE drops "<label>", with success.',
    fixBy: 'salesPerson',
    fix: 'Ask AWS to correct it at ACE, or keep the value that ACE holds.',
    source: 'Acceptance scenarios B3.9, B3.14.',
  },
} as const satisfies Readonly<Record<string, RuleText>>;

export type KeyRules = Readonly<Record<keyof typeof keyRules, RuleText | null>>;

import type { AcceptanceCase } from './acceptance-case.ts';
import { closedAndIdentityCases } from './closed-and-identity-cases.ts';
import { createCases } from './create-cases.ts';
import { createValueCases } from './create-value-cases.ts';
import { leadCases } from './lead-cases.ts';
import { referralCases } from './referral-cases.ts';
import { sameOnUpdateCases } from './same-on-update-cases.ts';
import { updateCases } from './update-cases.ts';

export type { AcceptanceCase } from './acceptance-case.ts';

/** The whole corpus. */
export const acceptanceCases: readonly AcceptanceCase[] = [
  ...createCases,
  ...createValueCases,
  ...updateCases,
  ...closedAndIdentityCases,
  ...sameOnUpdateCases,
  ...referralCases,
  ...leadCases,
];

/** Everything the checker knows, as tables. Tests pass altered ones, to see that each row counts. */

import type { AceObject, PayloadVersion } from './ace-record.ts';
import { type FieldDefinition, fieldTables } from './fields.ts';
import { type Picklists, picklists } from './picklists.ts';
import { customerRules } from './rules/customer-rules.ts';
import { fieldRules } from './rules/field-rules.ts';
import { type KeyRules, keyRules } from './rules/key-rules.ts';
import { launchRules } from './rules/launch-rules.ts';
import { leadRules } from './rules/lead-rules.ts';
import { marketingRules } from './rules/marketing-rules.ts';
import { projectRules } from './rules/project-rules.ts';
import { requiredRules } from './rules/required-rules.ts';
import type { FieldRule, Rule } from './rules/rule.ts';
import { solutionRules } from './rules/solution-rules.ts';
import { stateRules } from './rules/state-rules.ts';

export interface ContractTables {
  readonly fields: Readonly<Record<AceObject, readonly FieldDefinition[]>>;
  readonly picklists: Readonly<Record<AceObject, Readonly<Record<PayloadVersion, Picklists>>>>;
  readonly fieldRules: readonly FieldRule[];
  /** Null leaves a rule out. */
  readonly keyRules: KeyRules;
  /** In the order in which ACE's answers name their problems: state, missing fields, values. */
  readonly rules: readonly Rule[];
}

export const contractTables: ContractTables = {
  fields: fieldTables,
  picklists,
  fieldRules,
  keyRules,
  rules: [
    ...stateRules,
    ...requiredRules,
    ...customerRules,
    ...projectRules,
    ...solutionRules,
    ...marketingRules,
    ...launchRules,
    ...leadRules,
  ],
};

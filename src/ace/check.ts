/**
 * The check of the contract: what ACE will say of a record or a file, before it is sent. The simulator decides by the same
 * rules.
 */

import { compileChecker } from './compile-checker.ts';

export { aceErrors, requiredErrorText } from './ace-errors.ts';
export { type CheckedFile, type CheckFileOptions, checkFile } from './check-file.ts';
export { type CheckInput, type CheckRecord, compileChecker } from './compile-checker.ts';
export { blocksUpload, hasErrors, type RuleProblem } from './rule-problem.ts';

/**
 * Every problem of one record that would be sent; empty when ACE takes it whole. Errors make ACE refuse the record, warnings
 * say what it drops. Messages hold no values of the record.
 */
export const checkRecord = compileChecker();

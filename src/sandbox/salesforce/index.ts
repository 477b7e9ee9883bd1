export type { Administration, NewUser, Person } from './administration/administration.ts';
export type { FaultCount, FaultEffect, FaultMatch, Faults, RowFault } from './http/faults.ts';
export type { LimitSettings } from './http/limits.ts';
export type { DuplicateRule, FailingTrigger, FieldRewrite } from './org/automation.ts';
export type { StandInClock } from './org/clock.ts';
export type { Value, Values } from './org/schema.ts';
export type { Login } from './org/sessions.ts';
export {
  type Connection,
  type SalesforceStandIn,
  type StandInOptions,
  startSalesforceStandIn,
} from './start-stand-in.ts';

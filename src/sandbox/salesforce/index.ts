export type { Administration, NewUser, Person } from './administration.ts';
export type { DuplicateRule, FailingTrigger, FieldRewrite } from './automation.ts';
export type { StandInClock } from './clock.ts';
export type { FaultCount, FaultEffect, FaultMatch, Faults, RowFault } from './faults.ts';
export type { LimitSettings } from './limits.ts';
export type { Value, Values } from './schema.ts';
export type { Login } from './sessions.ts';
export {
  type Connection,
  type SalesforceStandIn,
  type StandInOptions,
  startSalesforceStandIn,
} from './start-stand-in.ts';

import { createHash } from 'node:crypto';
import { type RuleProblem, checkRecord } from '../ace/check.ts';
import { writeAceFile } from '../ace/envelope.ts';
import { makeInboundFileName, parseInboundFileName } from '../ace/file-name.ts';
import type { SharedObject } from '../crm/crm.ts';
import type { Status } from '../crm/data-model.ts';
import { type FixBy, type Problem } from '../errors.ts';
import { type OutboundPlan, planOutbound } from '../mapping/outbound.ts';
import { type Send } from '../mapping/sync-state.ts';
import type { Dependencies } from './dependencies.ts';
import { readIntentFields } from './intent-fields.ts';
import type { LinkedState } from './linked-records.ts';
import { isWave } from './read-result.ts';

/** What a companion row shall say: status, the sentence, its code, who can move it on, and every problem at once. */
export interface Mark {
  readonly status: Status;
  readonly code: string;
  readonly reason: string;
  readonly fixBy: FixBy;
  readonly problems: readonly Problem[];
}

export type UploadDecision =
  | { readonly kind: 'send'; readonly send: Send }
  /** A file is on its way. `shared` files (backfill waves) are put by the wave and only waited for here. */
  | { readonly kind: 'inFlight'; readonly send: Send; readonly shared: boolean }
  /** Needs a person. */
  | { readonly kind: 'hold'; readonly mark: Mark }
  /** Waits for a state of ACE (review, acceptance) that inbound processing will show. */
  | { readonly kind: 'wait'; readonly mark: Mark }
  /** Nothing is due. `mark` is null when the row already says what is to say. */
  | { readonly kind: 'settled'; readonly outcome: 'nothing' | 'notShared' | 'gone'; readonly mark: Mark | null };

/** The file that would go out, in memory only: bytes never travel through a history. */
export interface RenderedFile {
  readonly send: Send;
  readonly bytes: Buffer;
}

/** What is due for one record, computed anew from CRM state, ACE status, intent and evidence (design.md, rule 1). */
export function decideUpload(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
  options: { readonly retry: boolean },
): UploadDecision {
  const obstacle = findObstacle(state);
  if (obstacle !== null) return obstacle;
  if (state.intent !== null) return adoptIntent(deps, state.intent);
  const plan = planRecord(deps, object, state);
  if (plan.decision !== 'send') return undecided(plan, state);
  const problems = preflight(deps, object, state, plan);
  if (problems.length > 0) return { kind: 'hold', mark: markOf('Needs data', problems) };
  const { send } = render(deps, object, state, plan);
  return options.retry ? { kind: 'send', send } : unlessRefused(state, send);
}

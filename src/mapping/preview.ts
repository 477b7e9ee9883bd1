import type { CrmValue, Linked } from '../crm/crm.ts';
import type { InboundPlan } from './inbound-plan.ts';
import { allFields } from './linked-values.ts';
import { rowPrefix } from './mapping-checks.ts';
import type { OutboundPlan } from './outbound-plan.ts';

/** One line of a preview: the field, what it holds now, what it would become and why. Holds values: for people's eyes. */
export interface PreviewLine {
  readonly label: string;
  readonly aceField: string;
  readonly path: string;
  readonly decision: string;
  readonly rule: string;
  readonly now: CrmValue;
  /** Undefined when the field stays as it is. */
  readonly becomes: CrmValue | undefined;
}

/** A plan as people read it: every mapped field, also those that stay. */
export function previewInbound(plan: InboundPlan, linked: Linked): readonly PreviewLine[] {
  const current = allFields(linked);
  return plan.decisions.map(({ label, aceField, path, decision, rule, writes }) => ({
    label,
    aceField,
    path,
    decision,
    rule,
    now: current[path] ?? null,
    becomes: writes ? writtenValue(plan, path) : undefined,
  }));
}

function writtenValue(plan: InboundPlan, path: string): CrmValue | undefined {
  const value = path.startsWith(rowPrefix) ? plan.rowWrites[path.slice(rowPrefix.length)] : plan.recordWrites[path];
  return typeof value === 'object' && value !== null ? value.value : value;
}

/** One line of an outbound preview: our value, and what would go to AWS; undefined when the field is not sent. */
export interface OutboundPreviewLine {
  readonly label: string;
  readonly aceField: string;
  readonly path: string;
  readonly decision: string;
  readonly rule: string;
  readonly ours: CrmValue;
  readonly sends: unknown;
}

/** An upload's plan as people read it: every mapped field, also those that are not sent. */
export function previewOutbound(plan: OutboundPlan, linked: Linked): readonly OutboundPreviewLine[] {
  const current = allFields(linked);
  return plan.decisions.map(({ label, aceField, path, decision, rule, sends }) => ({
    label,
    aceField,
    path,
    decision,
    rule,
    ours: current[path] ?? null,
    sends: sends ? plan.payload?.[aceField] : undefined,
  }));
}

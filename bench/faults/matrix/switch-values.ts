import { z } from 'zod';
import { type SwitchChanges, unfriendlyShape } from '../../../src/sandbox/ace/switches.ts';

/** One unfriendly switch with a value other than its default. */
export interface SwitchValue {
  readonly name: keyof typeof unfriendlyShape;
  /** `<switch>=<value>`, for reports and for choosing it. */
  readonly label: string;
  readonly changes: SwitchChanges;
}

interface Described {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/**
 * Every value of every unfriendly switch, read from the simulator's own table, so that a new switch is met without a
 * line here.
 * @throws Error when a switch has neither choices nor examples.
 */
export function switchValues(): readonly SwitchValue[] {
  const described = z.toJSONSchema(z.strictObject(unfriendlyShape), { io: 'input' }).properties ?? {};
  return (Object.keys(unfriendlyShape) as SwitchValue['name'][]).flatMap((name) =>
    valuesOf(name, described[name] as Described).map((value) => ({
      name,
      label: `${name}=${labelOf(value)}`,
      changes: { [name]: value } as SwitchChanges,
    })),
  );
}

function valuesOf(name: string, { type, enum: choices, default: usual, examples }: Described): readonly unknown[] {
  const values = type === 'boolean' ? [true, false] : (choices ?? examples);
  if (values === undefined) throw new Error(`The switch ${name} has neither choices nor examples.`);
  return values.filter((value) => JSON.stringify(value) !== JSON.stringify(usual));
}

/** A fault by its effect, everything else as it is. */
function labelOf(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value
    .map((part) => (typeof part === 'object' && part !== null && 'effect' in part ? part.effect : part))
    .join('+');
}

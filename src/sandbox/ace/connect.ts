import { z } from 'zod';
import { type AceOperations, type OperationName, operations } from './operations.ts';

const answerSchema = z.union([
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

/** The methods of the table over some way to call an operation by its name. */
export function methodsOver(call: (name: OperationName, input: unknown) => Promise<unknown>): AceOperations {
  const names = Object.keys(operations) as OperationName[];
  return Object.fromEntries(
    names.map((name) => [name, (input?: unknown) => call(name, input)]),
  ) as unknown as AceOperations;
}

/**
 * A running simulator in another process, by the address of its control interface (`controlUrl`).
 * Throws a RangeError with the simulator's own words when it refuses, a TypeError when it cannot be reached.
 */
export function connectAceSimulator(url: string): AceOperations {
  return methodsOver(async (name, input) => {
    const response = await fetch(new URL(`/${name}`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(input === undefined ? {} : { body: JSON.stringify(input) }),
    });
    const answer = answerSchema.parse(await response.json());
    if (!answer.ok) throw new RangeError(answer.error);
    return answer.result;
  });
}

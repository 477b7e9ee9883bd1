import { createHash } from 'node:crypto';

/**
 * Chance without a hidden state: a draw depends only on the seed and on what it is drawn for, so a run gives the
 * same ids and contents whatever was asked before, and also after a restart in the middle.
 */
export interface Chance {
  /** A number from 0 (included) to 1 (excluded). */
  share(...what: readonly (string | number)[]): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number, ...what: readonly (string | number)[]): number;
  /** One of the values. Throws a RangeError for an empty list. */
  oneOf<T>(values: readonly T[], ...what: readonly (string | number)[]): T;
}

export function createChance(seed: number): Chance {
  const share = (...what: readonly (string | number)[]): number => {
    const digest = createHash('sha256')
      .update([seed, ...what].join('\u0000'))
      .digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  };
  const whole = (low: number, high: number, ...what: readonly (string | number)[]): number =>
    low + Math.floor(share(...what) * (high - low + 1));
  return {
    share,
    whole,
    oneOf(values, ...what) {
      const value = values[whole(0, values.length - 1, ...what)];
      if (value === undefined) throw new RangeError('Expected at least one value to choose from.');
      return value;
    },
  };
}

import { InvalidArgumentError } from 'commander';

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number)) throw new InvalidArgumentError('expected a whole number.');
  return number;
}

/** Positions from 0 on, such as `3,7`. */
export function recordIndexes(text: string): readonly number[] {
  const indexes = text.split(',').map(wholeNumber);
  if (indexes.some((index) => index < 0)) throw new InvalidArgumentError('expected record numbers such as 3,7.');
  return indexes;
}

/** `60` or `60x`: how much faster than the wall clock. */
export function clockFactor(text: string): number {
  const factor = Number(text.replace(/x$/, ''));
  if (!(factor > 0)) throw new InvalidArgumentError('expected a factor such as 60 or 60x.');
  return factor;
}

/** A whole number from 1 on: of records, of a release. */
export function positiveNumber(text: string): number {
  const number = wholeNumber(text);
  if (number < 1) throw new InvalidArgumentError('expected a number from 1 on.');
  return number;
}

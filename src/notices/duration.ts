/** Seconds as a person says them. */
export function duration(seconds: number): string {
  const units = [
    [24 * 60 * 60, 'day'],
    [60 * 60, 'hour'],
    [60, 'minute'],
  ] as const;
  for (const [size, name] of units) {
    const count = Math.round(seconds / size);
    if (count >= (name === 'minute' ? 0 : 2) || seconds === size) return `${count} ${name}${count === 1 ? '' : 's'}`;
  }
  return `${Math.round(seconds)} seconds`;
}

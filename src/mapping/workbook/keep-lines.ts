/**
 * Text of an edited file in which every line that the edit leaves alone stays letter by letter: writing YAML anew gives
 * other blanks and quotes than people wrote.
 * @param rendered the file as the writer renders it without the edit.
 * @param edited the same with the edit.
 */
export function keepLines(original: string, rendered: string, edited: string): string {
  const [written, before, after] = [original, rendered, edited].map((text) => text.split('\n'));
  // A writer that broke lines otherwise gives no line to keep.
  if (written === undefined || before === undefined || after === undefined || written.length !== before.length) {
    return edited;
  }
  const kept = matchLines(before, after);
  return after.map((line, index) => written[kept.get(index) ?? -1] ?? line).join('\n');
}

/** Line of `after` to the same line of `before`, in order: the longest common subsequence. */
function matchLines(before: readonly string[], after: readonly string[]): ReadonlyMap<number, number> {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const length = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        before[row] === after[column]
          ? length(row + 1, column + 1) + 1
          : Math.max(length(row + 1, column), length(row, column + 1));
    }
  }
  const matches = new Map<number, number>();
  let [row, column] = [0, 0];
  while (row < before.length && column < after.length) {
    if (before[row] === after[column]) {
      matches.set(column, row);
      row += 1;
      column += 1;
    } else if (length(row + 1, column) >= length(row, column + 1)) row += 1;
    else column += 1;
  }
  return matches;
}

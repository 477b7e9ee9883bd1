import { createInterface } from 'node:readline/promises';

/** Exit code when a person said no, or nobody could be asked. */
export const notConfirmed = 2;

/** Asks on a terminal; without one nobody could answer, and silence is no consent. */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write('There is no terminal to ask on: add --yes.\n');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

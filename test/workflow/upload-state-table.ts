import { rowsIn } from '../../docs/reference-tables.ts';
import { type UploadPhase, type UploadWait, uploadPhases, uploadWaitKinds } from '../../src/workflows/messages.ts';
import { readDocument } from '../unit/docs/document.ts';

/** One row of the table in docs/upload-states.md. */
export interface DocumentedState {
  readonly name: string;
  readonly phase: UploadPhase;
  readonly waitsFor: UploadWait['kind'] | null;
  readonly movesOn: string;
  /** What each message does in this state, by the message's name. */
  readonly messages: Readonly<Record<string, string>>;
}

const document = readDocument('docs/upload-states.md');

/** How the document calls a state. */
export const stateName = (phase: UploadPhase, kind: UploadWait['kind'] | null): string =>
  kind === null ? phase : `${phase} for a ${kind}`;

const cells = (row: string): readonly string[] =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

const head = document.split('\n').find((line) => line.startsWith('| state |')) ?? '';
/** The messages that the document speaks of, in the order of its columns. */
export const documentedMessages: readonly string[] = cells(head)
  .slice(2)
  .map((cell) => cell.replaceAll('`', ''));

export const documentedStates: readonly DocumentedState[] = rowsIn(document, 'states').map((row) => {
  const [name = '', movesOn = '', ...effects] = cells(row);
  const phase = uploadPhases.find((one) => name === one || name.startsWith(`${one} for`));
  if (phase === undefined) throw new Error(`docs/upload-states.md has the unknown state "${name}".`);
  const kind = uploadWaitKinds.find((one) => name.endsWith(` for a ${one}`)) ?? null;
  const messages = Object.fromEntries(documentedMessages.map((message, at) => [message, effects[at] ?? '']));
  return { name, phase, waitsFor: kind, movesOn, messages };
});

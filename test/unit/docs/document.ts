import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const projectFolder = join(import.meta.dirname, '../../..');

/** A file of the project, by its path from the project's folder. */
export function readDocument(path: string): string {
  return readFileSync(join(projectFolder, path), 'utf8');
}

export const howToUpdate = 'The document is behind the code: run `npm run references`.';

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new empty folder that goes when the process of the test does. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `ace-sync-${name}-`));
  folders.push(folder);
  return folder;
}

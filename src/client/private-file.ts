import { open } from 'node:fs/promises';

/** Writes a file with values of records: only its owner may read it, also when the file was there before. */
export async function writePrivateFile(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    // The mode above holds for new files only.
    await file.chmod(0o600);
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

/** What a command says of such a file. */
export const privateFileNote =
  'It holds values of records: only you can read it (mode 0600). Delete it when it has served.';

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/**
 * Writes the least configuration of a connection, whose servers nobody has: for commands that must end, or work, before
 * they speak to any.
 * @returns path of the file
 */
export function writeLeastConfiguration(folder: string, settings: Readonly<Record<string, unknown>> = {}): string {
  const path = join(folder, 'ace-sync.yaml');
  const secret = { env: 'NOT_SET' };
  writeFileSync(
    path,
    stringify({
      connection: 'main',
      installation: 'one',
      temporal: { address: '127.0.0.1:1' },
      ace: {
        spmsId: '123456',
        environment: 'beta',
        bucket: { name: 'ace-apn-123456-beta-us-west-2', endpoint: 'http://127.0.0.1:1' },
      },
      salesforce: {
        loginUrl: 'http://127.0.0.1:1',
        auth: { kind: 'clientCredentials', clientId: secret, clientSecret: secret },
      },
      mapping: 'mapping.yaml',
      journal: { folder: 'journal' },
      hashKey: secret,
      ...settings,
    }),
  );
  return path;
}

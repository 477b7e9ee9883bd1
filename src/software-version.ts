import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

/** Version of ace-sync, as its package names it. */
export const softwareVersion: string = manifest.version;

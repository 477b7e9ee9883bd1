import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findExecutable, isExecutable } from '../../src/sandbox/local-services/find-executable.ts';
import { toolCacheFolder } from '../../src/sandbox/local-services/provide-tool.ts';

/**
 * Temporal's test server, whose clock jumps over timers. The SDK's own download is not reachable everywhere, while Maven
 * Central, or a company's mirror of it, mostly is; so Maven fetches its 39 jars into the user's cache folder, once.
 */
const version = '1.38.0';

const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>ace-sync</groupId>
  <artifactId>time-skipping-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;

const wrapper = (jars: string) => `#!/bin/sh\nexec java -cp '${jars}/*' io.temporal.testserver.TestServer "$@"\n`;

export type TimeSkippingServer =
  | { readonly path: string; readonly missing: null }
  /** Why tests that skip time cannot run on this machine. */
  | { readonly path: null; readonly missing: string };

/** Milliseconds for 38 MB. */
const downloadLimitMs = 4 * 60_000;

/** @throws Error where nothing may be skipped in silence (`.ci/run`). */
function absent(missing: string): TimeSkippingServer {
  if (process.env.ACE_SYNC_SKIP_NOTHING === '1') throw new Error(`${missing}; here nothing may be skipped`);
  return { path: null, missing };
}

export async function provideTimeSkippingServer(): Promise<TimeSkippingServer> {
  if ((await findExecutable('java')) === null) return absent('time cannot be skipped: there is no Java (17 or newer)');
  const home = join(toolCacheFolder(), `temporal-test-server-${version}`);
  const executable = join(home, 'temporal-test-server');
  if (await isExecutable(executable)) return { path: executable, missing: null };
  const maven = await findExecutable('mvn');
  if (maven === null) return absent('time cannot be skipped: there is no Maven to fetch the test server with');
  await mkdir(toolCacheFolder(), { recursive: true });
  const draft = await mkdtemp(`${home}-`);
  try {
    await writeFile(join(draft, 'pom.xml'), project);
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(draft, 'jars')}`, '-DincludeScope=runtime'];
    await promisify(execFile)(maven, ['-q', '-B', '-f', join(draft, 'pom.xml'), ...goal], { timeout: downloadLimitMs });
    await writeFile(join(draft, 'temporal-test-server'), wrapper(join(home, 'jars')));
    await chmod(join(draft, 'temporal-test-server'), 0o755);
    await rename(draft, home);
    return { path: executable, missing: null };
  } catch {
    // Another test file may have been faster: a folder cannot be renamed over a full one.
    if (await isExecutable(executable)) return { path: executable, missing: null };
    return absent('time cannot be skipped: Maven could not fetch the test server');
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AceSyncError } from '../../errors.ts';
import { type ExclusiveLock, tryExclusiveLock } from '../local-services/exclusive-lock.ts';
import { applyAccess } from './access.ts';
import { createClock } from './clock.ts';
import { methodsOver } from './connect.ts';
import { removeControlFile, writeControlFile } from './control-file.ts';
import { startControlServer } from './control-server.ts';
import { performEffects } from './effects.ts';
import { type S3FaultProxy, startS3FaultProxy } from './fault-proxy.ts';
import { type AceOperations, operations } from './operations.ts';
import { type CheckedOptions, type SimulatorOptions, simulatorOptionsSchema } from './options.ts';
import { processInbound } from './process-inbound.ts';
import { createChance } from './random.ts';
import { openStateStore } from './state-store.ts';
import { createStorage } from './storage.ts';
import { runDue } from './time-line.ts';
import { switchesOf, type World } from './world.ts';

/** Bounds of the wall time between two looks at the inbound folders; a simulated minute lies between them. */
const pollMs = { least: 250, most: 2_000 } as const;

export interface AceSimulator extends AceOperations {
  /** Address for `connectAceSimulator`; null without a control port. */
  readonly controlUrl: string | null;
  /** Address of the S3 server for the partner: the fault proxy's, or the server's own without one. */
  readonly partnerEndpoint: string;
  /** Ends the background work after what is under way; the state stays. */
  stop(): Promise<void>;
}

/**
 * Starts the simulated ACE on a bucket that it owns. With a real or accelerated clock it works by itself; with a stepped
 * one nothing happens but what is asked. Throws a ZodError for wrong options, AceSyncError SERVICE_FAILED when another
 * simulator works on the folder, and what S3 throws when the bucket does not answer at the start.
 */
export async function startAceSimulator(options: SimulatorOptions): Promise<AceSimulator> {
  const checked = simulatorOptionsSchema.parse(options);
  mkdirSync(checked.folder, { recursive: true });
  const lock = tryExclusiveLock(path.join(checked.folder, 'lock.sqlite'));
  if (lock === null) throw new AceSyncError('SERVICE_FAILED', `Another ACE simulator works on ${checked.folder}.`);
  try {
    return await startOn(checked, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startOn(checked: CheckedOptions, lock: ExclusiveLock): Promise<AceSimulator> {
  const store = openStateStore(checked.folder);
  const seen = store.get('meta', 'clock')?.value;
  const world: World = {
    options: checked,
    store,
    clock: createClock(checked.clock, typeof seen === 'string' ? new Date(seen) : null),
    storage: createStorage(checked.s3, checked.bucket),
    chance: createChance(checked.seed),
    lastError: null,
  };

  // One thing at a time: decisions read the state that the one before left.
  let last: Promise<unknown> = Promise.resolve();
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };

  const call = async (name: string, input: unknown): Promise<unknown> => {
    if (!Object.hasOwn(operations, name)) throw new RangeError(`There is no operation ${name}.`);
    const operation = operations[name as keyof typeof operations];
    const parsed: z.ZodSafeParseResult<unknown> = operation.input.safeParse(input);
    if (!parsed.success) throw new RangeError(`${name}: ${z.prettifyError(parsed.error)}`);
    return exclusively(async () => operation.run(world, parsed.data as never));
  };

  const stopping = new AbortController();
  await exclusively(async () => {
    if (store.get('meta', 'export') === undefined) {
      store.commit([
        { table: 'meta', key: 'export', value: { name: 'export', value: world.clock.now().toISOString() } },
      ]);
    }
    await performEffects(world);
    await applyAccess(world);
  });
  const proxy: S3FaultProxy | null =
    checked.faultProxyPort === undefined
      ? null
      : await startS3FaultProxy({
          target: checked.s3.endpoint,
          port: checked.faultProxyPort,
          seed: checked.seed,
          faults: () => switchesOf(world).faults,
        });
  const control = checked.controlPort === undefined ? null : await startControlServer(checked.controlPort, call);
  if (control !== null) writeControlFile(checked.folder, control.url);
  const loop = checked.clock.kind === 'stepped' ? Promise.resolve() : work(world, exclusively, stopping.signal);

  return {
    ...methodsOver(call),
    controlUrl: control?.url ?? null,
    partnerEndpoint: proxy?.url ?? checked.s3.endpoint,
    async stop() {
      if (stopping.signal.aborted) return;
      stopping.abort();
      await loop;
      await control?.stop();
      if (control !== null) removeControlFile(checked.folder);
      await proxy?.stop();
      await last;
      world.storage.close();
      store.close();
      lock.release();
    },
  };
}

/** The background work. What S3 refuses is shown in `state` and tried again at the next look. */
async function work(
  world: World,
  exclusively: <T>(work: () => Promise<T>) => Promise<T>,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = world.options;
  const minute = clock.kind === 'accelerated' ? 60_000 / clock.factor : pollMs.most;
  const pause = Math.min(pollMs.most, Math.max(pollMs.least, minute));
  while (!signal.aborted) {
    try {
      await exclusively(async () => {
        await processInbound(world);
        await runDue(world);
      });
      world.lastError = null;
    } catch (error) {
      world.lastError = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
    await sleep(pause, undefined, { signal, ref: true }).catch(() => undefined);
  }
}

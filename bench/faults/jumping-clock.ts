import { readFileSync } from 'node:fs';

/**
 * Preloaded into each worker (`node --import`): its clock is off by as many milliseconds as the file says that
 * `FAULTS_CLOCK_FILE` names, and jumps when the file changes. Timers go on as they were, as on a machine whose clock is
 * corrected. Workflow code is not reached: its time comes from Temporal.
 */
const file = process.env.FAULTS_CLOCK_FILE;
const lookEveryMs = 250;
let offsetMs = 0;

function look(): void {
  try {
    offsetMs = Number(readFileSync(String(file), 'utf8')) || 0;
  } catch {
    offsetMs = 0;
  }
}

if (file !== undefined) {
  const RealDate = Date;
  const realNow = Date.now;
  const now = () => realNow() + offsetMs;
  RealDate.now = now;
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
  });
  look();
  setInterval(look, lookEveryMs).unref();
}

import { setTimeout as delay } from 'node:timers/promises';

/** Signals one process; false when it is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    // ESRCH: nobody is there. EPERM: macOS says so of a group in which only zombies are left.
    return false;
  }
}

/**
 * A child that is started `detached` leads a process group of its own, so that one signal reaches it and whatever it
 * started. This is the one way that works on Linux and macOS alike.
 */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  return signalProcess(-leader, signal);
}

/**
 * Ends what is left of a group whose leader is gone: asks, waits for at most `graceMs`, kills. Kept short, because a
 * member that ended still counts until its new parent collects it, which in many containers nobody does.
 */
export async function endLeftovers(leader: number, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs;
  if (!signalGroup(leader, 'SIGTERM')) return;
  while (signalGroup(leader, 0)) {
    if (Date.now() >= deadline) {
      signalGroup(leader, 'SIGKILL');
      return;
    }
    await delay(10);
  }
}

import { setTimeout as delay } from 'node:timers/promises';

/**
 * A child that is started `detached` leads a process group of its own, so that one signal reaches it and whatever it
 * started. This is the one way that works on Linux and macOS alike.
 */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    // ESRCH: nobody is left. EPERM: macOS says so of a group in which only zombies are left.
    return false;
  }
}

/** Asks the whole group to end, waits, and kills what is still there after `graceMs`. */
export async function endGroup(leader: number, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs;
  if (!signalGroup(leader, 'SIGTERM')) return;
  while (signalGroup(leader, 0)) {
    if (Date.now() >= deadline) {
      signalGroup(leader, 'SIGKILL');
      return;
    }
    await delay(25);
  }
}

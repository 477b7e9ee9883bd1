import { setTimeout as delay } from 'node:timers/promises';
import type { Administrator } from '../../src/sandbox/administrator.ts';

/** A person who presses Save again: row faults meant for the sync meet whoever comes first. */
export function persistent(user: Administrator): Administrator {
  return {
    ...user,
    create: (sobject, fields) => saveAgain(() => user.create(sobject, fields)),
    update: (sobject, id, fields) => saveAgain(() => user.update(sobject, id, fields)),
  };
}

const mostAttempts = 20;

async function saveAgain<T>(save: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await save();
    } catch (error) {
      if (attempt === mostAttempts) throw error;
      await delay(50);
    }
  }
}

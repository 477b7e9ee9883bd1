import type { CarriedUpload } from './messages.ts';

type Old = Readonly<Record<string, unknown>>;

/** Changes to what earlier releases carried, by the version they start from; each returns the next version's shape. */
const upgrades: Readonly<Record<number, (old: Old) => Old>> = {
  1: ({ wait, ...old }) => ({
    urgent: false,
    resend: [],
    abandon: null,
    steps: [],
    ...old,
    // A file that a wait named was taken for put.
    wait: typeof wait === 'object' && wait !== null ? { put: true, ...wait } : null,
    v: 2,
  }),
};
const currentVersion = 2;

/**
 * What an upload carried through continue-as-new, in today's shape; null at a fresh start.
 * @throws Error for a version of a later release. That fails the workflow task, which is tried again until that release
 *   runs again: starting over would lose what people asked for.
 */
export function readCarried(carried: unknown): CarriedUpload | null {
  if (carried === undefined || carried === null) return null;
  let state = carried as Old;
  for (let version = Number(state.v); version !== currentVersion; version = Number(state.v)) {
    const upgrade = upgrades[version];
    if (upgrade === undefined) {
      throw new Error(
        `This upload carries state of version ${state.v}, and this release reads 1 to ${currentVersion}: run the release that wrote it.`,
      );
    }
    state = upgrade(state);
  }
  return state as unknown as CarriedUpload;
}

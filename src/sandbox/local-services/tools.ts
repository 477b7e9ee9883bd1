/** The server programs that the local stack needs, each at one pinned version. */

export interface Tool {
  readonly name: string;
  /** As its Go module is tagged. */
  readonly version: string;
  /** Names an executable to use instead of looking for one. */
  readonly environmentVariable: string;
  /** Argument of `go install`, without the version. */
  readonly goPackage: string;
  /** How long the first build takes on two cores, for whoever waits. */
  readonly firstBuild: string;
  /** Where Temporal's SDKs get the program; null where there is no such place. */
  readonly downloadInfo: string | null;
  readonly home: string;
}

export const tools = {
  temporal: {
    name: 'temporal',
    // Later versions carry a `replace` in go.mod, which `go install` refuses.
    version: 'v1.5.1',
    environmentVariable: 'ACE_SYNC_TEMPORAL',
    goPackage: 'github.com/temporalio/cli/cmd/temporal',
    firstBuild: 'about 4 minutes',
    downloadInfo: 'https://temporal.download/cli',
    home: 'https://docs.temporal.io/cli',
  },
  versitygw: {
    name: 'versitygw',
    version: 'v1.8.0',
    environmentVariable: 'ACE_SYNC_VERSITYGW',
    goPackage: 'github.com/versity/versitygw/cmd/versitygw',
    firstBuild: 'about 1 minute',
    downloadInfo: null,
    home: 'https://github.com/versity/versitygw/releases',
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

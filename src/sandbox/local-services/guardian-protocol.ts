/** What the supervisor and its guardian process say to each other over Node's IPC channel. */

export interface LaunchOrder {
  readonly type: 'launch';
  readonly id: number;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment of the supervising process. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Absolute path that stdout and stderr are appended to; null writes to the supervising process's own. */
  readonly logFile: string | null;
  /** Milliseconds between SIGTERM and SIGKILL when the guardian has to end the child. */
  readonly graceMs: number;
}

export interface EndOrder {
  readonly type: 'end';
  readonly id: number;
}

export type Order = LaunchOrder | EndOrder;

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export type Report =
  | { readonly type: 'launched'; readonly id: number; readonly pid: number }
  | { readonly type: 'notLaunched'; readonly id: number; readonly reason: string }
  | ({ readonly type: 'exited'; readonly id: number } & ExitStatus);

export interface DeployFailure {
  readonly name: string;
  /** Salesforce's. */
  readonly code: string;
  readonly detail?: string;
  readonly required: boolean;
}

export interface DeployReport {
  /** Created now, or to be created when the run was dry. */
  readonly missing: readonly string[];
  readonly present: readonly string[];
  /** There, but not as the data model has it; left as it is. */
  readonly different: readonly { readonly name: string; readonly property: string }[];
  /** Permissions added to permission sets that were there already. */
  readonly granted: readonly string[];
  readonly failed: readonly DeployFailure[];
  /** Whether the integration user has the permission set now; null when no user was named. */
  readonly assigned: boolean | null;
}

/** The report while it is written. */
export interface DeployDraft {
  readonly missing: string[];
  readonly present: string[];
  readonly different: { name: string; property: string }[];
  readonly granted: string[];
  readonly failed: DeployFailure[];
}

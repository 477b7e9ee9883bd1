/**
 * Paths to the records below one, such as its line items: `OpportunityLineItems[].Product2.ProductCode` reads a field of
 * all of them, `OpportunityContactRoles[IsPrimary].Contact.Email` of those with the checkbox set.
 */
export interface ChildPath {
  /** The parent's name of the relation to its children. */
  readonly relationship: string;
  /** Checkbox of the child that must be set; null takes all children. */
  readonly only: string | null;
  /** Path from the child. */
  readonly path: string;
}

const form = /^([A-Za-z][A-Za-z0-9_]*)\[([A-Za-z][A-Za-z0-9_]*)?\]\.(.+)$/;

/** Null for a path that leads through no children. */
export function childPath(path: string): ChildPath | null {
  const [, relationship, only, rest] = form.exec(path) ?? [];
  return relationship === undefined || rest === undefined ? null : { relationship, only: only ?? null, path: rest };
}

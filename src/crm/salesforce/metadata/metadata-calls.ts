import type { Connection } from 'jsforce';
import type { Component } from './component.ts';

/** What the sync uses of jsforce's metadata API, without its types by component. */
export interface MetadataCalls {
  read(type: string, fullNames: string[]): Promise<object[]>;
  create(type: string, metadata: object[]): Promise<SaveAnswer[]>;
  update(type: string, metadata: object[]): Promise<SaveAnswer[]>;
}

export interface SaveAnswer {
  readonly fullName: string;
  readonly success: boolean;
  readonly errors?: { readonly statusCode?: string } | readonly { readonly statusCode?: string }[];
}

/** The same object under our narrower type. */
export const metadataOf = (connection: Connection): MetadataCalls => connection.metadata;

/** Null when it was saved, else Salesforce's code of the first error. */
export function failureOf(answer: SaveAnswer | undefined): string | null {
  if (answer?.success === true) return null;
  const errors: readonly { readonly statusCode?: string }[] =
    answer?.errors === undefined ? [] : [answer.errors].flat();
  return errors[0]?.statusCode ?? 'NO_ANSWER';
}

export function nameOf(component: Component): string {
  return `${component.type} ${component.fullName}`;
}

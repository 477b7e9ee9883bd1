import { syncObject } from '../crm/data-model.ts';

/** Where a notice leads: pages that show the values to whoever may see them. */
export interface Links {
  /** A list in Temporal's Web UI; null when its address is not configured. */
  workflows(query: string): string | null;
  workflow(workflowId: string): string | null;
  schedules(): string | null;
  /** A list view of the companion rows. */
  rows(listView: string): string | null;
  connectionRows(): string | null;
}

export function createLinks(options: {
  readonly temporalUrl: string | undefined;
  readonly namespace: string;
  readonly salesforceUrl: string;
}): Links {
  const temporal = (path: string) =>
    options.temporalUrl === undefined
      ? null
      : `${withoutSlash(options.temporalUrl)}/namespaces/${encodeURIComponent(options.namespace)}/${path}`;
  const page = (path: string) => `${withoutSlash(options.salesforceUrl)}/lightning/${path}`;
  return {
    workflows: (query) => temporal(`workflows?query=${encodeURIComponent(query)}`),
    workflow: (workflowId) => temporal(`workflows/${encodeURIComponent(workflowId)}`),
    schedules: () => temporal('schedules'),
    rows: (listView) => page(`o/${syncObject}/list?filterName=${encodeURIComponent(listView)}`),
    connectionRows: () => page('o/ACE_Connection__c/list'),
  };
}

/** The page of one opportunity. */
export const opportunityPage = (salesforceUrl: string, crmId: string): string =>
  `${withoutSlash(salesforceUrl)}/lightning/r/Opportunity/${crmId}/view`;

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

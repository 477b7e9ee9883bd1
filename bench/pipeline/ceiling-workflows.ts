import { ParentClosePolicy, proxyActivities, startChild, workflowInfo } from '@temporalio/workflow';

interface NothingActivities {
  nothing(): Promise<void>;
}

/** As many child workflows as files, with the same number of activities on the same two queues, which do nothing. */
export async function ceilingScan(input: { readonly from: number; readonly count: number }): Promise<void> {
  await Promise.all(
    Array.from({ length: input.count }, (_, child) =>
      startChild(ceilingFile, {
        workflowId: `${workflowInfo().workflowId}/${input.from + child}`,
        parentClosePolicy: ParentClosePolicy.ABANDON,
      }),
    ),
  );
}

export async function ceilingFile(): Promise<void> {
  const sync = proxyActivities<NothingActivities>({ startToCloseTimeout: '1m' });
  const crm = proxyActivities<NothingActivities>({ taskQueue: 'ceiling-crm', startToCloseTimeout: '1m' });
  await sync.nothing();
  await crm.nothing();
  await sync.nothing();
}

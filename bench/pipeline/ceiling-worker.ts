import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';

const [address = '', namespace = ''] = process.argv.slice(2);
const connection = await NativeConnection.connect({ address });
const activities = { nothing: async () => {} };
const workflowsPath = fileURLToPath(new URL('./ceiling-workflows.ts', import.meta.url));
const workers = await Promise.all([
  Worker.create({ connection, namespace, taskQueue: 'ceiling', workflowsPath, activities }),
  Worker.create({
    connection,
    namespace,
    taskQueue: 'ceiling-crm',
    activities,
    maxConcurrentActivityTaskExecutions: 400,
  }),
]);
process.on('disconnect', () => {
  for (const worker of workers) worker.shutdown();
});
process.send?.('ready');
await Promise.all(workers.map((worker) => worker.run()));
await connection.close();
process.exit(0);

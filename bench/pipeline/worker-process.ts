import { loadConfiguration } from '../../src/config/configuration.ts';
import { runWorker } from '../../src/worker/run-worker.ts';

/** The worker of the sync as `ace-sync worker` runs it; told to stop when the bench goes away. */
const [configPath = ''] = process.argv.slice(2);
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.send?.('starting');
await runWorker(loadConfiguration(configPath));
process.exit(0);

import type { SimulatorOptions } from '../../src/sandbox/ace/options.ts';
import { startAceSimulator } from '../../src/sandbox/ace/simulator.ts';

/** The simulated ACE: it answers inbound files when it is asked to, and exports nothing by itself. */
const [s3 = '', bucket = '', spmsId = '', folder = ''] = process.argv.slice(2);
const ace = await startAceSimulator({
  s3: JSON.parse(s3) as SimulatorOptions['s3'],
  bucket,
  spmsId,
  folder,
  payloadVersion: 2,
  clock: { kind: 'stepped', start: new Date().toISOString() },
  switches: { review: 'hand', exportPaused: true },
  controlPort: 0,
});
process.send?.(ace.controlUrl);
process.once('disconnect', () => void ace.stop().then(() => process.exit(0)));

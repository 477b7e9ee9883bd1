/** A simulator in a process of its own, for tests that kill it: options as JSON in the first argument. */
import { startAceSimulator } from '../../../src/sandbox/ace/simulator.ts';

const simulator = await startAceSimulator(JSON.parse(process.argv[2] ?? '{}'));
process.send?.({ controlUrl: simulator.controlUrl });
process.on('disconnect', () => process.exit());

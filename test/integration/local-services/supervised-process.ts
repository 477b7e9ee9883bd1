/** Run by the supervisor's tests as a process of its own: supervises one child that has a child, prints both ids. */
import { createSupervisor, stopOnSignals } from '../../../src/sandbox/local-services/index.ts';

const [, , pidFile = '', manners] = process.argv;
const supervisor = createSupervisor({ onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`) });
if (manners === 'stopsInOrder') stopOnSignals(() => supervisor.stop());
const keepAlive = setInterval(() => {}, 1_000);
await supervisor.start({
  name: 'family',
  command: '/bin/sh',
  args: ['-c', 'sleep 600 & echo "$$ $!" >> "$0"; wait', pidFile],
});
if (manners === 'endsByItself') {
  clearInterval(keepAlive);
  process.exit(0);
}

/** Runs the command as the command line does, in a process of its own. */

import { Command } from 'commander';
import { registerCheckFile } from '../../../src/client/commands/check-file.ts';

const program = new Command('ace-sync');
registerCheckFile(program);
await program.parseAsync(process.argv);

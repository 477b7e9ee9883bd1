import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const schema = z.object({ controlUrl: z.url(), pid: z.number().int() });

/** Folder of the simulator's state within the sandbox's data folder. */
export const aceSimulatorFolder = (dataFolder: string): string => path.join(dataFolder, 'ace');

const fileIn = (folder: string): string => path.join(folder, 'control.json');

/** Notes the control address beside the state, where the command line looks for it. */
export function writeControlFile(folder: string, controlUrl: string): void {
  const file = fileIn(folder);
  writeFileSync(`${file}.new`, `${JSON.stringify({ controlUrl, pid: process.pid })}\n`);
  renameSync(`${file}.new`, file);
}

export function removeControlFile(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

/** The control address of the simulator that runs on the folder; null when none has noted one. */
export function readControlFile(folder: string): string | null {
  const file = fileIn(folder);
  if (!existsSync(file)) return null;
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return parsed.success ? parsed.data.controlUrl : null;
}

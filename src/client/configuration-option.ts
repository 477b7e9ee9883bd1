import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { type Configuration, loadConfiguration } from '../config/configuration.ts';

/** Folder of the sandbox's data in the project, ignored by git. */
export const defaultDataFolder = '.ace-sync';

/** The sandbox's configuration is written here by `ace-sync start`, so that the other commands find it. */
export const sandboxConfigurationPath = (dataFolder: string): string => join(dataFolder, 'ace-sync.yaml');

/** Option of every command that works with a connection. */
export const configurationOption = (): Option =>
  new Option(
    '-c, --config <file>',
    'configuration file of the connection (default: ./ace-sync.yaml, else the sandbox)',
  ).env('ACE_SYNC_CONFIG');

/** @throws AceSyncError CONFIGURATION_NOT_FOUND, CONFIGURATION_INVALID */
export function configurationOf(options: { config?: string }): Configuration {
  return loadConfiguration(configurationPathOf(options));
}

export function configurationPathOf({ config }: { config?: string }): string {
  if (config !== undefined) return config;
  return existsSync('ace-sync.yaml') ? 'ace-sync.yaml' : sandboxConfigurationPath(defaultDataFolder);
}

export const jsonOption = (): Option => new Option('--json', 'print one JSON line instead of text');

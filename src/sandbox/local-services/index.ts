/** Everything that a local stack is made of. */
export { type DataFolder, openDataFolder } from './data-folder.ts';
export { freePort } from './free-port.ts';
export type { KeyPair } from './key-pair.ts';
export { provideTool } from './provide-tool.ts';
export { type ProvisionedAceBucket, provisionAceBucket } from './provision-ace-bucket.ts';
export { startTemporal, type TemporalService } from './start-temporal.ts';
export { startVersitygw, type VersitygwServer, type VersitygwService } from './start-versitygw.ts';
export { stopOnSignals } from './stop-on-signals.ts';
export { createSupervisor, type SupervisedChild, type Supervisor } from './supervisor.ts';

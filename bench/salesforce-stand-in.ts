import { startSalesforceStandIn } from '../src/sandbox/salesforce/index.ts';

/** A stand-in in a process of its own, so that its work and memory do not count as the client's. */
const standIn = await startSalesforceStandIn({ limits: { dailyApiRequests: 10_000_000 } });
process.send?.(standIn.connection);
process.once('disconnect', () => void standIn.close().then(() => process.exit()));

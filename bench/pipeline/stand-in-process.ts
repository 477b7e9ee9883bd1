import { prepareOrg } from '../../src/sandbox/prepare-org.ts';
import { startSalesforceStandIn } from '../../src/sandbox/salesforce/index.ts';

/** The Salesforce stand-in in a process of its own, so that its work is not on the bench's event loop. */
const [folder = ''] = process.argv.slice(2);
const standIn = await startSalesforceStandIn({ limits: { dailyApiRequests: 10_000_000 } });
const login = await prepareOrg(standIn, folder, () => {});
process.send?.({ connection: standIn.connection, login });
process.once('disconnect', () => process.exit(0));

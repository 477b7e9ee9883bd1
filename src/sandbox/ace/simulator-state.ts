import { aceObjects } from '../../ace/ace-record.ts';
import { reviewState } from '../../ace/life-cycle.ts';
import { aceFolders } from '../../bucket/folders.ts';
import { waitingInbound } from './process-inbound.ts';
import { awaitsAcceptance } from './referrals.ts';
import { nextExport } from './time-line.ts';
import { payloadVersionOf, type World } from './world.ts';

export interface SimulatorState {
  /** Simulated time, ISO 8601. */
  readonly now: string;
  readonly clock: 'real' | 'accelerated' | 'stepped';
  readonly bucket: string;
  readonly spmsId: string;
  readonly payloadVersion: 1 | 2;
  readonly seed: number;
  readonly opportunities: number;
  readonly leads: number;
  readonly nextExport: string;
  /** Records that changed since they were last exported. */
  readonly pendingExports: number;
  /** Inbound files that were not taken yet. */
  readonly unprocessedInbound: number;
  /** Opportunities that AWS is reviewing, Submitted included. */
  readonly pendingReviews: number;
  /** Opportunities in Action Required: the partner must correct them. */
  readonly awaitingPartner: number;
  /** AWS referrals without an answer whose acceptBy is not over. */
  readonly pendingAcceptance: number;
  /** Late result files and second copies. */
  readonly delayedResults: number;
  /** Requests to the bucket that were decided and not yet performed. */
  readonly pendingRequests: number;
  /** Exported files that the partner has not deleted. */
  readonly outboundFiles: number;
  /** Result files that the partner has not deleted. */
  readonly resultFiles: number;
  readonly inboundFilesTaken: number;
  /**
   * True when ACE has nothing more to say: no change unexported, no inbound file, no late result, no review that ends
   * by itself. What the partner has not fetched does not count.
   */
  readonly drained: boolean;
  /** What the background loop last failed with, until it succeeds again. */
  readonly lastError: string | null;
}

export async function simulatorState(world: World): Promise<SimulatorState> {
  const { store, clock, options } = world;
  const records = store.all('records');
  const count = (test: (record: (typeof records)[number]) => boolean): number => records.filter(test).length;
  const objectsIn = async (folder: 'outbound' | 'processedResults'): Promise<number> => {
    const lists = await Promise.all(aceObjects.map((object) => world.storage.list(aceFolders[object][folder])));
    return lists.flat().length;
  };
  const pendingExports = count(({ exported, changes }) => exported < changes);
  const unprocessedInbound = (await waitingInbound(world)).length;
  const delayedResults = store.all('delayed').length;
  const pendingRequests = store.pendingEffects();
  const reviewsDue = count(({ reviewDue }) => reviewDue !== null);
  return {
    now: clock.now().toISOString(),
    clock: clock.kind,
    bucket: options.bucket,
    spmsId: options.spmsId,
    payloadVersion: payloadVersionOf(world),
    seed: options.seed,
    opportunities: count(({ object }) => object === 'opportunity'),
    leads: count(({ object }) => object === 'lead'),
    nextExport: nextExport(world).toISOString(),
    pendingExports,
    unprocessedInbound,
    pendingReviews: count(
      ({ object, fields }) => object === 'opportunity' && ['submitted', 'inReview'].includes(reviewState(fields)),
    ),
    awaitingPartner: count(
      ({ object, fields }) => object === 'opportunity' && reviewState(fields) === 'actionRequired',
    ),
    pendingAcceptance: count(awaitsAcceptance),
    delayedResults,
    pendingRequests,
    outboundFiles: await objectsIn('outbound'),
    resultFiles: await objectsIn('processedResults'),
    inboundFilesTaken: store.all('files').length,
    drained: pendingExports + unprocessedInbound + delayedResults + pendingRequests + reviewsDue === 0,
    lastError: world.lastError,
  };
}

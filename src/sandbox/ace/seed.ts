import type { AceOperations } from './operations.ts';
import { createChance } from './random.ts';
import { awsReferralSeeds, leadSeeds, longTitle, partnerReferralSeeds } from './seed-data.ts';

export interface SeededRecord {
  readonly aceId: string;
  /** What the record is an example of, such as `unaccepted` or `launched`. */
  readonly as: string;
}

export interface Seeded {
  readonly awsReferrals: readonly SeededRecord[];
  readonly partnerReferrals: readonly (SeededRecord & { readonly partnerId: string })[];
  readonly leads: readonly SeededRecord[];
  /** Key of the outbound file that is no JSON. */
  readonly brokenFile: string;
  /** The outbound file with many records, of which one has a title that is too long for a CRM. */
  readonly largeFile: { readonly key: string; readonly aceIds: readonly string[]; readonly tooLong: string };
}

/** How many AWS referrals share the large file. */
const largeFileRecords = 20;

/**
 * Fills an empty simulator with a pipeline as a partner of some years has it, and exports it. `partnerIds` are the CRM
 * record ids of the partner referrals, at most 15 of them: the caller's CRM must hold these records, as it was the CRM
 * that once sent them. Throws a RangeError for more.
 */
export async function seedAce(
  simulator: AceOperations,
  { seed, partnerIds }: { readonly seed: number; readonly partnerIds: readonly string[] },
): Promise<Seeded> {
  if (partnerIds.length > partnerReferralSeeds.length) {
    throw new RangeError(
      `Expected at most ${partnerReferralSeeds.length} partner identifiers, got ${partnerIds.length}.`,
    );
  }
  const now = new Date((await simulator.state()).now);
  const { recordsPerFile, exportPaused } = await simulator.switches();
  const longOne = createChance(seed).whole(0, largeFileRecords - 1, 'long title');

  // The background loop must not export in the middle, or the large file would fall apart.
  await simulator.setSwitches({ exportPaused: true, recordsPerFile: largeFileRecords });
  const awsReferrals: SeededRecord[] = [];
  const refer = async (from: number, to: number): Promise<void> => {
    for (const [index, { as, fields, acceptWithinHours }] of awsReferralSeeds.slice(from, to).entries()) {
      const title = from + index === longOne ? { partnerProjectTitle: longTitle } : {};
      const { aceId } = await simulator.referOpportunity({
        fields: { ...fields(now), ...title },
        ...(acceptWithinHours === undefined ? {} : { acceptWithinHours }),
      });
      awsReferrals.push({ aceId, as });
    }
  };
  await refer(0, largeFileRecords);
  const [large] = await simulator.exportNow();
  const tooLong = awsReferrals[longOne];
  if (large === undefined || tooLong === undefined) throw new Error('Expected an export of the AWS referrals.');
  await refer(largeFileRecords, awsReferralSeeds.length);

  await simulator.setSwitches({ recordsPerFile: 1 });
  const partnerReferrals = [];
  for (const [index, { as, fields }] of partnerReferralSeeds.slice(0, partnerIds.length).entries()) {
    const partnerId = partnerIds[index] ?? '';
    const created = await simulator.enterOpportunity({
      fields: { ...fields(now), partnerCrmUniqueIdentifier: partnerId },
    });
    partnerReferrals.push({ aceId: created.aceId, as, partnerId });
  }
  const leads: SeededRecord[] = [];
  for (const { as, fields } of leadSeeds) {
    leads.push({ aceId: (await simulator.referLead({ fields: fields(now) })).aceId, as });
  }
  await simulator.exportNow();
  const broken = await simulator.putOutboundFile({
    object: 'opportunity',
    name: 'Opportunities_Outbound_broken.json',
    text: '{"version":"1","spmsId":"',
  });
  await simulator.setSwitches({ recordsPerFile, exportPaused });
  return {
    awsReferrals,
    partnerReferrals,
    leads,
    brokenFile: broken.key,
    largeFile: { key: large.key, aceIds: large.aceIds, tooLong: tooLong.aceId },
  };
}

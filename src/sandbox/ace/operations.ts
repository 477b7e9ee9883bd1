import { z } from 'zod';
import { aceObjects } from '../../ace/ace-record.ts';
import { identityFields } from '../../ace/identity.ts';
import { aceFolders } from '../../bucket/folders.ts';
import { applyAccess } from './access.ts';
import { performEffects } from './effects.ts';
import { exportChanged } from './export.ts';
import { findByPartnerId, requireRecord } from './find-record.ts';
import { processInbound } from './process-inbound.ts';
import { recordView } from './record-view.ts';
import { changeRecord } from './records.ts';
import { enterOpportunityByHand, referLead, referOpportunity } from './referrals.ts';
import { approve, askForAction, awsUser, reject, startReview } from './review.ts';
import { simulatorState } from './simulator-state.ts';
import type { SimulatedRecord } from './state.ts';
import { type SwitchChanges, switchesSchema } from './switches.ts';
import { step } from './time-line.ts';
import { type Draft, openDraft, switchesOf, type World } from './world.ts';

/** Something that can be asked of a running simulator: by method call, over HTTP, and on the command line. */
interface Operation<Schema extends z.ZodType, Output> {
  readonly summary: string;
  readonly input: Schema;
  run(world: World, input: z.output<Schema>): Output | Promise<Output>;
}

function operation<Schema extends z.ZodType, Output>(definition: Operation<Schema, Output>): Operation<Schema, Output> {
  return definition;
}

/** Decides, makes the decision durable, and performs the requests to the bucket that follow. */
async function decide<Output>(world: World, decision: (draft: Draft) => Output): Promise<Output> {
  const draft = openDraft(world.store);
  const output = decision(draft);
  draft.commit();
  await performEffects(world);
  return output;
}

const nothing = z.strictObject({}).default({});
/** ACE's identifier or the partner's. */
const id = z.string().min(1);
const named = z.strictObject({ id });
const commented = z.strictObject({ id, comments: z.string().min(1).optional() });
const fields = z.record(z.string(), z.unknown()).default({});

function reviewDecision(
  summary: string,
  take: (world: World, draft: Draft, record: SimulatedRecord, comments?: string) => SimulatedRecord,
) {
  return operation({
    summary,
    input: commented,
    run: (world, input) =>
      decide(world, (draft) => {
        const record = requireRecord(draft, input.id);
        if (record.object === 'lead' || record.origin === 'awsReferral') {
          throw new RangeError(`${input.id} is not reviewed: AWS reviews only what a partner referred.`);
        }
        return recordView(world, take(world, draft, record, input.comments));
      }),
  });
}

/** The one table of operations. Each is whole or not at all, and they run one after the other. */
export const operations = {
  state: operation({
    summary: 'What is waiting, and whether everything is drained.',
    input: nothing,
    run: (world) => simulatorState(world),
  }),
  records: operation({
    summary: 'The records that ACE holds, unmasked.',
    input: z.strictObject({ object: z.enum(aceObjects).optional() }).default({}),
    run: (world, { object }) =>
      world.store
        .all('records')
        .filter((record) => object === undefined || record.object === object)
        .map((record) => recordView(world, record)),
  }),
  record: operation({
    summary: 'One record, unmasked.',
    input: named,
    run: (world, input) => recordView(world, requireRecord(openDraft(world.store), input.id)),
  }),
  files: operation({
    summary: 'The inbound files that were taken, and what became of them.',
    input: nothing,
    run: (world) => world.store.all('files'),
  }),
  exportNow: operation({
    summary: 'Export what changed without waiting for the full hour.',
    input: nothing,
    run: (world) => decide(world, (draft) => exportChanged(world, draft)),
  }),
  processInbound: operation({
    summary: 'Take the waiting inbound files now.',
    input: nothing,
    run: (world) => processInbound(world),
  }),
  step: operation({
    summary: 'Move a stepped clock on; what falls due meanwhile happens.',
    input: z.strictObject({
      seconds: z.number().min(0).optional(),
      minutes: z.number().min(0).optional(),
      hours: z.number().min(0).optional(),
    }),
    async run(world, { seconds = 0, minutes = 0, hours = 0 }) {
      await step(world, ((hours * 60 + minutes) * 60 + seconds) * 1000);
      return { now: world.clock.now().toISOString() };
    },
  }),
  jumpClock: operation({
    summary: 'Let an accelerated clock jump ahead; what falls due meanwhile happens afterwards, late.',
    input: z.strictObject({ minutes: z.number().min(0) }),
    run(world, { minutes }) {
      world.clock.jump(minutes * 60_000);
      return { now: world.clock.now().toISOString() };
    },
  }),
  startReview: reviewDecision('Begin the review of a submitted opportunity (In review).', startReview),
  approve: reviewDecision('Approve an opportunity.', approve),
  reject: reviewDecision('Reject an opportunity, with reviewer comments.', reject),
  askForAction: reviewDecision(
    'Ask the partner for corrections (Action Required), with reviewer comments.',
    askForAction,
  ),
  referOpportunity: operation({
    summary: 'Refer a new opportunity to the partner.',
    input: z.strictObject({ fields, acceptWithinHours: z.number().optional() }).prefault({}),
    run: (world, input) =>
      decide(world, (draft) =>
        recordView(world, referOpportunity(world, draft, input.fields, input.acceptWithinHours)),
      ),
  }),
  referLead: operation({
    summary: 'Hand a new lead to the partner.',
    input: z.strictObject({ fields }).prefault({}),
    run: (world, input) => decide(world, (draft) => recordView(world, referLead(world, draft, input.fields))),
  }),
  enterOpportunity: operation({
    summary: "A colleague types an opportunity into Partner Central: no partner identifier unless 'fields' has one.",
    input: z.strictObject({ fields }).prefault({}),
    run: (world, input) =>
      decide(world, (draft) => recordView(world, enterOpportunityByHand(world, draft, input.fields))),
  }),
  edit: operation({
    summary: 'Change fields of a record as AWS.',
    input: z.strictObject({ id, fields: z.record(z.string(), z.unknown()) }),
    run: (world, input) =>
      decide(world, (draft) =>
        recordView(
          world,
          changeRecord(world, draft, requireRecord(draft, input.id), { fields: input.fields, by: awsUser }),
        ),
      ),
  }),
  loadIdentifiers: operation({
    summary: "Load a list of the partner's identifiers for records that ACE holds, as AWS does at go-live.",
    input: z.strictObject({
      identifiers: z.array(z.strictObject({ aceId: z.string().min(1), partnerId: z.string().min(1) })),
    }),
    run: (world, input) => decide(world, (draft) => loadIdentifiers(world, draft, input.identifiers)),
  }),
  putOutboundFile: operation({
    summary: 'Put a file of any content into an outbound folder, such as a broken one.',
    input: z.strictObject({ object: z.enum(aceObjects), name: z.string().regex(/^[\w.-]+$/), text: z.string() }),
    run: (world, input) =>
      decide(world, (draft) => {
        const key = `${aceFolders[input.object].outbound}${input.name}`;
        draft.effect({ kind: 'put', key, body: Buffer.from(input.text).toString('base64') });
        return { key };
      }),
  }),
  switches: operation({
    summary: 'The switches as they are now.',
    input: nothing,
    run: (world) => switchesOf(world),
  }),
  setSwitches: operation({
    summary: 'Change switches; the others stay.',
    input: z.custom<SwitchChanges>((value) => typeof value === 'object' && value !== null, 'expected an object'),
    async run(world, changes) {
      const before = world.store.get('meta', 'switches')?.value;
      const parsed = switchesSchema.safeParse({ ...switchesOf(world), ...changes });
      if (!parsed.success) throw new RangeError(`setSwitches: ${z.prettifyError(parsed.error)}`);
      const value = { ...(before as object | undefined), ...changes };
      world.store.commit([{ table: 'meta', key: 'switches', value: { name: 'switches', value } }]);
      await applyAccess(world);
      return switchesOf(world);
    },
  }),
  resetSwitches: operation({
    summary: 'Set all switches back to those of the start.',
    input: nothing,
    async run(world) {
      world.store.commit([{ table: 'meta', key: 'switches', value: null }]);
      await applyAccess(world);
      return switchesOf(world);
    },
  }),
};

function loadIdentifiers(
  world: World,
  draft: Draft,
  identifiers: readonly { readonly aceId: string; readonly partnerId: string }[],
) {
  const loaded: string[] = [];
  const refused: { readonly aceId: string; readonly reason: 'unknown' | 'partnerIdTaken' }[] = [];
  for (const { aceId, partnerId } of identifiers) {
    const record = draft.get('records', aceId);
    if (record === undefined) {
      refused.push({ aceId, reason: 'unknown' });
      continue;
    }
    const holder = findByPartnerId(draft, record.object, partnerId);
    if (holder !== undefined && holder.aceId !== aceId) {
      refused.push({ aceId, reason: 'partnerIdTaken' });
      continue;
    }
    const { partner } = identityFields[record.object];
    changeRecord(world, draft, record, { fields: { [partner]: partnerId }, by: awsUser });
    loaded.push(aceId);
  }
  return { loaded, refused };
}

type Table = typeof operations;
export type OperationName = keyof Table;

type Method<Defined> =
  Defined extends Operation<infer Schema, infer Output>
    ? undefined extends z.input<Schema>
      ? (input?: z.input<Schema>) => Promise<Output>
      : (input: z.input<Schema>) => Promise<Output>
    : never;

/** The operations as methods: the same on a started simulator and on one that is reached by its control address. */
export type AceOperations = { readonly [Name in OperationName]: Method<Table[Name]> };

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AceRecord } from '../../../src/ace/ace-record.ts';
import { canonicalAce, canonicalCrm } from '../../../src/mapping/canonical.ts';
import { loadMapping } from '../../../src/mapping/compile.ts';
import { answerConflicts, type ConflictAnswer } from '../../../src/mapping/conflicts.ts';
import { toAce, toCrm } from '../../../src/mapping/field-values.ts';
import {
  emptySentState,
  type Send,
  withAcceptedSend,
  withBaseline,
  withSend,
} from '../../../src/mapping/sync-state.ts';
import { aceOpportunity, hash, plusMinutes, World } from './world.ts';

/**
 * Both sides edit as they like while exports and results are under way: a model of ACE that takes every update, exports
 * snapshots that arrive late, and answers uploads late. What both changed is the CRM's, or a person answers at any time.
 */
const text = `
version: 1
opportunity:
  fields:
    - { ace: useCase, crm: Use__c, direction: both, owner: crm }
    - { ace: nextStep, crm: NextStep, direction: both, owner: crm, transform: { in: '$trim(value)' } }
    - { ace: expectedMonthlyAwsRevenue, crm: Amount, direction: both, owner: crm }
    - { ace: targetCloseDate, crm: CloseDate, direction: both, owner: crm }
    - { ace: deliveryModel, crm: Delivery__c, direction: both, owner: crm }
    - ace: industry
      crm: Branch__c
      direction: in
      values: { Retail: Trade, Wholesale & Distribution: Trade, Aerospace: Machines }
lead:
  fields:
    - { ace: phone, crm: Phone, direction: both }
`;
const mappings = { crm: loadMapping(text), ask: loadMapping(text.replaceAll('owner: crm', 'owner: ask')) };

const edits = {
  useCase: ['Networking', 'Containers & Serverless', 'Storage & Backup'],
  nextStep: ['Call', 'Meet', ' Write '],
  expectedMonthlyAwsRevenue: [10, 1041.67, 5000],
  targetCloseDate: ['2026-08-01', '2026-09-30'],
  deliveryModel: ['Resell;Other', 'Other;Resell', 'Managed Services'],
} as const;
type Name = keyof typeof edits;
const names = Object.keys(edits) as Name[];
const paths: Readonly<Record<Name, string>> = {
  useCase: 'Use__c',
  nextStep: 'NextStep',
  expectedMonthlyAwsRevenue: 'Amount',
  targetCloseDate: 'CloseDate',
  deliveryModel: 'Delivery__c',
};

type Step =
  | { readonly do: 'awsEdits' | 'weEdit'; readonly name: Name; readonly choice: number }
  | { readonly do: 'export' | 'deliver' | 'send' | 'accept' | 'answerCrm' | 'answerAce' };

const edit = fc.record({
  do: fc.constantFrom('awsEdits' as const, 'weEdit' as const),
  name: fc.constantFrom(...names),
  choice: fc.nat({ max: 2 }),
});
const moves = ['export', 'deliver', 'send', 'accept', 'answerCrm', 'answerAce'] as const;
const move = fc.record({ do: fc.constantFrom(...moves) });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(fc.oneof(edit, move), { maxLength: 40 });

class TwoSides {
  readonly world: World;
  ace: AceRecord;
  /** Seconds, as ACE's lastModifiedDate has them. */
  now = '2026-03-01T10:00:00.000Z';
  readonly exports: AceRecord[] = [];
  waiting: { readonly send: Send; readonly payload: AceRecord } | null = null;
  sends = 0;
  answers = 0;
  /** When ACE accepted a field from us last. */
  readonly accepted = new Map<string, string>();
  /** Fields in which AWS went back to its earlier value before any export showed ours: taken for "kept its own". */
  readonly kept = new Set<string>();

  constructor(owner: keyof typeof mappings) {
    this.world = new World('opportunity', mappings[owner]);
    this.ace = aceOpportunity({ useCase: 'Networking', nextStep: 'Call', industry: 'Retail', deliveryModel: 'Other' });
  }

  tick(): string {
    this.now = plusMinutes(this.now, 1);
    return this.now;
  }

  async start(): Promise<void> {
    this.world.link({
      Use__c: 'Networking',
      NextStep: 'Call',
      Amount: 1041,
      CloseDate: '2026-06-30',
      Delivery__c: 'Other',
    });
    await this.world.receive(this.ace);
  }

  async step(step: Step): Promise<void> {
    switch (step.do) {
      case 'awsEdits':
        this.ace = {
          ...this.ace,
          [step.name]: edits[step.name][step.choice] ?? edits[step.name][0],
          lastModifiedDate: this.tick(),
        };
        return;
      case 'weEdit':
        this.tick();
        this.world.edit({ [paths[step.name]]: edits[step.name][step.choice] ?? edits[step.name][0] });
        return;
      case 'export':
        this.exports.push(this.ace);
        return;
      case 'deliver': {
        const next = this.exports.shift();
        if (next !== undefined) await this.deliver(next);
        return;
      }
      case 'send':
        return this.send();
      case 'accept':
        return this.accept();
      case 'answerCrm':
        return this.answer('crm');
      case 'answerAce':
        return this.answer('ace');
    }
  }

  /** A person answers what is in conflict; the upload carries it out, one at a time. */
  private answer(side: ConflictAnswer): void {
    const { linked, sent, received, mapping, stamp } = this.world;
    const answered = answerConflicts({ mapping: mapping.opportunity, linked, sent, received, hash, answer: side });
    if (answered === null) return;
    this.answers += 1;
    const rowWrites = Object.entries(answered.rowWrites).map(
      ([name, value]) => [`ACE_Sync__r.${name}`, value] as const,
    );
    this.world.edit({ ...answered.recordWrites, ...Object.fromEntries(rowWrites) });
    this.world.sent = withBaseline(sent ?? emptySentState(stamp), answered.baselineAfter(this.world.linked));
  }

  private async deliver(record: AceRecord): Promise<void> {
    const plan = await this.world.receive(record, { key: `file-${this.now}` });
    for (const { aceField, decision, writes } of plan.decisions) {
      const accepted = this.accepted.get(aceField) ?? '';
      assert.ok(!writes || String(record.lastModifiedDate) >= accepted, `${aceField} went back to before our update`);
      if (decision === 'aceKept') this.kept.add(aceField);
      else if (decision !== 'unchanged') this.kept.delete(aceField);
    }
  }

  /** One upload in flight at most; its bytes are those of the moment it was sent. */
  private async send(): Promise<void> {
    if (this.waiting !== null) return;
    const plan = await this.world.due();
    const before = withBaseline(this.world.sent ?? emptySentState(this.world.stamp), plan.baseline);
    this.world.sent = before;
    if (plan.decision !== 'send') return;
    const send: Send = {
      name: `f${before.count}`,
      sha: '',
      at: this.tick(),
      kind: plan.kind,
      fields: { ...plan.fields },
    };
    this.world.sent = withSend(before, send);
    this.waiting = { send, payload: plan.payload ?? {} };
    this.sends += 1;
  }

  private accept(): void {
    if (this.waiting === null || this.world.sent === null) return;
    const { send, payload } = this.waiting;
    const at = this.tick();
    this.ace = { ...this.ace, ...payload, lastModifiedDate: at };
    for (const name of Object.keys(payload)) this.accepted.set(name, at);
    this.world.sent = withAcceptedSend(this.world.sent, send, plusMinutes(at, 0.005));
    this.waiting = null;
  }

  /** Lets everything under way arrive, until neither side has anything to say. */
  async settle(): Promise<void> {
    for (let round = 0; round < 6; round += 1) {
      this.accept();
      this.exports.push(this.ace);
      while (this.exports.length > 0) await this.step({ do: 'deliver' });
      this.answer('crm');
      await this.send();
    }
    assert.equal(this.waiting, null, 'uploads come to an end');
    assert.equal((await this.world.due()).decision, 'nothing');
  }

  /** Whether what one side holds is what the other side's value means there. */
  async agrees(name: Name): Promise<boolean> {
    const field = this.world.mapping.opportunity.fields.find((one) => one.ace === name) ?? assert.fail();
    const crm = this.world.field(paths[name]);
    const fromAce = await toCrm(field, this.ace, false);
    const fromCrm = await toAce(field, crm, this.world.linked.record?.fields ?? {}, false);
    const sameHere = fromAce.ok && canonicalCrm(field.type, fromAce.value) === canonicalCrm(field.type, crm);
    const sameThere =
      fromCrm.ok && canonicalAce(field.type, fromCrm.value) === canonicalAce(field.type, this.ace[name]);
    return sameHere || sameThere;
  }
}

for (const owner of ['crm', 'ask'] as const) {
  test(`Whatever both sides do, and whenever it arrives, they end alike and fall silent (owner ${owner})`, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const sides = new TwoSides(owner);
        await sides.start();
        const own = sequence.filter((step) => step.do === 'weEdit').length;
        const theirs = sequence.filter((step) => step.do === 'awsEdits').length;
        for (const step of sequence) await sides.step(step);
        await sides.settle();
        for (const name of names) assert.ok(sides.kept.has(name) || (await sides.agrees(name)), `${name} differs`);
        assert.ok(sides.sends <= own + theirs + sides.answers, 'nothing is sent without an edit or an answer');
        if (own === 0) assert.equal(sides.sends, 0, 'what AWS changes is not sent back');
      }),
      { numRuns: 150 },
    );
  });
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withDueFields } from '../../../src/activities/resend-fields.ts';
import { linkedState, pureDependencies } from '../activities/linked-world.ts';
import { aceOpportunity, crmOpportunity, crmRow, World } from './world.ts';

const nextStep = 'nextStep>NextStep';

describe('fields that a person wants AWS to have', () => {
  const agreed = async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    await world.receive(aceOpportunity({ nextStep: 'As AWS says', lastModifiedDate: world.tick() }));
    return world;
  };
  const marked = (world: World, ...fields: string[]) =>
    withDueFields(pureDependencies(), 'opportunity', linkedState(world), fields).sent?.fields ?? {};

  it('are due, and no others', async () => {
    assert.deepEqual(Object.keys(marked(await agreed(), 'nextStep')), [nextStep]);
  });

  it('are none of those that the mapping does not send', async () => {
    assert.deepEqual(marked(await agreed(), 'awsSellerName', 'nothing'), {});
  });

  it('stay due when an export comes in before they are sent', async () => {
    const world = await agreed();
    const state = withDueFields(pureDependencies(), 'opportunity', linkedState(world), ['nextStep']);
    const due = state.sent?.fields[nextStep]?.crm;
    assert.ok(due);
    world.sent = state.sent;
    await world.receive(aceOpportunity({ nextStep: 'As AWS says', lastModifiedDate: world.tick() }));
    assert.equal(world.received?.fields[nextStep]?.crm, due);
  });
});

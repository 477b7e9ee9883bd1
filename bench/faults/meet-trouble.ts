import { writeFileSync } from 'node:fs';
import { defaultSwitches, type SwitchName } from '../../src/sandbox/ace/switches.ts';
import type { Pause } from './make-trouble.ts';
import { markedText, type Numbers } from './marks.ts';
import type { Stage } from './stage.ts';
import { brokenFile, refusalText, type S3Fault, type Trouble } from './troubles.ts';

/** Requests of the sync, not those of the people: shared calls, queries and collections. */
const callsOfTheSync = '/(composite|query|queryAll)[/?]';

/** Calls that are left of the org's day while somebody else uses it up. */
const callsLeft = 200;

export interface TroubleMeeter {
  /** Begins a trouble, lets it last, and ends it. */
  meet(trouble: Trouble, milliseconds: number, number: number): Promise<void>;
  /** Ends everything that is still wrong. */
  takeBack(): Promise<void>;
}

export function createTroubleMeeter(stage: Stage, numbers: Numbers, pause: Pause): TroubleMeeter {
  const { ace, standIn, workers, wayToTemporal } = stage;
  const activeFaults = new Set<S3Fault>();
  const plenty = standIn.usage.settings.dailyApiRequests;

  const setClock = (worker: number, milliseconds: number): void => {
    const file = workers[worker]?.clockFile;
    if (file !== undefined) writeFileSync(file, String(milliseconds));
  };

  async function meet(trouble: Trouble, milliseconds: number, number: number): Promise<void> {
    switch (trouble.kind) {
      case 's3':
        activeFaults.add(trouble.fault);
        await ace.setSwitches({ faults: [...activeFaults] });
        await pause(milliseconds);
        activeFaults.delete(trouble.fault);
        await ace.setSwitches({ faults: [...activeFaults] });
        return;
      case 'ace': {
        await ace.setSwitches(trouble.switches);
        await pause(milliseconds);
        const names = Object.keys(trouble.switches) as SwitchName[];
        await ace.setSwitches(Object.fromEntries(names.map((name) => [name, defaultSwitches[name]])));
        return;
      }
      case 'constantName':
        await overwriteExports();
        return;
      case 'brokenFile': {
        const name = `Broken_${numbers.next()}.json`;
        await ace.putOutboundFile({ object: 'opportunity', name, text: brokenFile(number) });
        return;
      }
      case 'crm':
        if (isFaulty()) return;
        standIn.faults.inject({ path: callsOfTheSync }, trouble.effect, { times: trouble.times });
        return;
      case 'rowLock':
        if (isFaulty()) return;
        standIn.faults.lockRows(trouble.object, { times: trouble.times });
        return;
      case 'rowRefusal':
        standIn.faults.injectRow({ object: trouble.object, code: 'STRING_TOO_LONG', message: refusalText(number) });
        return;
      case 'apiBudget':
        standIn.usage.settings.dailyApiRequests = standIn.usage.used + callsLeft;
        await pause(milliseconds);
        standIn.usage.settings.dailyApiRequests = plenty;
        return;
      case 'crmClock':
        standIn.clock.advance(trouble.milliseconds);
        return;
      case 'aceClock':
        await ace.jumpClock({ minutes: trouble.minutes });
        return;
      case 'workerClock':
        setClock(trouble.worker, trouble.milliseconds);
        return;
      case 'temporalCut':
        wayToTemporal.cut(milliseconds / 4);
        return;
      case 'lateVisibility':
        standIn.administration.delayVisibility({ ...trouble, times: 3 });
        return;
    }
  }

  /** Faults that nobody met yet are met first: a CRM that never answers proves nothing but patience. */
  function isFaulty(): boolean {
    return standIn.faults.waiting() > 0;
  }

  /**
   * Exports under one constant name while the last one may still lie there. What is overwritten before anybody could
   * read it is lost by ACE's doing, so AWS touches those records again afterwards.
   */
  async function overwriteExports(): Promise<void> {
    await ace.setSwitches({ outboundName: 'constant', exportPaused: true });
    const touched = new Set<string>();
    for (let round = 1; round <= 3; round += 1) {
      for (const { aceIds } of await ace.exportNow()) for (const aceId of aceIds) touched.add(aceId);
      await pause(1_500);
    }
    await ace.setSwitches({ outboundName: 'unique', exportPaused: false });
    for (const id of touched) {
      const { object } = await ace.record({ id });
      const mark = markedText('aws', numbers.next());
      await ace.edit({ id, fields: object === 'lead' ? { title: `Manager ${mark}` } : { nextStep: `Call ${mark}` } });
    }
  }

  return {
    meet,
    async takeBack() {
      standIn.faults.clear();
      standIn.administration.clearAutomation();
      standIn.usage.settings.dailyApiRequests = plenty;
      for (const worker of workers.keys()) setClock(worker, 0);
      await ace.resetSwitches();
    },
  };
}

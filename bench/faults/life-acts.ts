import type { Act, Outcome, Place, Values } from './acts.ts';
import { markedText, type Numbers, personal } from './marks.ts';
import type { PlannedRecord, StepKind } from './plan-day.ts';
import type { Stage } from './stage.ts';

type LifeStep = Extract<
  StepKind,
  'lock' | 'unlock' | 'delete' | 'undelete' | 'convert' | 'mergeIn' | 'mergeAway' | 'clone'
>;

/** What people do to whole records in the CRM, in the browser, while the sync works on them. */
export function createLifeActs(
  { administrator, standIn }: Stage,
  numbers: Numbers,
  placeOf: (record: PlannedRecord) => Place | null,
): Readonly<Record<LifeStep, Act>> {
  const org = standIn.administration;

  /** On a record that is there and alive; otherwise a little later. */
  const onLiving =
    (work: (place: Place) => Promise<Outcome>): Act =>
    async (_, planned) => {
      const place = placeOf(planned);
      if (place === null || place.record.IsDeleted === true || place.record.IsConverted === true) return 'notYet';
      return work(place);
    };
  const done = (work: (place: Place) => void) =>
    onLiving(async (place) => {
      work(place);
      return 'done';
    });

  /** A lead that somebody typed in, which turns out to be the same person. */
  const typedIn = (): Promise<string> => {
    const number = numbers.next();
    const fields: Values = { LastName: personal.lastName(number), Company: `Double ${markedText('crm', number)}` };
    return administrator.create('Lead', fields);
  };

  return {
    lock: done(({ crmId }) => org.lock(crmId, { administratorsMayEdit: true })),
    unlock: done(({ crmId }) => org.unlock(crmId)),
    delete: done(({ crmId }) => org.delete(crmId)),
    async undelete(_, planned) {
      const place = placeOf(planned);
      if (place?.record.IsDeleted !== true) return 'notYet';
      org.undelete(place.crmId);
      return 'done';
    },
    convert: done(({ crmId }) => void org.convertLead({ leadId: crmId })),
    mergeIn: onLiving(async ({ crmId }) => {
      org.merge({ survivorId: crmId, loserIds: [await typedIn()] });
      return 'done';
    }),
    mergeAway: onLiving(async ({ crmId }) => {
      org.merge({ survivorId: await typedIn(), loserIds: [crmId] });
      return 'done';
    }),
    clone: onLiving(async ({ crmId }) => {
      try {
        org.clone(crmId, 'administrator');
      } catch {
        // The copy carries a unique identifier, and the org refuses it; the sales person's copy is blank there.
        org.clone(crmId);
      }
      return 'done';
    }),
  };
}

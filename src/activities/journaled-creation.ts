import type { WriteOutcome } from '../crm/crm.ts';
import { type Dependencies, mappingOf } from './dependencies.ts';
import type { RelationsCrm } from './settle-relations.ts';
import { announced, type FieldChange, type JournalingDependencies, newRecord } from './write-journaled.ts';

/**
 * What makes records beside the shared one: each is an upsert on an external id, whose fields the journal knows before.
 * @param cause the file that brings them
 */
export function journaledCreation(
  deps: JournalingDependencies & Pick<Dependencies, 'crm' | 'mapping' | 'sample'>,
  cause: string,
  rule: string,
): RelationsCrm {
  return {
    related: (sobject, field, value) => deps.crm.related(sobject, field, value),
    write: (object, key, fields, options): Promise<WriteOutcome> => {
      const sobject = typeof object === 'string' ? object : object.sobject;
      const name = `${sobject}/${'id' in key ? key.id : key.value}`;
      const changes = Object.entries(fields).map(
        ([field, after]): FieldChange => ({
          id: `${cause}#${name}#${field}`,
          crmId: newRecord(name),
          field,
          before: null,
          after,
          cause,
          rule,
          mappingVersion: mappingOf(deps, null).version,
          actor: 'aws',
        }),
      );
      return announced(deps, changes, async (answered) => {
        const outcome = await deps.crm.write(object, key, fields, options);
        answered(changes, outcome.kind, outcome.kind === 'written' ? outcome.id : null);
        return outcome;
      });
    },
  };
}

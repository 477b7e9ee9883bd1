import {
  type Automation,
  type DuplicateRule,
  type FailingTrigger,
  type FieldRewrite,
  noAutomation,
} from '../org/automation.ts';
import { isoOf } from '../org/clock.ts';
import type { Org } from '../org/org.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import type { Values } from '../org/schema.ts';
import type { Login, Sessions } from '../org/sessions.ts';
import { deleteRecords, undeleteRecord } from '../records/delete-records.ts';
import {
  type Conversion,
  cloneRecord,
  convertLead,
  mergeRecords,
  rowById,
  saveOne,
} from '../records/record-life-cycle.ts';
import type { SaveContext, SaveOutcome } from '../records/save-records.ts';
import { anotherUserId, editAsAnotherUser } from './another-user.ts';
import { openLogin } from './seed-org.ts';

/** Who does what happens outside the sync: somebody in sales, or the administrator. */
export type Person = 'salesPerson' | 'administrator';

/** Profiles of the org, by the names an org gives them. */
export const profileNames = {
  administrator: 'System Administrator',
  standard: 'Standard User',
  apiOnly: 'Minimum Access - API Only Integrations',
} as const;

export interface NewUser {
  readonly username: string;
  readonly profile: keyof typeof profileNames;
}

/** What people and other software do in the org while the sync runs, and a look at the rows behind the API. */
export interface Administration {
  /** A row as stored, in the recycle bin or not; null when there is none. */
  read(id: string): Readonly<Values> | null;
  /** All rows of an object, the recycle bin included. */
  rows(object: string): readonly Readonly<Values>[];
  /** @throws SalesforceError when the org refuses */
  create(object: string, values: Values): string;
  edit(id: string, values: Values): void;
  delete(id: string): void;
  undelete(id: string): void;
  merge(merge: { readonly survivorId: string; readonly loserIds: readonly string[]; readonly values?: Values }): void;
  convertLead(conversion: Conversion): ReturnType<typeof convertLead>;
  clone(id: string, by?: Person, values?: Values): string;
  /** Puts a record into an approval process: edits fail with ENTITY_IS_LOCKED. */
  lock(id: string, options?: { readonly administratorsMayEdit?: boolean }): void;
  unlock(id: string): void;
  /** Takes a record from a user's sight; `share` gives it back. */
  unshare(id: string, userId: string): void;
  share(id: string, userId: string): void;
  addFieldRewrite(flow: FieldRewrite): void;
  addFailingTrigger(trigger: FailingTrigger): void;
  addDuplicateRule(rule: DuplicateRule): void;
  clearAutomation(): void;
  /** The next writes of the object stay invisible to reads for a while, though they are committed. */
  delayVisibility(late: { readonly object: string; readonly milliseconds: number; readonly times?: number }): void;
  setUserActive(userId: string, active: boolean): void;
  createUser(user: NewUser): Login & { readonly userId: string };
  /** Assigns a permission set by its name. */
  assignPermissionSet(userId: string, name: string): void;
  /** A queue that can own leads. @returns its id */
  createQueue(developerName: string): string;
  createRecordType(object: string, developerName: string): string;
  /** The certificate that verifies JWT assertions of a connected app, in PEM. */
  setCertificate(clientId: string, certificate: string): void;
  /** Ends every session, as a changed security policy does. */
  expireSessions(): void;
}

export function createAdministration(org: Org, sessions: Sessions): Administration {
  const administratorId = (): string => {
    for (const row of org.store.table('User').values()) if (org.access(row.id).administrator) return row.id;
    throw new SalesforceError('NOT_FOUND', 'the org has no administrator');
  };
  const contextOf = (person: Person): SaveContext => ({
    org,
    access: org.access(person === 'administrator' ? administratorId() : anotherUserId(org)),
    allowDuplicates: true,
    rowFault: () => null,
  });
  const demand = (outcome: SaveOutcome | undefined): void => {
    if (!outcome?.ok) throw outcome?.errors[0] ?? new SalesforceError('UNKNOWN_EXCEPTION', 'nothing was saved');
  };
  const change = (part: Partial<Automation>): void => {
    org.automation = { ...org.automation, ...part };
  };
  return {
    read: (id) => {
      try {
        return rowById(org, id).row.values;
      } catch {
        return null;
      }
    },
    rows: (object) => [...org.store.table(org.objectNamed(object).name).values()].map((row) => row.values),
    create: (object, values) => saveOne(contextOf('administrator'), org.objectNamed(object), null, values),
    edit: (id, values) => demand(editAsAnotherUser(org, id, values)),
    delete: (id) => demand(deleteRecords(contextOf('administrator'), [id])[0]),
    undelete: (id) => demand(undeleteRecord(contextOf('administrator'), id)),
    merge: (merge) => mergeRecords(org, anotherUserId(org), merge),
    convertLead: (conversion) => convertLead(org, anotherUserId(org), conversion),
    clone: (id, by = 'salesPerson', values = {}) =>
      cloneRecord(org, by === 'administrator' ? administratorId() : anotherUserId(org), id, values),
    lock: (id, options = {}) => {
      const lock = { id: rowById(org, id).row.id, administratorsMayEdit: options.administratorsMayEdit ?? false };
      change({ locks: [...org.automation.locks.filter((one) => one.id !== lock.id), lock] });
    },
    unlock: (id) => change({ locks: org.automation.locks.filter((one) => one.id !== rowById(org, id).row.id) }),
    unshare: (id, userId) =>
      change({ unshared: [...org.automation.unshared, { id: rowById(org, id).row.id, userId }] }),
    share: (id, userId) =>
      change({ unshared: org.automation.unshared.filter((one) => one.id !== id || one.userId !== userId) }),
    addFieldRewrite: (flow) => change({ fieldRewrites: [...org.automation.fieldRewrites, flow] }),
    addFailingTrigger: (trigger) => change({ failingTriggers: [...org.automation.failingTriggers, trigger] }),
    addDuplicateRule: (rule) => change({ duplicateRules: [...org.automation.duplicateRules, rule] }),
    clearAutomation: () => change(noAutomation),
    delayVisibility: ({ object, milliseconds, times }) => {
      org.lateVisibility.push({ object, milliseconds, times: times ?? 1 });
    },
    setUserActive: (userId, active) => {
      const { object, row } = rowById(org, userId);
      org.transaction(() =>
        org.store.put(object, row.id, {
          ...row.values,
          IsActive: active,
          SystemModstamp: isoOf(org.clock.now()),
        }),
      );
    },
    createUser: ({ username, profile }) => {
      const profileRow = [...org.store.table('Profile').values()].find(
        (row) => row.values.Name === profileNames[profile],
      );
      const userId = saveOne(contextOf('administrator'), org.objectNamed('User'), null, {
        Username: username,
        Email: username,
        LastName: username.replace(/@.*$/, ''),
        IsActive: true,
        ProfileId: profileRow?.id ?? null,
      });
      return { ...openLogin(sessions, username, userId), userId };
    },
    assignPermissionSet: (userId, name) => {
      const set = [...org.store.table('PermissionSet').values()].find((row) => row.values.Name === name);
      saveOne(contextOf('administrator'), org.objectNamed('PermissionSetAssignment'), null, {
        AssigneeId: userId,
        PermissionSetId: set?.id ?? null,
      });
    },
    createQueue: (developerName) => {
      const group = org.objectNamed('Group');
      const id = org.nextId(group.keyPrefix);
      const now = isoOf(org.clock.now());
      const audit = { CreatedDate: now, LastModifiedDate: now, SystemModstamp: now, IsDeleted: false };
      const Name = developerName.replaceAll('_', ' ');
      org.transaction(() =>
        org.store.put(group, id, { ...audit, Id: id, Name, DeveloperName: developerName, Type: 'Queue' }),
      );
      return id;
    },
    createRecordType: (object, developerName) =>
      saveOne(contextOf('administrator'), org.objectNamed('RecordType'), null, {
        Name: developerName.replaceAll('_', ' '),
        DeveloperName: developerName,
        SobjectType: org.objectNamed(object).name,
      }),
    setCertificate: (clientId, certificate) => {
      const app = sessions.app(clientId);
      if (app === undefined) throw new SalesforceError('NOT_FOUND', 'no connected app has this client id');
      sessions.putApp({ ...app, certificate });
    },
    expireSessions: () => sessions.endAll(),
  };
}

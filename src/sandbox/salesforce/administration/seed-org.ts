import { randomBytes } from 'node:crypto';
import { isoOf } from '../org/clock.ts';
import type { Org } from '../org/org.ts';
import type { Values } from '../org/schema.ts';
import type { Login, Sessions } from '../org/sessions.ts';
import { convertedLeadStatus, leadStatuses, stages } from '../org/standard-picklists.ts';
import { anotherUsername } from './another-user.ts';

export interface SeededUsers {
  readonly administratorId: string;
  readonly integrationUserId: string;
}

export const administratorUsername = 'administrator@example.com';
export const integrationUsername = 'integration@example.com';

/** Fills a new org with what every org has: its own row, profiles, users, stages and lead statuses. */
export function seedOrg(org: Org, options: { readonly sandbox: boolean }): SeededUsers {
  return org.transaction(() => {
    const now = isoOf(org.clock.now());
    const administratorId = org.nextId('005');
    const insert = (name: string, values: Values, id?: string): string => {
      const object = org.objectNamed(name);
      const own = id ?? org.nextId(object.keyPrefix);
      const audit = { CreatedDate: now, LastModifiedDate: now, SystemModstamp: now };
      const by = { CreatedById: administratorId, LastModifiedById: administratorId };
      org.store.put(object, own, { ...audit, ...by, ...values, Id: own, IsDeleted: false });
      return own;
    };
    insert(
      'Organization',
      {
        Name: 'Stand-in Partner',
        OrganizationType: 'Enterprise Edition',
        IsSandbox: options.sandbox,
        InstanceName: 'STAND',
        TimeZoneSidKey: 'GMT',
        LanguageLocaleKey: 'en_US',
      },
      org.organizationId,
    );
    const profiles = {
      administrator: insert('Profile', { Name: 'System Administrator' }),
      standard: insert('Profile', { Name: 'Standard User' }),
      integration: insert('Profile', { Name: 'Minimum Access - API Only Integrations' }),
    };
    const user = (username: string, firstName: string | null, lastName: string, profileId: string, id?: string) =>
      insert(
        'User',
        {
          Username: username,
          Email: username,
          FirstName: firstName,
          LastName: lastName,
          Name: firstName === null ? lastName : `${firstName} ${lastName}`,
          Alias: lastName.slice(0, 8).toLowerCase(),
          IsActive: true,
          UserType: 'Standard',
          ProfileId: profileId,
          TimeZoneSidKey: 'GMT',
          LocaleSidKey: 'en_US',
          LanguageLocaleKey: 'en_US',
          EmailEncodingKey: 'UTF-8',
        },
        id,
      );
    user(administratorUsername, 'Ada', 'Administrator', profiles.administrator, administratorId);
    user(anotherUsername, 'Sam', 'Salesperson', profiles.standard);
    const integrationUserId = user(integrationUsername, null, 'Integration', profiles.integration);
    stages.forEach((stage, index) => {
      insert('OpportunityStage', {
        MasterLabel: stage.name,
        ApiName: stage.name,
        IsActive: true,
        SortOrder: index + 1,
        IsClosed: stage.closed ?? false,
        IsWon: stage.won ?? false,
        ForecastCategoryName: stage.forecast,
        DefaultProbability: stage.probability,
      });
    });
    leadStatuses.forEach((status, index) => {
      insert('LeadStatus', {
        MasterLabel: status.value,
        ApiName: status.value,
        SortOrder: index + 1,
        IsDefault: status.isDefault ?? false,
        IsConverted: status.value === convertedLeadStatus,
      });
    });
    insert('Pricebook2', { Name: 'Standard Price Book', IsActive: true, IsStandard: true });
    return { administratorId, integrationUserId };
  });
}

const secret = (bytes: number): string => randomBytes(bytes).toString('hex').toUpperCase();

/** Gives a user a password and a connected app that runs as this user. */
export function openLogin(sessions: Sessions, username: string, userId: string): Login {
  const login = {
    clientId: `3MVG9${secret(20)}`,
    clientSecret: secret(32),
    username,
    password: `Stand-in-${secret(6)}`,
  };
  const { clientId, clientSecret, password } = login;
  sessions.putApp({ clientId, clientSecret, runAs: userId, certificate: null });
  sessions.setPassword(username, password);
  return login;
}

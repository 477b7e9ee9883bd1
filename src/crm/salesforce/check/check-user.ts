import { readSalesforceError } from '../classify-error.ts';
import { type QueryRow, textAt } from '../query.ts';
import type { SalesforceSession } from '../session.ts';
import { isOneOf } from '../soql.ts';
import type { Finding } from './finding.ts';

/** Looks at the user whose session this is: some refusals are told apart by English words (error-table.ts). */
export async function checkUser(session: SalesforceSession): Promise<readonly Finding[]> {
  const { userId } = await session.identity();
  const language = await session.call('query of User', async (connection) => {
    try {
      const soql = `SELECT LanguageLocaleKey FROM User WHERE ${isOneOf('Id', [userId])}`;
      const answer = await connection.request<{ records: readonly QueryRow[] }>(`/query?q=${encodeURIComponent(soql)}`);
      return answer.records[0] === undefined ? null : textAt(answer.records[0], 'LanguageLocaleKey');
    } catch (thrown) {
      if (readSalesforceError(thrown)?.code === 'INVALID_FIELD') return null;
      throw thrown;
    }
  });
  if (language === null || language.startsWith('en')) return [];
  return [
    {
      severity: 'warning',
      code: 'USER_LANGUAGE',
      object: 'User',
      field: 'LanguageLocaleKey',
      message: 'The language of this user is not English, so some refusals of Salesforce are not told apart.',
      fix: 'Set the language of the integration user to English.',
    },
  ];
}

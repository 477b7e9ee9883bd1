import { metadataOperation } from '../metadata/run-operation.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import type { HttpAnswer, HttpRequest, StandInParts } from './http-messages.ts';
import { partnerOperation, userInfo } from './soap-partner.ts';
import { readSoap, type SoapApi, soapAnswer, soapFault, textOf } from './soap-xml.ts';

/** SOAP `login()` is gone from this version on. */
const loginGoneSince = 65;

/** `POST /services/Soap/u/…` (login, logout) and `/services/Soap/m/…` (metadata). */
export function routeSoap(parts: StandInParts, request: HttpRequest, api: SoapApi, version: number): HttpAnswer {
  const message = readSoap(request.body);
  if (message === null) return soapFault(api, 'INVALID_INPUT', 'The request is no SOAP envelope');
  const { operation, content, sessionId } = message;
  if (api === 'partner' && operation === 'login') return login(parts, content, version);
  const session = parts.sessions.find(sessionId ?? '');
  if (session === null)
    return soapFault(api, 'INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader: Illegal Session');
  if (operation === 'logout') {
    parts.sessions.end(sessionId ?? '');
    return soapAnswer(api, operation, []);
  }
  if (!parts.usage.count(`SOAP ${operation}`))
    return soapFault(api, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
  try {
    const results =
      api === 'partner'
        ? partnerOperation(parts, session.userId, operation, content)
        : metadataOperation(parts, parts.org.access(session.userId), operation, content);
    return soapAnswer(api, operation, results);
  } catch (error) {
    if (error instanceof SalesforceError) return soapFault(api, error.code, error.message);
    throw error;
  }
}

function login(parts: StandInParts, content: Readonly<Record<string, unknown>>, version: number): HttpAnswer {
  const { org, sessions, url } = parts;
  if (version >= loginGoneSince)
    return soapFault('partner', 'UNSUPPORTED_API_VERSION', 'SOAP API login() is not available in this version');
  const userId = sessions.checkPassword(textOf(content.username) ?? '', textOf(content.password) ?? '');
  if (userId === null)
    return soapFault('partner', 'INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.');
  const organization = org.organizationId;
  const short = organization.slice(0, 15);
  return soapAnswer('partner', 'login', [
    {
      metadataServerUrl: `${url()}/services/Soap/m/${version.toFixed(1)}/${short}`,
      passwordExpired: false,
      sandbox: org.store.get('Organization', organization)?.values.IsSandbox === true,
      serverUrl: `${url()}/services/Soap/u/${version.toFixed(1)}/${short}`,
      sessionId: sessions.open(userId, null),
      userId,
      userInfo: userInfo(parts, userId),
    },
  ]);
}

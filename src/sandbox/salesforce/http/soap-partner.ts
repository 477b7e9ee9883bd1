import { isoOf } from '../org/clock.ts';
import type { Org } from '../org/org.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import type { Values } from '../org/schema.ts';
import { isJsonObject, type JsonObject } from '../records/record-input.ts';
import { convertLead, mergeRecords } from '../records/record-life-cycle.ts';
import type { StandInParts } from './http-messages.ts';
import { listOf, textOf, withoutAttributes } from './soap-xml.ts';

/**
 * The few calls of the partner SOAP API that have no REST counterpart: conversion, merge, time and user.
 * @returns one `result` element each. @throws SalesforceError as a SOAP fault
 */
export function partnerOperation(
  parts: StandInParts,
  userId: string,
  operation: string,
  content: JsonObject,
): readonly unknown[] {
  const { org } = parts;
  switch (operation) {
    case 'getServerTimestamp':
      return [{ timestamp: isoOf(org.clock.now()) }];
    case 'getUserInfo':
      return [userInfo(parts, userId)];
    case 'convertLead':
      return listOf(content.leadConverts)
        .filter(isJsonObject)
        .map((one) => convert(org, userId, one));
    case 'merge':
      return listOf(content.mergeRequests ?? content.request)
        .filter(isJsonObject)
        .map((one) => merge(org, userId, one));
    default:
      throw new SalesforceError('INVALID_OPERATION', `${operation} is not served by this stand-in`);
  }
}

const failed = (error: unknown, rest: object): unknown => {
  if (!(error instanceof SalesforceError)) throw error;
  return { ...rest, errors: { message: error.message, statusCode: error.code }, success: false };
};

function convert(org: Org, userId: string, request: JsonObject): unknown {
  const leadId = textOf(request.leadId) ?? '';
  const accountId = textOf(request.accountId);
  const opportunityName = textOf(request.opportunityName);
  try {
    const made = convertLead(org, userId, {
      leadId,
      createOpportunity: textOf(request.doNotCreateOpportunity) !== 'true',
      ...(accountId === null ? {} : { accountId }),
      ...(opportunityName === null ? {} : { opportunityName }),
    });
    return { ...made, leadId, success: true };
  } catch (error) {
    return failed(error, { accountId: null, contactId: null, leadId, opportunityId: null });
  }
}

function merge(org: Org, userId: string, request: JsonObject): unknown {
  const master = withoutAttributes(request.masterRecord);
  const { Id, type: _, ...rest } = isJsonObject(master) ? master : {};
  const survivorId = String(Id ?? '');
  const mergedRecordIds = listOf(request.recordToMergeIds).map((id) => textOf(id) ?? '');
  const values = rest as Values;
  try {
    const hasValues = Object.keys(values).length > 0;
    mergeRecords(org, userId, { survivorId, loserIds: mergedRecordIds, ...(hasValues ? { values } : {}) });
    return { id: survivorId, mergedRecordIds, success: true };
  } catch (error) {
    return failed(error, { id: survivorId, mergedRecordIds: [] });
  }
}

/** What login and getUserInfo say of a user. */
export function userInfo(parts: StandInParts, userId: string): JsonObject {
  const { org, usage } = parts;
  const user = org.store.get('User', userId)?.values ?? {};
  return {
    accessibilityMode: false,
    chatterExternal: false,
    currencySymbol: '$',
    orgAttachmentFileSizeLimit: 5_242_880,
    orgDefaultCurrencyIsoCode: 'USD',
    orgDisallowHtmlAttachments: false,
    orgHasPersonAccounts: false,
    organizationId: org.organizationId,
    organizationMultiCurrency: org.settings.multiCurrency,
    organizationName: org.store.get('Organization', org.organizationId)?.values.Name ?? null,
    profileId: user.ProfileId ?? null,
    roleId: user.UserRoleId ?? null,
    sessionSecondsValid: usage.settings.sessionSeconds,
    userEmail: user.Email ?? null,
    userFullName: user.Name ?? null,
    userId,
    userLanguage: 'en_US',
    userLocale: 'en_US',
    userName: user.Username ?? null,
    userTimeZone: 'GMT',
    userType: 'Standard',
    userUiSkin: 'Theme3',
  };
}

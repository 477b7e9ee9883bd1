import { saveField } from '../metadata/run-operation.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import { isJsonObject } from '../records/record-input.ts';
import { type ApiCall, bodyOf, type HttpAnswer } from './http-messages.ts';

/** `POST /tooling/sobjects/CustomField`: the metadata API's other door, one field at a time. */
export function createFieldByTooling(call: ApiCall): HttpAnswer {
  const body = bodyOf(call);
  const { FullName: fullName, Metadata: metadata } = body;
  if (typeof fullName !== 'string' || !isJsonObject(metadata))
    throw new SalesforceError('REQUIRED_FIELD_MISSING', 'Required fields are missing: [FullName, Metadata]', {
      fields: ['FullName', 'Metadata'],
    });
  saveField(call.org, call.access, fullName, metadata);
  return { status: 201, body: { id: call.org.nextId('00N'), success: true, errors: [], warnings: [], infos: [] } };
}

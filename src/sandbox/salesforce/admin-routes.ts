import type { HttpAnswer, HttpRequest, StandInParts } from './http-messages.ts';

/** Placeholder until the administrator's side channel is complete. */
export function adminRoute(_parts: StandInParts, _request: HttpRequest): HttpAnswer {
  return { status: 404, body: { error: 'no such route' } };
}

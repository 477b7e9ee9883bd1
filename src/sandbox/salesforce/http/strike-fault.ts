import type { ServerResponse } from 'node:http';
import { editAsAnotherUser } from '../administration/another-user.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import { answer, errorAnswer, limitExceeded } from './answer-request.ts';
import type { FaultEffect } from './faults.ts';
import type { HttpAnswer, HttpRequest, StandInParts } from './http-messages.ts';
import { bearerOf } from './oauth-routes.ts';
import { send, sendCut } from './send-answer.ts';

/** The object that a request is about, as far as its path, query or body says. */
export function objectOf(request: HttpRequest): string | null {
  const inPath = /\/(?:composite\/)?sobjects\/(\w+)/.exec(request.path)?.[1];
  if (inPath !== undefined) return inPath;
  const soql = request.query.get('q');
  if (soql !== null) return /\bFROM\s+(\w+)(?![\s\S]*\bFROM\b)/i.exec(soql.replace(/\([\s\S]*?\)/g, ''))?.[1] ?? null;
  return /"attributes"\s*:\s*\{[^}]*"type"\s*:\s*"(\w+)"/.exec(request.body)?.[1] ?? null;
}

export const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function strike(
  parts: StandInParts,
  request: HttpRequest,
  outgoing: ServerResponse,
  effect: FaultEffect,
): Promise<void> {
  switch (effect.kind) {
    case 'hang':
      parts.usage.waiting++;
      outgoing.once('close', () => {
        parts.usage.waiting--;
      });
      return;
    case 'resetConnection':
      outgoing.destroy();
      return;
    case 'slow': {
      const done = answer(parts, request);
      parts.usage.waiting++;
      await wait(effect.milliseconds);
      parts.usage.waiting--;
      return send(outgoing, done);
    }
    case 'cutBody':
      return sendCut(outgoing, answer(parts, request), effect.afterBytes);
    case 'loseAnswer':
      answer(parts, request);
      outgoing.destroy();
      return;
    case 'commitLate':
      outgoing.destroy();
      parts.faults.lateCommits++;
      await wait(effect.milliseconds);
      answer(parts, request);
      parts.faults.lateCommits--;
      return;
    case 'editBefore':
      editAsAnotherUser(parts.org, effect.id, effect.values);
      return send(outgoing, answer(parts, request));
    case 'expireToken':
      parts.sessions.end(bearerOf(request) ?? '');
      return send(outgoing, answer(parts, request));
    default:
      return send(outgoing, plainFault(parts, effect));
  }
}

type PlainEffect = Extract<
  FaultEffect,
  { kind: 'error' | 'unavailable' | 'tooManyRequests' | 'html' | 'limitExhausted' }
>;

function plainFault(parts: StandInParts, effect: PlainEffect): HttpAnswer {
  const retryAfter = (seconds: number | undefined) =>
    seconds === undefined ? {} : { headers: { 'Retry-After': String(seconds) } };
  switch (effect.kind) {
    case 'error': {
      const { code, message, status, fields } = effect;
      return errorAnswer(
        new SalesforceError(code, message, { fields: fields ?? null, ...(status === undefined ? {} : { status }) }),
      );
    }
    case 'unavailable': {
      const body = [{ message: 'Server unavailable', errorCode: 'SERVER_UNAVAILABLE' }];
      return { status: 503, body, ...retryAfter(effect.retryAfterSeconds) };
    }
    case 'tooManyRequests': {
      const body = [{ message: 'Too many requests', errorCode: 'REQUEST_LIMIT_EXCEEDED' }];
      return { status: 429, body, ...retryAfter(effect.retryAfterSeconds) };
    }
    case 'html':
      return {
        status: effect.status,
        contentType: 'text/html;charset=UTF-8',
        body: '<html><head><title>Maintenance</title></head><body>We are down for maintenance.</body></html>',
      };
    case 'limitExhausted':
      parts.usage.used = parts.usage.settings.dailyApiRequests;
      return errorAnswer(limitExceeded('TotalRequests'));
  }
}

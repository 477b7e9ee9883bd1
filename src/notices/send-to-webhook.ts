import { DeliveryFailure } from './delivery-failure.ts';

/** Milliseconds until a request counts as failed: the watch has seconds, and tries again at the next look. */
export const requestTimeout = 10_000;

/** Posts `{"text": …}`, which Slack, Mattermost and Teams workflows take. @throws DeliveryFailure */
export async function sendToWebhook(url: string, text: string): Promise<void> {
  await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: escapeForSlack(text) }),
  });
}

/** Asks the address that watches over the watch. @throws DeliveryFailure */
export async function beatOutward(url: string, method: 'GET' | 'POST'): Promise<void> {
  await request(url, { method });
}

async function request(url: string, init: RequestInit): Promise<void> {
  let response: Response;
  try {
    // A redirect would carry the text to another host than the configured one.
    response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(requestTimeout) });
  } catch (error) {
    // The error of fetch names the address, and the address of a webhook is a secret.
    throw new DeliveryFailure(networkCodeOf(error));
  }
  await response.body?.cancel();
  if (!response.ok) throw new DeliveryFailure(`HTTP ${response.status}`);
}

function networkCodeOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'TIMEOUT';
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNREACHABLE';
}

/** Slack reads these three as markup (Slack, "Formatting text for app surfaces"). */
const escapeForSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

// The queues of the receivers that are configured, and which conditions go to which.
import type { AlertReceiver, OutletContext, ResolvedOptions } from '@loopscope/sdk/telemetry';
import { pause } from '../http/delivery.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import type { NameLookup } from '../resolver/name-lookup.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import { alertmanagerReceiver, type Receiver, standardErrorReceiver, webhookReceiver } from './receiver.ts';

const variables: Readonly<Record<AlertReceiver, string>> = {
  alertmanager: 'LOOPSCOPE_ALERTMANAGER_URL',
  webhook: 'LOOPSCOPE_ALERT_WEBHOOK_URL',
  stderr: '',
};

/** Where alerts go whose condition does not say: to what is configured, else to standard error. */
export function defaultReceivers(options: ResolvedOptions): readonly AlertReceiver[] {
  const configured: AlertReceiver[] = [];
  if (options.alertmanagerUrl !== undefined) {
    configured.push('alertmanager');
  }
  if (options.alertWebhookUrl !== undefined) {
    configured.push('webhook');
  }
  return configured.length === 0 ? ['stderr'] : configured;
}

/** One queue for each server that the conditions name; what is named and not configured is said. */
export function openReceivers(
  names: ReadonlySet<AlertReceiver>,
  context: OutletContext,
  nameLookup: NameLookup,
): readonly DeliveryQueue[] {
  const { options, sdkVersion, say, debug, alerts } = context;
  const transportTo = (url: URL, headers: Readonly<Record<string, string>>) => (): Transport => {
    const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const destination = {
      url,
      contentType: 'application/json',
      headers: Object.fromEntries(lowered),
      compression: 'none',
      tls: {},
    } as const;
    return createTransport(destination, sdkVersion, nameLookup.lookup);
  };
  const receivers: Record<AlertReceiver, readonly Receiver[]> = {
    alertmanager: urlsOf(options.alertmanagerUrl)
      .map(alertsApi)
      .map((url) => alertmanagerReceiver(url, transportTo(url, options.alertmanagerHeaders))),
    webhook: (options.alertWebhookUrl === undefined ? [] : [new URL(options.alertWebhookUrl)]).map((url) =>
      webhookReceiver(url, transportTo(url, options.alertWebhookHeaders)),
    ),
    stderr: [standardErrorReceiver()],
  };
  return [...names].flatMap((name) => {
    if (receivers[name].length === 0) {
      say(`alerts are to go to ${name}, but ${variables[name]} is not set`);
    }
    return receivers[name].map(
      (receiver) =>
        new DeliveryQueue({
          receiver,
          say,
          debug,
          notified: (outcome, times) => alerts.notified(receiver.name, outcome, times),
          now: () => performance.now(),
          random: Math.random,
          pause,
        }),
    );
  });
}

function urlsOf(text: string | undefined): readonly URL[] {
  return text === undefined ? [] : text.split(',').map((url) => new URL(url.trim()));
}

/** The API's own address below the server's, unless it was given whole. */
function alertsApi(url: URL): URL {
  if (!/\/api\/v2\/alerts\/?$/.test(url.pathname)) {
    url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v2/alerts`;
  }
  return url;
}

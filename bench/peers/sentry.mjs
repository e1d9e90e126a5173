// Sentry's event-loop-block integration alone, which sends to 127.0.0.1:PEER_PORT, at the threshold
// of PEER_THRESHOLD_MS. Its limit of events in an hour is raised: by default it sends one.
import { init } from '@sentry/node';
import { eventLoopBlockIntegration } from '@sentry/node-native';

init({
  dsn: `http://public@127.0.0.1:${process.env.PEER_PORT}/1`,
  defaultIntegrations: false,
  integrations: [
    eventLoopBlockIntegration({
      threshold: Number(process.env.PEER_THRESHOLD_MS),
      maxEventsPerHour: 100_000,
    }),
  ],
});

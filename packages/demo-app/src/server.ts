// The process of the service: `node --import ./src/tracing.ts src/server.ts`.
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { faults } from './faults/index.ts';
import type { ListeningMessage } from './messages.ts';
import { parsePort } from './port.ts';
import { onStopRequest } from './stop-request.ts';

const host = '127.0.0.1';
const defaultPort = 3000;
const longestStopMs = 2_000;

const port = parsePort(process.env['DEMO_PORT'], defaultPort);
if (port === undefined) {
  end(`DEMO_PORT must be a whole number from 0 to 65535, not ${JSON.stringify(process.env['DEMO_PORT'])}.`);
}

const server = createApp().listen(port, host, (error?: Error) => {
  if (error !== undefined) {
    end(explainListenError(error));
  }
  const { port: taken } = server.address() as AddressInfo;
  const message: ListeningMessage = { kind: 'listening', port: taken };
  if (process.send === undefined) {
    console.log(`The orders service listens on http://${host}:${taken}/orders; its faults are at /faults.`);
  } else {
    process.send(message);
  }
});

// Ends by itself once nothing is left to do, so that the tracing can send its last spans.
onStopRequest(() => {
  setTimeout(() => process.exit(), longestStopMs).unref();
  server.close();
  server.closeAllConnections();
  for (const fault of faults) {
    fault.release?.();
  }
  if (process.connected) {
    process.disconnect();
  }
});

function explainListenError(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is taken. Set DEMO_PORT to another one, or to 0 for any that is free.`;
  }
  return `The service could not listen on port ${port} of ${host}: ${error.message}.`;
}

function end(line: string): never {
  console.error(line);
  process.exit(1);
}

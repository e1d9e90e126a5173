import { metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { runApp } from '../../fixtures/open-telemetry/run-app.mjs';

await runApp({ trace, metrics, logs, NodeSDK, RuntimeNodeInstrumentation }, process.argv.slice(2));

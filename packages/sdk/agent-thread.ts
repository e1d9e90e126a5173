// The composition file: the one place where the agent meets its ways out. Bundled with both, and a
// private copy of OpenTelemetry, into the single file that the agent thread loads.
import { parentPort, workerData } from 'node:worker_threads';
import { outletFactories } from '@loopscope/exporter';
import { Agent } from './src/agent/agent.ts';
import type { AgentWorkerData } from './src/shared/messages.ts';

if (parentPort === null) {
  throw new Error('this file is the agent thread of Loopscope; preload @loopscope/sdk/register instead');
}

new Agent(workerData as AgentWorkerData, parentPort, outletFactories);

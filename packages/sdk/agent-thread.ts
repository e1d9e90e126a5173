// The composition file: the one place where the agent meets its ways out. Bundled with both, and a
// private copy of OpenTelemetry, into the single file that the agent thread loads.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { createOutletFactories, type ReadConfigurationFile } from '@loopscope/exporter';
import { Agent } from './src/agent/agent.ts';
import type { AgentWorkerData } from './src/shared/messages.ts';

if (parentPort === null) {
  throw new Error('this file is the agent thread of Loopscope; preload @loopscope/sdk/register instead');
}

// The bundle beside this one, which is loaded only where it is needed.
const readConfigurationFile: ReadConfigurationFile = (path) => {
  const bundle = createRequire(import.meta.url)('./configuration-file.cjs') as {
    readonly readConfigurationFile: ReadConfigurationFile;
  };
  return bundle.readConfigurationFile(path);
};

new Agent(workerData as AgentWorkerData, parentPort, createOutletFactories(readConfigurationFile));

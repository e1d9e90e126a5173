import { monitorEventLoopDelay } from 'node:perf_hooks';
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { isThreadJoin } from '../../src/agent/join-message.ts';
import { wireVersion } from '../../src/shared/messages.ts';
import { createThreadWords } from '../../src/shared/shared-words.ts';

const join = {
  version: wireVersion,
  kind: 'join',
  thread: { id: 3, name: '' },
  heartbeat: monitorEventLoopDelay({ resolution: 20 }),
  heartbeatMs: 20,
  since: 1,
  words: createThreadWords(),
  port: new MessageChannel().port1,
  inspectorOpen: false,
  captures: true,
  sourceMaps: false,
  ownScript: 'file:///srv/register.js',
  tasks: { sparesPromises: true },
};

test('a join is believed as it is sent', () => {
  expect(isThreadJoin(join)).toBe(true);
});

test.each([
  ['nothing', undefined],
  ['a text', 'join'],
  ['an object of another kind', { kind: 'workerReady' }],
  ['another version', { ...join, version: wireVersion + 1 }],
  ['no thread', { ...join, thread: null }],
  ['an id that is none', { ...join, thread: { id: 1.5, name: '' } }],
  ['no histogram', { ...join, heartbeat: {} }],
  ['no interval', { ...join, heartbeatMs: 0 }],
  ['an interval that is no number', { ...join, heartbeatMs: Number.NaN }],
  ['words that are not shared', { ...join, words: new Int32Array(4) }],
  ['a task id that is none', { ...join, taskId: 'x' }],
  ['no port', { ...join, port: { close: () => {} } }],
  ['no script', { ...join, ownScript: undefined }],
])('%s is not', (_, message) => {
  expect(isThreadJoin(message)).toBe(false);
});

import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { announceAgent, findAgent } from '../../src/main/process-agent.ts';
import { resolveOptions } from '../../src/shared/resolve-options.ts';
import { createSharedWords } from '../../src/shared/shared-words.ts';
import { slotName } from '../../src/shared/slot-name.ts';

const words = createSharedWords().buffer;
const options = resolveOptions({ token: 'a-secret-token', stallThresholdMs: 70 }, {}, {}, 24);

afterEach(() => setEnvironmentData(slotName, undefined as never));

test('an agent that is announced is found, with its options but no secret', () => {
  const undo = announceAgent(words, options);
  expect(findAgent()).toMatchObject({ words, options: { stallThresholdMs: 70 } });
  expect(JSON.stringify(getEnvironmentData(slotName))).not.toContain('a-secret-token');
  undo();
  expect(findAgent()).toMatch(/no agent/);
});

test('one of another version, or changed by the application, is not joined', () => {
  announceAgent(words, options);
  const announced = getEnvironmentData(slotName) as object;
  for (const changed of [
    { sdkVersion: '99.0.0' },
    { version: 99 },
    { words: new SharedArrayBuffer(4) },
    { options: 1 },
  ]) {
    setEnvironmentData(slotName, { ...announced, ...changed });
    expect(findAgent()).toEqual(expect.any(String));
  }
  setEnvironmentData(slotName, 'text');
  expect(findAgent()).toMatch(/no agent/);
});

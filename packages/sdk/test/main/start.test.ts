import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { handleOff } from '../../src/main/handle.ts';
import { fillSlot } from '../../src/main/slot.ts';
import { preload, start } from '../../src/main/start.ts';
import type { LoopscopeOptions } from '../../src/shared/options.ts';
import { sdkVersion } from '../../src/shared/version.ts';

/** Stands for an agent that already runs, whoever has started it. */
function runningAgent(version: string): LoopscopeOptions[] {
  const joined: LoopscopeOptions[] = [];
  const empty = fillSlot({
    sdkVersion: version,
    acquire: (options) => {
      joined.push(options);
      return handleOff('joined');
    },
    probe: () => {},
    position: () => {},
    relay: () => {},
    relayed: () => {},
  });
  onTestFinished(empty);
  return joined;
}

describe('wrong options', () => {
  test.each([{ port: -1 }, { stallThresholdMs: 19 }, { unknown: 1 }])('throw at once: %j', (options) => {
    expect(() => start(options as LoopscopeOptions)).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'LOOPSCOPE_INVALID_OPTION' }),
    );
  });

  test('throw also where another agent already runs, and where none can', () => {
    const joined = runningAgent(sdkVersion);
    expect(() => start({ port: -1 })).toThrow(TypeError);
    expect(joined).toEqual([]);
  });
});

describe('an agent that already runs', () => {
  test('of this version is joined, with the options as they are given', () => {
    const joined = runningAgent(sdkVersion);
    expect(start({ port: 0 }).reason).toBe('joined');
    expect(joined).toEqual([{ port: 0 }]);
    preload();
    expect(joined).toEqual([{ port: 0 }, {}]);
  });

  test('of another version is left alone', () => {
    const joined = runningAgent('99.0.0');
    expect(start()).toMatchObject({ state: 'off', reason: expect.stringContaining('99.0.0') });
    expect(joined).toEqual([]);
  });
});

describe('where nothing is to run', () => {
  beforeEach(() => {
    vi.stubEnv('NODE_OPTIONS', '');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('a process that is no service is left alone, with a reason', () => {
    const handle = start();
    expect(handle.state).toBe('off');
    expect(handle.reason).toMatch(/\S/);
    expect(() => preload()).not.toThrow();
  });

  test('the switch is the reason that is told', () => {
    vi.stubEnv('LOOPSCOPE_DISABLED', '1');
    expect(start()).toMatchObject({ state: 'off', reason: 'LOOPSCOPE_DISABLED is set' });
  });
});

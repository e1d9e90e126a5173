import { describe, expect, test } from 'vitest';
import { signsOf } from '../../../src/agent/cause/stack-signs.ts';
import { callSite } from '../watched-life.ts';

const own = 'file:///srv/sdk/register.js';
const probe = [callSite('answerCapture', own), callSite('', '')];
const timer = [
  callSite('listOnTimeout', 'node:internal/timers'),
  callSite('processTimers', 'node:internal/timers'),
];

describe('a stack stands on a queue', () => {
  test('where Node runs ticks or promise reactions beneath it', () => {
    const queue = callSite('processTicksAndRejections', 'node:internal/process/task_queues');
    expect(signsOf([...probe, callSite('drain'), queue], own).onQueue).toBe(true);
    expect(signsOf([...probe, callSite('drain'), queue, ...timer], own).onQueue).toBe(true);
  });

  test('where nothing of Node’s is beneath it: V8 runs reactions itself', () => {
    expect(signsOf([...probe, callSite('applyEvent'), callSite('block')], own).onQueue).toBe(true);
  });

  test('not where it is a callback of the loop, nor where its foot is cut off', () => {
    expect(signsOf([...probe, callSite('sum'), ...timer], own).onQueue).toBe(false);
    expect(signsOf([...probe, ...Array.from({ length: 198 }, () => callSite('deep'))], own).onQueue).toBe(
      false,
    );
    expect(signsOf(probe, own).onQueue).toBe(false);
  });
});

describe('the function of Node that the application called', () => {
  test('is the outermost one within its innermost frame, by its public module', () => {
    const stack = [
      callSite('from', 'node:buffer'),
      callSite('pbkdf2Sync', 'node:internal/crypto/pbkdf2'),
      callSite('hashPassword'),
      ...timer,
    ];
    expect(signsOf([...probe, ...stack], own).nodeCall).toBe('node:crypto pbkdf2Sync');
  });

  test('is none where the application itself ran', () => {
    expect(signsOf([...probe, callSite('sum'), ...timer], own)).not.toHaveProperty('nodeCall');
    expect(signsOf([...probe, ...timer], own)).not.toHaveProperty('nodeCall');
  });
});

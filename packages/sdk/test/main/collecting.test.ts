import { expect, test } from 'vitest';
import { Collecting } from '../../src/main/collecting.ts';
import type { CollectionForm } from '../../src/shared/metrics-snapshot.ts';

type Question = readonly [number, CollectionForm];

function collecting(timeoutMs?: number): { asked: Question[]; collecting: Collecting } {
  const asked: Question[] = [];
  return { asked, collecting: new Collecting((...question) => asked.push(question), timeoutMs) };
}

test('those who ask while an answer is under way share it, each form its own', async () => {
  const { asked, collecting: ours } = collecting();
  const [first, second, text] = [ours.collect('text'), ours.collect('text'), ours.collect('snapshot')];
  expect(asked).toEqual([
    [1, 'text'],
    [2, 'snapshot'],
  ]);
  ours.answered({ kind: 'collected', id: 2, collection: { at: 1, metrics: [] } });
  ours.answered({ kind: 'collected', id: 1, collection: 'up 1' });
  expect(await first).toBe('up 1');
  expect(await second).toBe('up 1');
  expect(await text).toEqual({ at: 1, metrics: [] });
  void ours.collect('text').catch(() => {});
  expect(asked).toHaveLength(3);
  ours.fail('the test is over');
});

test.each([
  ['a failure', { failure: 'out of order' }, 'out of order'],
  ['nothing', {}, 'the agent has nothing to collect from'],
])('an answer of %s rejects', async (_, answer, reason) => {
  const { collecting: ours } = collecting();
  const asked = ours.collect('snapshot');
  ours.answered({ kind: 'collected', id: 1, ...answer });
  await expect(asked).rejects.toMatchObject({
    code: 'LOOPSCOPE_UNAVAILABLE',
    message: `Loopscope can't collect its metrics: ${reason}`,
  });
});

test('an agent that ends or does not answer rejects, and the next question is a new one', async () => {
  const { asked, collecting: ours } = collecting(1);
  const ended = ours.collect('text');
  ours.fail('the agent thread has ended');
  await expect(ended).rejects.toThrow('the agent thread has ended');
  await expect(ours.collect('text')).rejects.toThrow('did not answer within 1 ms');
  expect(asked).toHaveLength(2);
});

test('an answer that waits behind a block is taken, not missed', async () => {
  const { port1, port2 } = new MessageChannel();
  const ours = new Collecting((id) => port2.postMessage(id), 5);
  port1.on('message', (id: number) => ours.answered({ kind: 'collected', id, collection: 'up 1' }));
  const asked = ours.collect('text');
  const end = performance.now() + 20;
  while (performance.now() < end) {
    // Past the time that there was for it.
  }
  expect(await asked).toBe('up 1');
  port1.close();
});

test('an answer to nobody is dropped', () => {
  expect(() => collecting().collecting.answered({ kind: 'collected', id: 7 })).not.toThrow();
});

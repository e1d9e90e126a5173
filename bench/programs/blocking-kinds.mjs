// JavaScript that holds up a loop and can be interrupted. All of a block's time is spent in one
// function, the last of each kind below, so that there is one right answer to who is to blame.

export const kinds = {
  'cpu-loop': { block: (durationMs) => priceOrders(performance.now() + durationMs) },
  'regular-expression': { prepare: chooseName, block: () => validateName() },
  'sort-comparator': { block: (durationMs) => sortRows(performance.now() + durationMs) },
  'deep-recursion': { block: (durationMs) => countDescendants(2_000, performance.now() + durationMs) },
  'atomics-wait': { block: (durationMs) => takeLock(durationMs) },
  'next-tick': {
    block: (durationMs) =>
      new Promise((resolve) => process.nextTick(drainQueue, performance.now() + durationMs, resolve)),
  },
  promise: { block: (durationMs) => Promise.resolve(performance.now() + durationMs).then(applyEvents) },
};

function priceOrders(end) {
  let total = 0;
  while (performance.now() < end) {
    for (let item = 0; item < 1_000; item += 1) {
      total += Math.sqrt(item) * 1.19;
    }
  }
  return total;
}

let name = '';

// Each further letter doubles the time of the match, which so comes to the duration or up to twice it.
function chooseName(durationMs) {
  let elapsed = 0;
  for (name = 'aaaaaaaaaa!'; elapsed < 4; name = `a${name}`) {
    elapsed = Math.min(timeMatch(), timeMatch(), timeMatch());
  }
  name = 'a'.repeat(Math.ceil(Math.log2(durationMs / elapsed)) - 1) + name;
}

function timeMatch() {
  const start = performance.now();
  validateName();
  return performance.now() - start;
}

function validateName() {
  return /^(a+)+$/.test(name);
}

function sortRows(end) {
  const rows = Array.from({ length: 2_000 }, (_, index) => ({ end, key: (index * 7_919) % 2_000 }));
  return rows.sort(compareRows);
}

// As slow as it may be until the time is up; the rest of the sort is quick.
function compareRows(left, right) {
  for (let step = 0; step < 100_000 && performance.now() < left.end; step += 1);
  return left.key - right.key;
}

// Two thousand frames deep, and never long at one depth.
function countDescendants(depth, end) {
  let count = 1;
  for (let child = 0; child < 2 && depth > 0 && performance.now() < end; child += 1) {
    count += countDescendants(depth - 1, end);
  }
  return count;
}

const lock = new Int32Array(new SharedArrayBuffer(4));

function takeLock(durationMs) {
  return Atomics.wait(lock, 0, 0, durationMs);
}

// No call is long: the queue that never runs empty keeps the loop from turning.
function drainQueue(end, resolve) {
  let weight = 0;
  for (let item = 0; item < 300_000; item += 1) {
    weight += item % 7;
  }
  if (performance.now() < end) {
    process.nextTick(drainQueue, end, resolve);
  } else {
    resolve(weight);
  }
}

function applyEvents(end) {
  let weight = 0;
  for (let item = 0; item < 300_000; item += 1) {
    weight += item % 7;
  }
  return performance.now() < end ? Promise.resolve(end).then(applyEvents) : weight;
}

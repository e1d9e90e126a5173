// Keeps a number of crypto jobs on the pool, each of which starts the next, and writes down when each was
// put there and when it was done. Lengths come from a seed. Told `from` it begins a window, and told anything else
// it says how long a job that was put on the pool in that window had to wait, on average.
//
//   node full-pool.mjs <seed> <lanes>
//
// The pool takes jobs in the order in which they come. So a job that is put there as the n-th begins when
// of those before it all but (threads - 1) are done: its wait is known without asking the pool.
import { pbkdf2, scrypt } from 'node:crypto';
import { createInterface } from 'node:readline';

const [seed, lanes] = process.argv.slice(2).map(Number);
const threads = 4;
const submitted = [];
const done = [];

let state = seed >>> 0;
/** 0 to 1, the same numbers for the same seed. */
function random() {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

function submit() {
  const size = random();
  const next = () => {
    done.push(performance.now());
    submit();
  };
  submitted.push(performance.now());
  if (random() < 0.7) {
    pbkdf2('password', 'salt', Math.round(5_000 + 35_000 * size), 64, 'sha512', next);
  } else {
    scrypt('password', 'salt', 64, { N: size < 0.5 ? 4_096 : 8_192 }, next);
  }
}
for (let lane = 0; lane < lanes; lane += 1) {
  submit();
}

/** How long a job that was put on the pool at this moment had to wait. */
function waitAt(moment) {
  let before = 0;
  while (before < submitted.length && submitted[before] <= moment) {
    before += 1;
  }
  const begins = done[before - threads];
  return begins === undefined ? undefined : Math.max(0, begins - moment);
}

let from = 0;
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'from') {
    from = performance.now();
    return;
  }
  // The waits of the window's last moments are over only later; they are left out.
  const waits = [];
  for (let moment = from; moment < performance.now(); moment += 10) {
    const wait = waitAt(moment);
    if (wait !== undefined) {
      waits.push(wait);
    }
  }
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  process.stdout.write(`truth ${JSON.stringify({ meanMs: mean, jobs: done.length })}\n`);
});
process.stdout.write('full\n');

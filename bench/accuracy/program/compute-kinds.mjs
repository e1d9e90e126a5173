// Blocks that compute: each spends its time in one function of its own, so that there is one right answer
// to who is to blame. As the kinds of ../../programs/blocking-kinds.mjs, which this adds to.
import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { amountFor } from '../../../test/fixtures/blocks/calibrate.mjs';

export const stringBuilding = { block: (durationMs) => composeLetter(performance.now() + durationMs) };

// Made of small parts and made flat again, as templates do it.
function composeLetter(end) {
  let characters = 0;
  while (performance.now() < end) {
    let letter = '';
    for (let line = 0; line < 2_000; line += 1) {
      letter += `Dear customer ${line}, your order has left.\n`;
    }
    characters += letter.replaceAll('customer', 'guest').length;
  }
  return characters;
}

export const bigInteger = { block: (durationMs) => searchPrime(performance.now() + durationMs) };

function searchPrime(end) {
  let candidate = 3n ** 4_000n;
  while (performance.now() < end) {
    candidate = (candidate * candidate) % (1n << 9_000n);
  }
  return candidate;
}

let sessions;

/** An index that is copied as a whole, again and again: most of the time goes to collecting the old ones. */
export const gcPressure = {
  prepare: async () => {
    sessions = await manySessions();
  },
  block: (durationMs) => {
    reindexSessions(performance.now() + durationMs);
    // No other block's garbage is to be collected beside it.
    sessions = undefined;
  },
};

// In steps, so that this is no block itself.
async function manySessions() {
  const made = [];
  for (let index = 0; index < 300_000; index += 1) {
    made.push({ customer: index, basket: [index], note: { text: index } });
    if (index % 2_000 === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return made;
}

function reindexSessions(end) {
  let copies = [];
  while (performance.now() < end) {
    copies = [];
    for (let at = 0; at < sessions.length && (at % 2_000 !== 0 || performance.now() < end); at += 1) {
      copies.push({ ...sessions[at] });
    }
  }
  return copies.length;
}

/** No callback is long, and the loop runs them all before it turns. */
export const manyShort = {
  block: (durationMs) =>
    new Promise((resolve) => {
      const mailing = { left: Math.ceil(durationMs), resolve };
      for (let reminder = mailing.left; reminder > 0; reminder -= 1) {
        setImmediate(sendReminder, mailing);
      }
    }),
};

function sendReminder(mailing) {
  const end = performance.now() + 1;
  while (performance.now() < end);
  mailing.left -= 1;
  if (mailing.left === 0) {
    mailing.resolve();
  }
}

const rules = new URL('./tariff-rules.js', import.meta.url).pathname;
runInThisContext(readFileSync(rules, 'utf8'), { filename: rules });

/** Code that came as text, as rules and templates do. */
export const vmLoop = { block: (durationMs) => globalThis.applyRules(performance.now() + durationMs) };

// (module (func $blur (export "blur") (param i32) (local i32)
//   loop  local.get 1  i32.const 1  i32.add  local.tee 1  local.get 0  i32.lt_u  br_if 0  end))
const blurModule = new WebAssembly.Module(
  Buffer.from(
    '0061736d01000000' + // magic, version
      '01050160017f00' + // type: (i32) -> ()
      '03020100' +
      '07080104626c75720000' + // export "blur"
      '0a15011301017f0340200141016a22012000490d000b0b' +
      '000e046e616d650107010004626c7572', // its name
    'hex',
  ),
);
const { blur } = new WebAssembly.Instance(blurModule).exports;
let steps = 0;

export const webAssembly = {
  prepare: async (durationMs) => {
    steps = await amountFor(durationMs, 2_000_000, blur);
  },
  block: () => resizeImage(),
};

function resizeImage() {
  return blur(steps);
}

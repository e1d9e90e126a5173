// Whether to refuse a request, from the word that the agent writes: one read of memory while all is well.
import { type OverloadReason, reasonOf, shareOf } from '../shared/overload.ts';
import { type ThreadWords, threadWord } from '../shared/shared-words.ts';

// Held since load: an application's tests may replace it.
const { random } = Math;

/** Whether any request should be refused at present. */
export function overloaded(words: ThreadWords): boolean {
  return Atomics.load(words, threadWord.overload) !== 0;
}

/** The reason to refuse this request, which is then counted as refused; undefined where it should be served. */
export function shed(words: ThreadWords, reasons?: ReadonlySet<OverloadReason>): OverloadReason | undefined {
  const word = Atomics.load(words, threadWord.overload);
  if (word === 0) {
    return undefined;
  }
  const reason = reasonOf(word);
  if (reason === undefined || reasons?.has(reason) === false || random() * 1000 >= shareOf(word)) {
    return undefined;
  }
  Atomics.add(words, threadWord.requestsShed, 1);
  return reason;
}

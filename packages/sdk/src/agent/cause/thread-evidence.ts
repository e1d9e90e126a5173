// What the system tells of one thread, from outside of it. Its files are held open while the thread is
// watched: those of many threads would take the application's descriptors, so beyond some there is none.
import type { Contention, ContentionReader } from '../system/contention.ts';
import { type ThreadSchedule, ThreadScheduleReader } from '../thread-schedule.ts';
import { type ThreadState, ThreadStateReader } from './thread-state.ts';

const mostThreads = 16;

let threads = 0;

export class ThreadEvidence {
  readonly #taskId: number | undefined;
  readonly #contention: ContentionReader;
  #readers: { readonly schedule: ThreadScheduleReader; readonly state: ThreadStateReader } | undefined;

  /** `taskId`: the thread's id in the operating system; undefined where it is not known. */
  constructor(taskId: number | undefined, contention: ContentionReader) {
    this.#taskId = taskId;
    this.#contention = contention;
    if (taskId !== undefined && threads < mostThreads) {
      threads += 1;
      const schedule = new ThreadScheduleReader(`/proc/self/task/${taskId}/schedstat`);
      this.#readers = { schedule, state: new ThreadStateReader(taskId) };
    }
  }

  // Fields and not methods: they are handed on by themselves.
  readonly schedule = (): ThreadSchedule | undefined => this.#readers?.schedule.read();

  readonly state = (): ThreadState | undefined => this.#readers?.state.read();

  readonly contention = (): Contention =>
    this.#taskId === undefined ? {} : this.#contention.read(this.#taskId);

  stop(): void {
    if (this.#readers !== undefined) {
      threads -= 1;
      this.#readers.schedule.stop();
      this.#readers.state.stop();
      this.#readers = undefined;
    }
  }
}

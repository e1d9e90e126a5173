// V8's sampling CPU profiler on this thread, at a coarse interval. Node 26.1 and later start it by
// `v8.startCpuProfile`. Before that this function takes no interval and samples each millisecond into a
// buffer without a bound, so there it is the inspector's `console.profile`, over a session of this
// thread with itself that has no other domain enabled. Either way profiles may overlap.
import { builtin } from '../../shared/builtin.ts';

export const intervalMs = 10;
/** Far more than a profile holds before it is followed by the next: a loop may be blocked for minutes. */
const mostSamples = 30_000;

/** As the profiler gives it: JSON text, or an object that is to be made text. */
export type RawProfile = string | object;

export interface Profiler {
  /** Starts a profile; returns what stops it and gives it. */
  readonly start: () => () => RawProfile | undefined;
  readonly close: () => void;
}

/** A profiler of this thread. Throws where there can be none. */
export function createProfiler(version: string = process.versions.node): Profiler {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 26 || (major === 26 && minor >= 1) ? directProfiler() : sessionProfiler();
}

interface CpuProfiles {
  readonly startCpuProfile: (options: object) => { readonly stop: () => string };
}

function directProfiler(): Profiler {
  const { startCpuProfile } = builtin('node:v8') as unknown as CpuProfiles;
  return {
    start: () => {
      const handle = startCpuProfile({ sampleInterval: intervalMs, maxBufferSize: mostSamples });
      return () => handle.stop();
    },
    close: () => {},
  };
}

function sessionProfiler(): Profiler {
  const inspector = builtin('node:inspector');
  // Of the inspector, not the application's: it prints nothing.
  const { profile, profileEnd } = inspector.console as unknown as Record<
    'profile' | 'profileEnd',
    (title: string) => void
  >;
  const session = new inspector.Session();
  let finished: { readonly id: string; readonly profile: object } | undefined;
  let count = 0;
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: intervalMs * 1000 });
  session.on('Profiler.consoleProfileFinished', ({ params }) => {
    finished = { id: params.title ?? '', profile: params.profile };
  });
  return {
    start: () => {
      count += 1;
      const title = `loopscope ${count}`;
      profile(title);
      return () => {
        // Told before this returns; a profile of the application's own may be told too.
        profileEnd(title);
        const own = finished?.id === title ? finished.profile : undefined;
        finished = undefined;
        return own;
      };
    },
    close: () => session.disconnect(),
  };
}

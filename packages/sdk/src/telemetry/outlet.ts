// An outlet is one way out of the agent thread: the HTTP endpoint, the OTLP push. The sdk knows only
// this contract; the composition file hands the agent the outlets that the exporter package makes.
import type { CollectionForm, Collections } from '../shared/metrics-snapshot.ts';
import type { ResolvedOptions } from '../shared/options.ts';
import type { AlertSink } from './alert-sink.ts';
import type { TelemetrySource } from './telemetry-source.ts';

/** What every outlet is given. */
export interface OutletContext {
  readonly source: TelemetrySource;
  readonly alerts: AlertSink;
  readonly options: ResolvedOptions;
  readonly sdkVersion: string;
  /** Told by the outlet that has an address, once it listens. */
  listening(url: string): void;
  /** Says one line to the user, once per text: bad configuration, a port that is taken. */
  say(line: string): void;
  /** Says one line to whoever debugs Loopscope (`NODE_DEBUG=loopscope`). */
  debug(line: string): void;
}

export interface Outlet {
  readonly name: string;
  /** Sends what is pending; resolves when it is sent or given up. Called before the process exits. */
  flush(): Promise<void>;
  stop(): Promise<void>;
  /** The metrics as they are now, for the application's own thread; rejects where they can't be had. */
  collect?<Form extends CollectionForm>(form: Form): Promise<Collections[Form]>;
}

/** Returns undefined where the options do not ask for this outlet. Never throws. */
export type OutletFactory = (context: OutletContext) => Outlet | undefined;

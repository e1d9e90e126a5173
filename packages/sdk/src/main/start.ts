// `start()` and the preload meet here: whoever comes first starts the process's agent, whoever comes
// later joins it as another owner. A worker thread joins the agent of its process.
import { builtin } from '../shared/builtin.ts';
import type { CollectionForm, Collections } from '../shared/metrics-snapshot.ts';
import type { LoopscopeOptions } from '../shared/options.ts';
import { readEnvironment, resolveOptions, validateOptions } from '../shared/resolve-options.ts';
import { debugTo, sayOnce } from '../shared/say.ts';
import { sdkVersion } from '../shared/version.ts';
import { applicationEnvironment } from './application-environment.ts';
import { collectionFailure } from './collecting.ts';
import { reasonToStayOff, unsupportedRuntime } from './eligibility.ts';
import { handleOff, type LoopscopeHandle } from './handle.ts';
import { type AlertListener, LocalAgent, type StallListener } from './local-agent.ts';
import { findAgent } from './process-agent.ts';
import { fillSlot, readSlot } from './slot.ts';
import { validateTaskChange } from './task-change.ts';
import { ThreadMember } from './thread-member.ts';

const { join } = builtin('node:path');
const { isDeepStrictEqual } = builtin('node:util');
const { isMainThread } = builtin('node:worker_threads');

/**
 * Starts watching this process's event loop, or joins the agent that already does. In a worker thread
 * it has that thread watched by the agent of its process, where there is one.
 *
 * @throws TypeError with code `LOOPSCOPE_INVALID_OPTION`, naming the option and the value received.
 * Nothing else is thrown: where no agent can run, the handle's `state` is `off` with its `reason`.
 */
export function start(options: LoopscopeOptions = {}): LoopscopeHandle {
  return startValidated(validateOptions(options));
}

/** The preload: never throws, whatever the environment holds. */
export function preload(): void {
  try {
    startValidated({});
  } catch (error) {
    debug(`preload failed: ${String(error)}`);
  }
}

function startValidated(options: LoopscopeOptions): LoopscopeHandle {
  const slot = readSlot();
  if (slot !== undefined && slot.sdkVersion !== sdkVersion) {
    return off(`another version, ${slot.sdkVersion}, already watches this process`);
  }
  return slot === undefined ? startAgent(options) : slot.acquire(options);
}

function startAgent(options: LoopscopeOptions): LoopscopeHandle {
  const variables = applicationEnvironment();
  const environment = readEnvironment(variables);
  if (environment.disabled) {
    return off('LOOPSCOPE_DISABLED is set');
  }
  if (!isMainThread) {
    return joinProcess();
  }
  const reason = reasonToStayOff();
  if (reason !== undefined) {
    return off(reason);
  }
  environment.complaints.forEach(sayOnce);
  try {
    const nodeMajor = Number.parseInt(process.versions.node, 10);
    const resolved = resolveOptions(options, environment.options, variables, nodeMajor);
    return own(new LocalAgent(resolved, join(import.meta.dirname, 'agent-thread.cjs')));
  } catch (error) {
    return off(`the agent could not start: ${String(error)}`);
  }
}

// What the process's environment complains of, its main thread has said.
function joinProcess(): LoopscopeHandle {
  const found = unsupportedRuntime() ?? findAgent();
  if (typeof found === 'string') {
    return off(found);
  }
  try {
    return own(new ThreadMember(found));
  } catch (error) {
    return off(`this thread could not join: ${String(error)}`);
  }
}

/** An agent, or a thread's membership in one. */
type Owned = Pick<
  LocalAgent,
  | 'url'
  | 'overloaded'
  | 'shed'
  | 'addListener'
  | 'addAlertListener'
  | 'setTasks'
  | 'probe'
  | 'position'
  | 'stop'
> &
  Partial<Pick<LocalAgent, 'relay' | 'collect'>> &
  Partial<Pick<ThreadMember, 'relayed'>> & {
    readonly options: LocalAgent['options'] | ThreadMember['options'];
  };

/** Puts the agent in the slot and hands out its first hold. */
function own(agent: Owned): LoopscopeHandle {
  const owners = new Set<object>();
  const empty = fillSlot({
    sdkVersion,
    acquire: (options) => {
      sayDifferences(options, agent);
      return hold();
    },
    probe: (id) => agent.probe(id),
    position: (file, line, column) => agent.position(file, line, column),
    relay: (threadId, call) => agent.relay?.(threadId, call),
    relayed: (relay, call) => agent.relayed?.(relay, call),
  });
  const hold = (): LoopscopeHandle => {
    const owner = {};
    const undo = new Set<() => void>();
    owners.add(owner);
    const release = async (): Promise<void> => {
      owners.delete(owner);
      for (const each of undo) {
        each();
      }
      if (owners.size === 0) {
        empty();
        await agent.stop();
      }
    };
    let released: Promise<void> | undefined;
    const collect = <Form extends CollectionForm>(form: Form): Promise<Collections[Form]> => {
      const refusal = released === undefined ? 'ask on the main thread' : 'this handle is stopped';
      return (
        (released === undefined ? agent.collect?.(form) : undefined) ??
        Promise.reject(collectionFailure(refusal))
      );
    };
    return {
      get state() {
        return released === undefined ? 'running' : 'stopped';
      },
      exporters: agent.options.exporters,
      get url() {
        return agent.url;
      },
      on: (event: 'stall' | 'alert', listener: StallListener | AlertListener) => {
        const remove = listen(agent, event, listener);
        undo.add(remove);
        return remove;
      },
      setTasks: (level, options) => {
        const change = validateTaskChange(level, options);
        if (released === undefined) {
          agent.setTasks(change);
        }
      },
      get overloaded() {
        return released === undefined && agent.overloaded;
      },
      shed: (reasons) => (released === undefined ? agent.shed(reasons) : undefined),
      collect: () => collect('snapshot'),
      scrape: () => collect('text'),
      stop: () => (released ??= release()),
    };
  };
  return hold();
}

function listen(agent: Owned, event: 'stall' | 'alert', listener: StallListener | AlertListener): () => void {
  if ((event !== 'stall' && event !== 'alert') || typeof listener !== 'function') {
    throw new TypeError(
      `Loopscope handle.on: received ${String(event)}, expected 'stall' or 'alert', and a function`,
    );
  }
  return event === 'stall'
    ? agent.addListener(listener as StallListener)
    : agent.addAlertListener(listener as AlertListener);
}

function sayDifferences(options: LoopscopeOptions, agent: Owned): void {
  const different = Object.entries(options).filter(
    ([name, value]) =>
      value !== undefined &&
      !isDeepStrictEqual(value, (agent.options as LoopscopeOptions)[name as keyof LoopscopeOptions]),
  );
  if (different.length > 0) {
    const names = different.map(([name]) => name).join(', ');
    sayOnce(`the agent already runs; these options of start() differ from its own and are ignored: ${names}`);
  }
}

function off(reason: string): LoopscopeHandle {
  debug(`off: ${reason}`);
  return handleOff(reason);
}

function debug(line: string): void {
  debugTo(/\bloopscope\b/i.test(process.env['NODE_DEBUG'] ?? ''))(line);
}

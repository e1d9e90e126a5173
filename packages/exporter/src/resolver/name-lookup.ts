// Names to addresses without `dns.lookup`, whose getaddrinfo runs on the application's libuv pool: it
// would wait there behind the application's work, hold it up, and delay the process's exit until a
// silent resolver gives up. c-ares waits on sockets instead. What it leaves out is done here: the hosts
// file, `localhost`, and the search list.
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { addressesInHosts } from './hosts-file.ts';
import { namesToAsk, parseResolvConf } from './search-list.ts';
import { textFile } from './text-file.ts';

/** The queries of `dns.Resolver` that are used. */
export interface Queries {
  resolve4(name: string, callback: (error: Error | null, addresses: string[]) => void): void;
  resolve6(name: string, callback: (error: Error | null, addresses: string[]) => void): void;
  cancel(): void;
}

export interface NameLookupOptions {
  readonly hostsPath?: string;
  readonly resolvConfPath?: string;
  readonly createQueries?: () => Queries;
}

export interface NameLookup {
  /** For the `lookup` option of `net.connect` and of http agents. */
  readonly lookup: LookupFunction;
  /** Ends the queries under way: their lookups fail. */
  cancel(): void;
}

// As long as one server stays silent before the next is asked, and how often each is.
const queryMs = 2_000;
const queryTries = 2;
/** How long an IPv4 answer waits for the IPv6 one: some resolvers drop questions for AAAA. */
const otherFamilyMs = 250;

const windowsHosts = 'C:\\Windows\\System32\\drivers\\etc\\hosts';

/** A lookup of its own resolver, so that cancelling it touches nobody else's queries. */
export function createNameLookup(options: NameLookupOptions = {}): NameLookup {
  const hosts = textFile(options.hostsPath ?? (process.platform === 'win32' ? windowsHosts : '/etc/hosts'));
  const resolvConf = textFile(options.resolvConfPath ?? '/etc/resolv.conf');
  const createQueries = options.createQueries ?? createResolver;
  let configuration: string | undefined;
  let queries: Queries | undefined;

  // c-ares reads its servers when it is made: made anew when resolv.conf has changed, as it does on a
  // laptop that moves between networks.
  const currentQueries = (): Queries => {
    const text = resolvConf();
    if (queries === undefined || text !== configuration) {
      queries?.cancel();
      queries = createQueries();
      configuration = text;
    }
    return queries;
  };

  const addressesOf = async (name: string): Promise<readonly string[]> => {
    const listed = isIP(name) === 0 ? addressesInHosts(hosts(), name) : [name];
    if (listed.length > 0) {
      return listed;
    }
    if (/^(.+\.)?localhost\.?$/i.test(name)) {
      return ['127.0.0.1', '::1'];
    }
    const resolver = currentQueries();
    let failure = notFound(name);
    for (const absolute of namesToAsk(name, parseResolvConf(resolvConf()))) {
      try {
        return await ask(resolver, absolute);
      } catch (error) {
        failure = error as Error;
        // Silence and refusal will meet the next name too; a name that isn't there won't.
        if (!['ENOTFOUND', 'ENODATA', 'ESERVFAIL'].includes(codeOf(error))) {
          break;
        }
      }
    }
    throw failure;
  };

  return {
    lookup: (name, { all, family }, callback) => {
      void addressesOf(name)
        .then((found) => {
          const addresses = found
            .map((address): LookupAddress => ({ address, family: isIP(address) }))
            .filter((entry) => !family || entry.family === Number(String(family).replace('IPv', '')));
          const [first] = addresses;
          if (first === undefined) {
            throw notFound(name);
          }
          return () =>
            all === true ? callback(null, addresses) : callback(null, first.address, first.family);
        })
        .catch((error: NodeJS.ErrnoException) => () => callback(error, []))
        // Out of the promise: what the callback throws is not a failure of the lookup.
        .then((deliver) => process.nextTick(deliver));
    },
    cancel: () => queries?.cancel(),
  };
}

/** Both families at once; IPv4 first, since the caller tries the addresses side by side anyway. */
async function ask(queries: Queries, name: string): Promise<readonly string[]> {
  const four = settle((callback) => queries.resolve4(name, callback));
  const six = settle((callback) => queries.resolve6(name, callback));
  const first = await four;
  const second = first.addresses.length > 0 ? await withinOtherFamilyTime(six) : await six;
  const addresses = [...first.addresses, ...second.addresses];
  if (addresses.length === 0) {
    throw first.error ?? second.error ?? notFound(name);
  }
  return addresses;
}

interface Settled {
  readonly addresses: readonly string[];
  readonly error?: Error;
}

function settle(
  query: (callback: (error: Error | null, addresses: string[]) => void) => void,
): Promise<Settled> {
  return new Promise((resolve) => {
    query((error, addresses) => resolve(error === null ? { addresses } : { addresses: [], error }));
  });
}

async function withinOtherFamilyTime(answer: Promise<Settled>): Promise<Settled> {
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<Settled>((resolve) => {
    timer = setTimeout(() => resolve({ addresses: [] }), otherFamilyMs);
  });
  const settled = await Promise.race([answer, givenUp]);
  clearTimeout(timer);
  return settled;
}

// Loaded at the first name that no file gives: most collectors are at an address or on localhost.
function createResolver(): Queries {
  const { Resolver } = process.getBuiltinModule('node:dns');
  return new Resolver({ timeout: queryMs, tries: queryTries });
}

function notFound(name: string): Error {
  return Object.assign(new Error(`${name} has no address`), { code: 'ENOTFOUND' });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

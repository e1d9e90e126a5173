import { type LookupAddress, Resolver } from 'node:dns';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createNameLookup, type NameLookup } from '../../src/resolver/name-lookup.ts';
import { type DnsServer, openDnsServer, type Zone } from '../support/dns-server.ts';

const servers: DnsServer[] = [];
let folder = '';
let hostsPath = '';
let resolvConfPath = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'name-lookup-'));
  hostsPath = join(folder, 'hosts');
  resolvConfPath = join(folder, 'resolv.conf');
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(
  zone: Zone,
  { silentTypes = [], queryMs = 3000 }: { silentTypes?: readonly string[]; queryMs?: number } = {},
): Promise<{ names: NameLookup; dns: DnsServer }> {
  const dns = await openDnsServer(zone, silentTypes);
  servers.push(dns);
  const createQueries = (): Resolver => {
    const resolver = new Resolver({ timeout: queryMs, tries: 2 });
    resolver.setServers([dns.address]);
    return resolver;
  };
  return { names: createNameLookup({ hostsPath, resolvConfPath, createQueries }), dns };
}

function lookup({ lookup: look }: NameLookup, name: string, family = 0): Promise<string[]> {
  return new Promise((resolve, reject) => {
    look(name, { all: true, family }, (error, addresses) => {
      if (error) {
        reject(error);
      } else {
        resolve((addresses as LookupAddress[]).map(({ address }) => address));
      }
    });
  });
}

describe('a name', () => {
  test('is asked for in both families', async () => {
    const { names, dns } = await serve({ collector: ['10.0.0.1', '10.0.0.2', 'fd00:0:0:0:0:0:0:1'] });
    expect((await lookup(names, 'collector')).sort()).toEqual(['10.0.0.1', '10.0.0.2', 'fd00::1']);
    expect([...dns.questions].sort()).toEqual(['collector A', 'collector AAAA']);
  });

  test('that has one family is found in it alone', async () => {
    const { names } = await serve({ four: ['10.0.0.1'], six: ['fd00:0:0:0:0:0:0:1'] });
    expect(await lookup(names, 'four')).toEqual(['10.0.0.1']);
    expect(await lookup(names, 'six')).toEqual(['fd00::1']);
    await expect(lookup(names, 'four', 6)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  test('is given as one address to who wants one', async () => {
    const { names } = await serve({ collector: ['10.0.0.1'] });
    const one = await new Promise((resolve) => {
      names.lookup('collector', {}, (error, address, family) => resolve([error, address, family]));
    });
    expect(one).toEqual([null, '10.0.0.1', 4]);
  });

  test('is followed through its alias', async () => {
    const { names } = await serve({ collector: { alias: 'real.example' }, 'real.example': ['10.0.0.7'] });
    expect(await lookup(names, 'collector')).toEqual(['10.0.0.7']);
  });

  test('whose aliases lead in a circle is an error', async () => {
    const { names } = await serve({ a: { alias: 'b' }, b: { alias: 'a' } });
    await expect(lookup(names, 'a')).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
  });

  test('that is not there is an error', async () => {
    const { names } = await serve({});
    await expect(lookup(names, 'nowhere.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  test('that no server answers is an error, after one round and not one for each search domain', async () => {
    writeFileSync(resolvConfPath, 'search a.example b.example');
    const { names, dns } = await serve({ 'collector.a.example': 'silent' }, { queryMs: 50 });
    await expect(lookup(names, 'collector')).rejects.toMatchObject({ code: 'ETIMEOUT' });
    expect(new Set(dns.questions)).toEqual(new Set(['collector.a.example A', 'collector.a.example AAAA']));
  });

  test('is found where the server drops questions for AAAA', async () => {
    const { names } = await serve({ collector: ['10.0.0.1'] }, { silentTypes: ['AAAA'] });
    expect(await lookup(names, 'collector')).toEqual(['10.0.0.1']);
  });

  test('is an error at once when the lookups are cancelled', async () => {
    const { names } = await serve({ collector: 'silent' });
    const failed = expect(lookup(names, 'collector')).rejects.toMatchObject({ code: 'ECANCELLED' });
    await new Promise((resolve) => setImmediate(resolve));
    names.cancel();
    await failed;
  });

  test.each(['', 'a..b', 'x'.repeat(300), 'a\0b', 'ä.example'])(
    'that is malformed (%j) is an error',
    async (name) => {
      const { names } = await serve({});
      await expect(lookup(names, name)).rejects.toBeInstanceOf(Error);
    },
  );
});

describe('the search list', () => {
  test('finds a service by its short name, and asks in order', async () => {
    writeFileSync(resolvConfPath, 'search ns.svc.cluster.local svc.cluster.local\noptions ndots:5');
    const { names, dns } = await serve({ 'collector.observability.svc.cluster.local': ['10.0.0.5'] });
    expect(await lookup(names, 'collector.observability')).toEqual(['10.0.0.5']);
    expect(dns.questions.filter((question) => question.endsWith(' A'))).toEqual([
      'collector.observability.ns.svc.cluster.local A',
      'collector.observability.svc.cluster.local A',
    ]);
  });

  test('goes on after a domain whose server fails, or that knows the name without addresses', async () => {
    writeFileSync(resolvConfPath, 'search fails.example empty.example good.example');
    const { names } = await serve({
      'c.fails.example': 'fails',
      'c.empty.example': [],
      'c.good.example': ['10.0.0.6'],
    });
    expect(await lookup(names, 'c')).toEqual(['10.0.0.6']);
  });

  test('that changes is used at the next lookup', async () => {
    writeFileSync(resolvConfPath, 'search old.example');
    const { names } = await serve({ 'c.new.example': ['10.0.0.8'] });
    await expect(lookup(names, 'c')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    writeFileSync(resolvConfPath, 'search new.example # moved');
    expect(await lookup(names, 'c')).toEqual(['10.0.0.8']);
  });
});

test('name servers are read anew when resolv.conf has changed, and only then', async () => {
  const dns = await openDnsServer({ c: ['10.0.0.1'] });
  servers.push(dns);
  let made = 0;
  const createQueries = (): Resolver => {
    made += 1;
    const resolver = new Resolver();
    resolver.setServers([dns.address]);
    return resolver;
  };
  const names = createNameLookup({ hostsPath, resolvConfPath, createQueries });
  await lookup(names, 'c');
  await lookup(names, 'c');
  expect(made).toBe(1);
  writeFileSync(resolvConfPath, 'nameserver 10.0.0.53');
  await lookup(names, 'c');
  expect(made).toBe(2);
});

describe('no server is asked', () => {
  test('for a name of the hosts file, which is read again when it changes', async () => {
    const { names, dns } = await serve({});
    writeFileSync(hostsPath, '10.9.9.9 collector\n');
    expect(await lookup(names, 'collector')).toEqual(['10.9.9.9']);
    writeFileSync(hostsPath, '10.9.9.10 collector\n::1 collector\n');
    expect(await lookup(names, 'Collector')).toEqual(['10.9.9.10', '::1']);
    expect(dns.questions).toEqual([]);
  });

  test('for localhost and what is under it, whatever the hosts file lacks', async () => {
    const { names, dns } = await serve({});
    expect(await lookup(names, 'localhost')).toEqual(['127.0.0.1', '::1']);
    expect(await lookup(names, 'otel.localhost.', 6)).toEqual(['::1']);
    expect(dns.questions).toEqual([]);
  });

  test('for an address', async () => {
    const { names, dns } = await serve({});
    expect([await lookup(names, '10.1.1.1'), await lookup(names, '::1')]).toEqual([['10.1.1.1'], ['::1']]);
    expect(dns.questions).toEqual([]);
  });
});

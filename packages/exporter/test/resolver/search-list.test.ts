import { describe, expect, test } from 'vitest';
import { namesToAsk, parseResolvConf } from '../../src/resolver/search-list.ts';

describe('resolv.conf', () => {
  test('of a Kubernetes pod', () => {
    const text = [
      'search observability.svc.cluster.local svc.cluster.local cluster.local',
      'nameserver 10.96.0.10',
      'options ndots:5',
    ].join('\n');
    expect(parseResolvConf(text)).toEqual({
      search: ['observability.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      ndots: 5,
    });
  });

  test('counts the last of search and domain, and skips comments', () => {
    const text = 'search a b # c\n;search x\ndomain d e\noptions timeout:1 ndots:2 # ndots:9\n';
    expect(parseResolvConf(text)).toEqual({ search: ['d'], ndots: 2 });
  });

  test('is bounded, whatever it says', () => {
    const { search, ndots } = parseResolvConf(`search ${'x '.repeat(1000)}\noptions ndots:99999999`);
    expect([search.length, ndots]).toEqual([32, 15]);
    expect(parseResolvConf('')).toEqual({ search: [], ndots: 1 });
    expect(parseResolvConf('options ndots:x ndots:-1')).toEqual({ search: [], ndots: 1 });
  });
});

describe('the names to ask for', () => {
  const pod = { search: ['ns.svc.cluster.local', 'svc.cluster.local'], ndots: 5 };

  test('go through the search list first where the name has few dots', () => {
    expect(namesToAsk('collector.observability', pod)).toEqual([
      'collector.observability.ns.svc.cluster.local',
      'collector.observability.svc.cluster.local',
      'collector.observability',
    ]);
  });

  test('begin with the name itself where it has as many dots as ndots', () => {
    expect(namesToAsk('a.example.com', { search: ['lan'], ndots: 1 })).toEqual([
      'a.example.com',
      'a.example.com.lan',
    ]);
  });

  test('are the name alone where it ends in a dot, or there is no search list', () => {
    expect(namesToAsk('collector.', pod)).toEqual(['collector']);
    expect(namesToAsk('collector', { search: [], ndots: 1 })).toEqual(['collector']);
  });

  test('take the root as a search domain, and none twice', () => {
    expect(namesToAsk('collector', { search: ['.', 'lan', 'lan.'], ndots: 1 })).toEqual([
      'collector',
      'collector.lan',
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { findCgroupFolders } from '../../../src/agent/system/cgroup-folders.ts';
import { hybrid, namespaced, version1Container, version2 } from './recorded-files.ts';

const find = ({ cgroup, mountinfo }: { cgroup: string; mountinfo: string }) =>
  findCgroupFolders(cgroup, mountinfo);

test("with version 2, all is in the process's own folder and those above it", () => {
  const own = {
    version: 2,
    folders: ['/sys/fs/cgroup/system.slice/shop.service', '/sys/fs/cgroup/system.slice', '/sys/fs/cgroup'],
  };
  expect(find(version2)).toEqual({ cpu: own, memory: own, pressure: own });
});

test('with a cgroup namespace, the mount is the own group', () => {
  const own = { version: 2, folders: ['/sys/fs/cgroup'] };
  expect(find(namespaced)).toEqual({ cpu: own, memory: own, pressure: own });
});

test("with version 1 in a container, the host's path is taken off", () => {
  expect(find(version1Container)).toEqual({
    cpu: { version: 1, folders: ['/sys/fs/cgroup/cpu,cpuacct'] },
    memory: { version: 1, folders: ['/sys/fs/cgroup/memory'] },
  });
});

test('with both, each controller is looked for where it is', () => {
  expect(find(hybrid)).toEqual({
    cpu: { version: 1, folders: ['/sys/fs/cgroup/cpu/jobs', '/sys/fs/cgroup/cpu'] },
    memory: {
      version: 1,
      folders: ['/sys/fs/cgroup/memory/jobs/e4b6', '/sys/fs/cgroup/memory/jobs', '/sys/fs/cgroup/memory'],
    },
    pressure: { version: 2, folders: ['/sys/fs/cgroup/unified/jobs', '/sys/fs/cgroup/unified'] },
  });
});

test('a folder with a space in its name is found', () => {
  const found = find({
    cgroup: '0::/my jobs\n',
    mountinfo: '41 31 0:38 / /run/my\\040groups rw - cgroup2 cgroup2 rw\n',
  });
  expect(found.cpu?.folders).toEqual(['/run/my groups/my jobs', '/run/my groups']);
});

test('of several mounts the one that holds the own group is taken', () => {
  const found = find({
    cgroup: '0::/a/b\n',
    mountinfo: `41 31 0:38 /other /run/other rw - cgroup2 cgroup2 rw
42 31 0:38 /a /run/a rw - cgroup2 cgroup2 rw
`,
  });
  expect(found.cpu?.folders).toEqual(['/run/a/b', '/run/a']);
});

describe('nothing is found', () => {
  test.each([
    ['where there are no groups', '', version2.mountinfo],
    ['where none is mounted', version2.cgroup, '27 1 259:1 / / rw,relatime - ext4 /dev/root rw\n'],
    ['where the process was moved out of its namespace', '0::/../elsewhere\n', namespaced.mountinfo],
    ['in text of another kind', 'no such thing\n\0\n', '- - -\n\n - cgroup2\n'],
    ['where a controller of version 1 is not mounted', '4:cpu,memory:/\n', namespaced.mountinfo],
  ])('%s', (_where, cgroup, mountinfo) => {
    expect(find({ cgroup, mountinfo })).toEqual({});
  });
});

// Texts of /proc and of control groups as real systems have them.

/** Files in memory, read as those of the system are. */
export function filesOf(files: Readonly<Record<string, string>>): (path: string) => string | undefined {
  return (path) => files[path];
}

/** Version 2, as a service of systemd sees it. */
export const version2 = {
  cgroup: '0::/system.slice/shop.service\n',
  mountinfo: `22 27 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
26 22 0:23 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
27 1 259:1 / / rw,relatime shared:1 - ext4 /dev/root rw,discard
`,
} as const;

/** Version 2 in a container that has a cgroup namespace of its own. */
export const namespaced = {
  cgroup: '0::/\n',
  mountinfo: `610 533 0:62 / / rw,relatime master:1 - overlay overlay rw,lowerdir=/var/lib/a:/var/lib/b
629 610 0:28 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime master:9 - cgroup2 cgroup rw,nsdelegate
`,
} as const;

/** Version 1 in a container without such a namespace: its own group is mounted, known by the host's path. */
export const version1Container = {
  cgroup: `12:memory:/docker/4f0a
11:cpu,cpuacct:/docker/4f0a
3:pids:/docker/4f0a
1:name=systemd:/docker/4f0a
`,
  mountinfo: `1254 1253 0:30 /docker/4f0a /sys/fs/cgroup/cpu,cpuacct ro,nosuid,nodev,noexec,relatime master:12 - cgroup cgroup rw,cpu,cpuacct
1255 1253 0:31 /docker/4f0a /sys/fs/cgroup/memory ro,nosuid,nodev,noexec,relatime master:13 - cgroup cgroup rw,memory
`,
} as const;

/** Both at once: the controllers in version 1, and version 2 beside them for what is left. */
export const hybrid = {
  cgroup: `9:name=systemd:/
4:memory:/jobs/e4b6
2:cpuacct:/
1:cpu:/jobs
0::/jobs
`,
  mountinfo: `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`,
} as const;

export const cpuStatisticsOfVersion1 = `nr_periods 1203
nr_throttled 87
throttled_time 4521098765
nr_bursts 0
burst_time 0
`;

export const cpuStatisticsOfVersion2 = `usage_usec 98123456
user_usec 70123456
system_usec 28000000
nr_periods 1203
nr_throttled 87
throttled_usec 4521098
nr_bursts 0
burst_usec 0
`;

/** Of a group whose parent does not hand it the CPU controller. */
export const cpuStatisticsWithoutController = `usage_usec 98123456
user_usec 70123456
system_usec 28000000
`;

export const pressure = `some avg10=9.85 avg60=5.03 avg300=3.92 total=34107254
full avg10=0.00 avg60=0.00 avg300=0.00 total=1250
`;

/** As `/proc/self/stat` has it, of a command with an unpleasant name. */
export const processStatistics =
  '7 (node) 3 (x) S 1 7 7 0 -1 4194304 6137 0 12 0 28 9 0 0 20 0 12 0 812345 1124007936 11892 18446744073709551615 1 1 0 0 0 0 0 4096 134234626 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n';

export const limits = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max open files            20000                524288               files     
Max locked memory         8388608              8388608              bytes     
`;

/** A process in a container with every limit there is. */
export function limitedSystem(taskId: number): {
  readonly read: (path: string) => string | undefined;
  readonly readMounts: () => string;
} {
  return {
    readMounts: () => namespaced.mountinfo,
    read: filesOf({
      '/proc/self/cgroup': namespaced.cgroup,
      '/proc/self/stat': processStatistics,
      '/proc/self/limits': limits,
      [`/proc/self/task/${taskId}/schedstat`]: '2500000000 1500000000 12\n',
      '/sys/fs/cgroup/cpu.max': '150000 100000\n',
      '/sys/fs/cgroup/cpu.stat': cpuStatisticsOfVersion2,
      '/sys/fs/cgroup/memory.max': '536870912\n',
      '/sys/fs/cgroup/memory.current': '29831168\n',
      '/sys/fs/cgroup/cpu.pressure': pressure,
      '/sys/fs/cgroup/memory.pressure': pressure,
      '/sys/fs/cgroup/io.pressure': pressure,
    }),
  };
}

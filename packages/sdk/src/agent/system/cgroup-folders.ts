// Where the files of this process's control groups are: found by what /proc/self/cgroup and
// /proc/self/mountinfo say, with version 1, version 2 and both at once. Pure.

/** A process's group in one hierarchy. */
export interface CgroupFolder {
  readonly version: 1 | 2;
  /** The process's own group first, then its ancestors as far as they are mounted. */
  readonly folders: readonly string[];
}

export interface CgroupFolders {
  readonly cpu?: CgroupFolder;
  readonly memory?: CgroupFolder;
  /** Version 2 alone has files of pressure. */
  readonly pressure?: CgroupFolder;
}

interface Mount {
  /** The group that is mounted there, as seen in the process's cgroup namespace. */
  readonly root: string;
  readonly point: string;
  readonly type: string;
  /** In version 1 the controllers are among them. */
  readonly options: readonly string[];
}

/** `cgroup` and `mountinfo` are the texts of those files of `/proc/self`. */
export function findCgroupFolders(cgroup: string, mountinfo: string): CgroupFolders {
  const mounts = parseMounts(mountinfo);
  const memberships = parseMemberships(cgroup);
  const unified = memberships.find(({ controllers }) => controllers.length === 0);
  const version2 =
    unified &&
    folderOf(
      2,
      unified.path,
      mounts.filter(({ type }) => type === 'cgroup2'),
    );
  const of = (controller: string): CgroupFolder | undefined => {
    const own = memberships.find(({ controllers }) => controllers.includes(controller));
    const version1 = mounts.filter(({ type, options }) => type === 'cgroup' && options.includes(controller));
    // Listed with version 1 and mounted nowhere, it is out of sight, and version 2 does not have it.
    return own === undefined ? version2 : folderOf(1, own.path, version1);
  };
  const cpu = of('cpu');
  const memory = of('memory');
  return {
    ...(cpu && { cpu }),
    ...(memory && { memory }),
    ...(version2 && { pressure: version2 }),
  };
}

function parseMemberships(text: string): { controllers: readonly string[]; path: string }[] {
  return lines(text).flatMap((line) => {
    const [, , controllers, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    return controllers === undefined || path === undefined
      ? []
      : [{ controllers: controllers.split(',').filter((each) => each !== ''), path }];
  });
}

function parseMounts(text: string): Mount[] {
  return lines(text).flatMap((line) => {
    const [place = '', system = ''] = line.split(' - ');
    const [, , , root, point] = place.split(' ');
    const [type = '', , options = ''] = system.split(' ');
    return root === undefined || point === undefined || !type.startsWith('cgroup')
      ? []
      : [{ root: unescaped(root), point: unescaped(point), type, options: options.split(',') }];
  });
}

function folderOf(version: 1 | 2, path: string, mounts: readonly Mount[]): CgroupFolder | undefined {
  // A process that was moved out of its cgroup namespace has no folder that it could see.
  if (path.split('/').includes('..')) {
    return undefined;
  }
  const mount = mounts.find(({ root }) => below(root, path) !== undefined) ?? mounts[0];
  if (mount === undefined) {
    return undefined;
  }
  // What is mounted for a container is mostly its own group, under whatever path the host knows it.
  const names = (below(mount.root, path) ?? '').split('/').filter((name) => name !== '');
  const folders = [mount.point];
  for (const name of names) {
    folders.unshift(`${folders[0] === '/' ? '' : folders[0]}/${name}`);
  }
  return { version, folders };
}

/** The rest of a path below a root; undefined where it is not below it. */
function below(root: string, path: string): string | undefined {
  if (root === '/') {
    return path;
  }
  return path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** The kernel writes spaces and the like as octal numbers. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

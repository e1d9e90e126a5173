// A mount namespace of its own, in which a test may change what a program sees of the file system.
import { spawnSync } from 'node:child_process';

const candidates: readonly (readonly string[])[] = [
  ['unshare', '--mount'],
  ['unshare', '--map-root-user', '--mount'],
];

/** The command that makes one, in front of another command; undefined where none can be had. */
export const privateMounts: readonly string[] | undefined = candidates.find(
  ([file = '', ...args]) => spawnSync(file, [...args, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0,
);

// Tools that are native programs come as one optional package per platform. Where a registry does not
// serve all of them, as a mirror may, `npm install` leaves the missing ones out of the lock file, and
// `npm ci` then refuses that file on every machine. What a lock file has to say of a package that no
// Linux machine installs is its version and its platform, and both can be told from its name.

export interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly license?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The `packages` of a lock file, by the folder that each is installed in. */
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** Entries for the platform packages that the lock file leaves out. They carry no integrity. */
export function missingPlatformPackages(packages: LockedPackages): LockedPackages {
  const missing: Record<string, LockedPackage> = {};
  for (const [folder, parent] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      // Only a package for one platform is asked for by an exact version.
      if (platform === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
        continue;
      }
      const found = resolvePackage({ ...packages, ...missing }, folder, name);
      if (found?.version !== version) {
        const { dev, license, engines } = parent;
        // Beside the others at the top, or below its parent where another version is there already.
        const place = found === undefined ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
        missing[place] = {
          version,
          ...(dev !== undefined && { dev }),
          ...(license !== undefined && { license }),
          ...(engines !== undefined && { engines }),
          optional: true,
          ...platform,
        };
      }
    }
  }
  return missing;
}

/** The package that a name means for code in a folder, as Node looks it up. */
function resolvePackage(packages: LockedPackages, folder: string, name: string): LockedPackage | undefined {
  for (let at = folder; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    const found = packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`];
    if (found !== undefined || at === '') {
      return found;
    }
  }
}

const systems = 'android|darwin|freebsd|linux|openharmony|win32';
const processors = 'arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64';
const platformName = new RegExp(
  `[/-](${systems})-(${processors})(?:-(eabi|gnu|gnueabihf|msvc|musl|musleabihf))?$`,
);

function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | undefined {
  if (name.endsWith('-wasm32-wasi')) {
    return { cpu: ['wasm32'] };
  }
  const [, os, cpu, abi] = platformName.exec(name) ?? [];
  if (os === undefined || cpu === undefined) {
    return undefined;
  }
  const libc = os !== 'linux' || abi === undefined ? undefined : abi.startsWith('musl') ? 'musl' : 'glibc';
  return { cpu: [cpu], ...(libc !== undefined && { libc: [libc] }), os: [os] };
}

// The licences of packages that were copied into a bundle, as each of them asks for.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildFailure } from './target.ts';

/** One section for each licence text, headed by the packages that the modules came from. */
export function thirdPartyLicenses(bundle: string, moduleIds: readonly string[]): string {
  const folders = new Set(moduleIds.flatMap((id) => packageFolder(id) ?? []));
  const packagesByText = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const { name, version } = readPackage(folder);
    const text = licenseText(folder, name);
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), `${name} ${version}`]);
  }
  const sections = [...packagesByText].map(([text, packages]) => `${packages.join('\n')}\n\n${text}\n`);
  return `${bundle} contains code of these packages.\n\n${sections.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function licenseText(folder: string, name: string): string {
  const file = readdirSync(folder).find((entry) => /^licen[sc]e/i.test(entry));
  if (file === undefined) {
    throw new BuildFailure(`${name} has no licence file`);
  }
  return readFileSync(join(folder, file), 'utf8').trim();
}

interface PackageManifest {
  readonly name: string;
  readonly version: string;
}

function readPackage(folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageManifest;
}

function packageFolder(moduleId: string): string | undefined {
  const match = /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/.exec(moduleId.replaceAll('\0', ''));
  return match !== null && existsSync(join(match[0], 'package.json')) ? match[0] : undefined;
}

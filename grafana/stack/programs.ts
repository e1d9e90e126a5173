// The servers that a package manager brings, and what to do where they are missing.
import { spawnSync } from 'node:child_process';

export interface Program {
  /** Names under which distributions install it. */
  readonly names: readonly string[];
  readonly install: string;
}

// Debian's package of Alertmanager would start a server of its own at once.
export const prometheusProgram: Program = {
  names: ['prometheus'],
  install: 'apt-get install prometheus, or brew install prometheus',
};
export const alertmanagerProgram: Program = {
  names: ['prometheus-alertmanager', 'alertmanager'],
  install: 'apt-get install prometheus-alertmanager, or unpack a release of Alertmanager onto the PATH',
};

/** Takes OTLP from 1.92 on. */
export const victoriaMetricsProgram: Program = {
  names: ['victoria-metrics', 'victoria-metrics-prod'],
  install: 'put a release of VictoriaMetrics onto the PATH; on Debian, .ci/install-victoria-metrics does',
};

/** The name that runs here; undefined where none does. */
export function findProgram({ names }: Program): string | undefined {
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

/** One line for each program that is missing. */
export function missingPrograms(programs: readonly Program[]): readonly string[] {
  return programs
    .filter((program) => findProgram(program) === undefined)
    .map(({ names, install }) => `${names[0]} is not installed: ${install}`);
}

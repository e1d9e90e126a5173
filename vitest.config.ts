import { defineConfig, type ViteUserConfig } from 'vitest/config';

// A NODE_OPTIONS of the shell would reach the workers, and through them every process that a test
// starts: what is tested would not be what is meant.
delete process.env['NODE_OPTIONS'];

// The packages' own sources stand for the packages, so that unit tests need no build.
const conditions = ['loopscope-source', 'node'];
const source = {
  resolve: { conditions },
  // Node adds its own to these: given `import` here, it would take it for a `require` too.
  ssr: { resolve: { conditions, externalConditions: ['loopscope-source'] } },
};

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          include: [
            'packages/*/test/**/*.test.ts',
            'test/architecture/**/*.test.ts',
            'test/bench/**/*.test.ts',
            'grafana/test/**/*.test.ts',
          ],
          environment: 'node',
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...source,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/packaging/**/*.test.ts'],
          environment: 'node',
          globalSetup: 'scripts/prepare-end-to-end.ts',
          // The tests measure time and bind ports: one file at a time.
          fileParallelism: false,
          // And none beside the unit tests, whose load would be in what is measured.
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // They watch real processes on machines that have other work: a process that gets no CPU for a
          // tenth of a second is no fault of ours. What fails three times is.
          retry: 2,
        },
      },
    ],
  },
});

export default config;

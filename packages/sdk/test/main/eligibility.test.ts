import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { mayCapture, reasonToStayOff, toolEntry } from '../../src/main/eligibility.ts';
import { temporaryFile, temporaryFolder } from '../support/temporary-folder.ts';

describe('a tool is told by its entry script and first argument:', () => {
  test.each([
    ['/usr/lib/node_modules/npm/bin/npm-cli.js', 'run'],
    ['/usr/lib/node_modules/npm/bin/npx-cli.js', 'cowsay'],
    ['/home/node/.cache/node/corepack/v1/pnpm/9.15.0/bin/pnpm.cjs', 'install'],
    ['/usr/lib/node_modules/corepack/dist/yarn.js', ''],
    ['/usr/lib/node_modules/corepack/dist/corepack.js', 'enable'],
    ['/srv/app/.yarn/releases/yarn-4.5.3.cjs', 'build'],
    ['/usr/share/yarn/bin/yarn.js', ''],
    ['/usr/local/bin/pnpx', 'cowsay'],
    ['/srv/app/node_modules/tsx/dist/cli.mjs', 'src/server.ts'],
    ['/srv/app/node_modules/typescript/bin/tsc', '-b'],
    ['/srv/app/node_modules/.pnpm/vitest@5.1.1/node_modules/vitest/vitest.mjs', 'run'],
    ['/srv/app/node_modules/vite/bin/vite.js', 'build'],
    ['/srv/app/node_modules/.pnpm/vite@7.0.0/node_modules/vite/bin/vite.js', 'build'],
    ['/srv/app/node_modules/next/dist/bin/next', 'build'],
    ['/srv/app/node_modules/next/dist/bin/next', 'typegen'],
    ['C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js', 'run'],
  ])('%s %s', (entry, command) => {
    expect(toolEntry(entry, command)).toMatch(/ is a tool$/);
  });
});

describe('a service is none:', () => {
  test.each([
    ['/srv/app/node_modules/next/dist/bin/next', 'start'],
    ['/srv/app/node_modules/next/dist/bin/next', ''],
    ['/srv/app/node_modules/next/dist/bin/next', 'dev'],
    ['/srv/app/node_modules/vite/bin/vite.js', ''],
    ['/srv/app/node_modules/vite/bin/vite.js', 'preview'],
    ['/srv/npm/server.js', 'build'],
    ['/srv/yarn-shop/index.js', 'run'],
    ['/srv/pnpm-workspace/packages/api/dist/main.js', 'build'],
    ['/srv/npm-registry/npm-mirror.js', ''],
    ['/srv/tsx/node_modules/app/server.js', ''],
    ['/srv/my_node_modules/tsx/server.js', ''],
    ['/srv/next/bin/server.js', 'build'],
    ['/srv/jest.config.js', ''],
    ['/srv/app/npm.service.js', 'run'],
    ['/srv/app/build', 'build'],
  ])('%s %s', (entry, command) => {
    expect(toolEntry(entry, command)).toBeUndefined();
  });

  test('an application of its own that lies in folders named like a tool', () => {
    expect(toolEntry('/srv/vite/bin/server.js', 'build')).toBeUndefined();
    expect(toolEntry('/srv/next/dist/bin/server.js', 'build')).toBeUndefined();
  });
});

describe('a link is followed', () => {
  test('to the tool behind it, also to one that is installed here', () => {
    const folder = temporaryFolder();
    const entry = join(folder, 'node_modules/tsx/dist/cli.mjs');
    mkdirSync(dirname(entry), { recursive: true });
    writeFileSync(entry, '');
    symlinkSync(entry, join(folder, 'ts-run'));
    expect(toolEntry(join(folder, 'ts-run'), '')).toBe('cli.mjs is a tool');
    expect(toolEntry(resolve(import.meta.dirname, '../../../../node_modules/.bin/tsc'), '')).toMatch(
      /is a tool$/,
    );
  });

  test('to the application behind it', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'server.js'), '');
    symlinkSync(join(folder, 'server.js'), join(folder, 'npm'));
    expect(toolEntry(join(folder, 'npm'), '')).toBeUndefined();
  });
});

describe('the runtime', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  /** The verdict of a process that is otherwise fit. */
  function reasonOn(versions: Record<string, string>): string | undefined {
    const argv = ['node', '/srv/app/server.js'];
    vi.stubGlobal(
      'process',
      Object.create(process, { versions: { value: versions }, argv: { value: argv } }),
    );
    return reasonToStayOff();
  }

  test.each(['22.15.0', '22.23.1', '24.0.0', '24.21.0', '26.0.0', '26.10.3'])('Node %s is fit', (node) => {
    expect(reasonOn({ node })).toBeUndefined();
  });

  test.each(['0.12.0', '18.20.8', '20.19.0', '22.14.9', '23.11.0', '25.1.0', '27.0.0', '99.0.0', 'x'])(
    'Node %s is not',
    (node) => {
      expect(reasonOn({ node })).toBe(`Node.js ${node} is not supported`);
    },
  );

  test.each(['bun', 'electron'])('%s is not, whatever Node it claims to be', (name) => {
    expect(reasonOn({ node: '24.0.0', [name]: '1.0.0' })).toBe('this runtime is not Node.js');
  });

  test('Deno is not', () => {
    vi.stubGlobal('Deno', {});
    expect(reasonOn({ node: '24.0.0' })).toBe('this runtime is not Node.js');
  });
});

describe('a real process', () => {
  const eligibility = new URL('../../src/main/eligibility.ts', import.meta.url).href;
  const program = `
    import { mayCapture, reasonToStayOff } from ${JSON.stringify(eligibility)};
    console.log(JSON.stringify({ reason: reasonToStayOff(), captures: mayCapture() }));
  `;

  function verdict(
    flags: readonly string[],
    environment: Record<string, string> = {},
    name = 'server.mjs',
  ): unknown {
    const output = execFileSync(process.execPath, [...flags, temporaryFile(name, program), 'build'], {
      encoding: 'utf8',
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(output);
  }

  test('that serves is fit', () => {
    expect(verdict([])).toEqual({ captures: true });
  });

  test('that is a tool is not', () => {
    expect(verdict([], {}, 'npm-cli.mjs')).toMatchObject({ reason: 'npm-cli.mjs is a tool' });
  });

  test('that runs tests is not', () => {
    expect(verdict([], { NODE_TEST_CONTEXT: 'child-v8' })).toMatchObject({
      reason: 'this is a test process',
    });
  });

  test('on AWS Lambda is not, but where that is asked for', () => {
    const lambda = { AWS_LAMBDA_FUNCTION_NAME: 'orders' };
    expect(verdict([], lambda)).toMatchObject({ reason: expect.stringMatching(/^AWS Lambda freezes/) });
    expect(verdict([], { ...lambda, LOOPSCOPE_DISABLED: 'false' })).toEqual({ captures: true });
  });

  test('that a watching parent has started is fit', () => {
    expect(verdict([], { WATCH_REPORT_DEPENDENCIES: '1' })).toEqual({ captures: true });
  });

  test('that may not have threads is not', () => {
    const reason = 'the permission model denies worker threads';
    expect(verdict(['--permission', '--allow-fs-read=*'])).toMatchObject({ reason });
  });

  test('that may have threads and no inspector is fit, without stacks', () => {
    expect(verdict(['--permission', '--allow-fs-read=*', '--allow-worker'])).toEqual({ captures: false });
  });
});

test('this process, which is no service, is not watched, though it could be captured', () => {
  expect(reasonToStayOff()).toMatch(/ is a tool$|worker threads/);
  expect(mayCapture()).toBe(true);
});

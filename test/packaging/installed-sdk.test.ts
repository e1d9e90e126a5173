import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { oldestSupportedNodes, supportedNodes, unsupportedNodes } from '../harness/nodes.ts';
import type { Preload } from '../harness/preload.ts';
import { run } from '../harness/run.ts';
import { scrape } from '../harness/scrape.ts';
import { type ConsumerProject, createSdkProject } from './consumer-project.ts';

const waiting = "console.log('the application runs'); process.stdin.resume();\n";
const program = (load: string): string => `${load}
const handle = start({ port: 0 });
const timer = setInterval(async () => {
  if (handle.url === undefined) return;
  clearInterval(timer);
  const text = await (await fetch(handle.url + '/metrics')).text();
  console.log(handle.state, text.includes('loopscope_agent_starts_total'));
  await handle.stop();
  console.log(handle.state);
}, 5);
`;

let project: ConsumerProject;

beforeAll(() => {
  project = createSdkProject();
  project.write('app.mjs', waiting);
  project.write('app.cjs', waiting);
  project.write(
    'app.ts',
    `const greeting: string = 'the application runs'; ${waiting.replace(/'.*?'/, 'greeting')}`,
  );
  project.write('prints.mjs', "console.log('the application runs');\n");
  project.write('program.mjs', program("import { start } from '@loopscope/sdk';"));
  project.write('program.cjs', program("const { start } = require('@loopscope/sdk');"));
});

afterAll(() => project.remove());

test('an install brings the sdk and nothing else', () => {
  const modules = join(project.folder, 'node_modules');
  expect(readdirSync(modules).filter((name) => !name.startsWith('.'))).toEqual(['@loopscope']);
  expect(readdirSync(join(modules, '@loopscope'))).toEqual(['sdk']);
});

const preloads: Readonly<Record<string, () => Preload>> = {
  '--import': () => ({ args: ['--import', '@loopscope/sdk/register'], env: {} }),
  '--require': () => ({ args: ['--require', '@loopscope/sdk/register'], env: {} }),
  'NODE_OPTIONS with a path': () => ({
    args: [],
    env: { NODE_OPTIONS: `--import=${project.folder}/node_modules/@loopscope/sdk/dist/register.js` },
  }),
};

describe.each([...oldestSupportedNodes, ...supportedNodes])('on Node $name', (node) => {
  const apps = ['app.mjs', 'app.cjs', ...(node.name === '22.15' ? [] : ['app.ts'])];
  const cases = Object.keys(preloads).flatMap((preload) => apps.map((app) => [preload, app] as const));

  test.each(cases)('%s watches %s', async (name, file) => {
    await using app = await startApp({
      node,
      args: [...(file.endsWith('.ts') ? ['--disable-warning=ExperimentalWarning'] : []), file],
      cwd: project.folder,
      preload: preloads[name]?.() ?? expect.unreachable(),
    });
    await app.printed(/the application runs/);
    expect((await scrape(app.url)).sum('loopscope_agent_starts_total')).toBe(1);
    expect(await app.finish()).toMatchObject({ exitCode: 0, stdout: 'the application runs\n' });
  });

  test.each(['program.mjs', 'program.cjs'])('start() works in %s', async (file) => {
    const ending = await run({ node, args: [file], cwd: project.folder });
    expect(ending).toMatchObject({ exitCode: 0, stdout: 'running true\nstopped\n', stderr: '' });
  });
});

describe.each(unsupportedNodes)('on Node $name', (node) => {
  test.each(Object.keys(preloads))('%s does nothing', async (name) => {
    const preload = preloads[name]?.() ?? expect.unreachable();
    const ending = await run({ node, args: ['prints.mjs'], cwd: project.folder, preload });
    expect(ending).toMatchObject({ exitCode: 0, stdout: 'the application runs\n', stderr: '' });
  });
});

describe.each(supportedNodes)('--require on Node $name', (node) => {
  const args = ['--require', '@loopscope/sdk/register', 'prints.mjs'];
  const quiet = { exitCode: 0, stdout: 'the application runs\n', stderr: '' };

  test('does nothing where require() takes no ES module', async () => {
    const flag = '--no-experimental-require-module';
    expect(await run({ node, args: [flag, ...args], cwd: project.folder })).toMatchObject(quiet);
  });

  test.each(['bun', 'deno', 'electron'])('does nothing on %s', async (runtime) => {
    const fake = `Object.defineProperty(process.versions, '${runtime}', { value: '1.0.0' });\n`;
    project.write(`${runtime}.cjs`, fake);
    const env = { NODE_DEBUG: 'loopscope' };
    const ending = await run({
      node,
      args: ['--require', `./${runtime}.cjs`, ...args],
      cwd: project.folder,
      env,
    });
    expect(ending).toMatchObject(quiet);
  });

  test('lets the application run where the package is damaged', async () => {
    const register = join(project.folder, 'node_modules/@loopscope/sdk/dist/register.js');
    renameSync(register, `${register}.away`);
    try {
      expect(existsSync(register)).toBe(false);
      expect(await run({ node, args, cwd: project.folder })).toMatchObject(quiet);
      const told = await run({ node, args, cwd: project.folder, env: { NODE_DEBUG: 'loopscope' } });
      expect(told).toMatchObject({
        ...quiet,
        stderr: expect.stringContaining('could not be loaded') as string,
      });
    } finally {
      renameSync(`${register}.away`, register);
    }
  });
});

// Where an application asked Node for source maps, a stall is named by the source that people wrote.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stall } from '@loopscope/sdk/telemetry';
import { describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { fixture, linesOf } from '../harness/fixture.ts';
import { type NodeRelease, supportedNodes } from '../harness/nodes.ts';
import { stallOf } from '../harness/stalls.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';

const source = fixture('source-maps/src/report.ts');
const compiled = fixture('source-maps/out/report.js');
const mapLine = '//# sourceMappingURL=report.js.map';

/** The stall that the compiled program makes, once it has ended. */
async function stallIn(node: NodeRelease, script: string, flags: readonly string[]): Promise<Stall> {
  await using app = await startApp({ node, args: [...flags, script] });
  app.tell('go');
  return await stallOf(app.url, 'summarize', 'closed');
}

/** A copy of the compiled program whose map a test may break. */
function compiledCopy(): { readonly script: string; readonly map: string } {
  const folder = temporaryFolder();
  cpSync(fixture('source-maps/out'), join(folder, 'out'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return { script: join(folder, 'out', 'report.js'), map: join(folder, 'out', 'report.js.map') };
}

describe.each(supportedNodes)('on Node $name', (node) => {
  test('names the source when Node was asked for source maps', async () => {
    const { culprit } = await stallIn(node, compiled, ['--enable-source-maps']);
    expect(culprit).toMatchObject({ function: 'summarize', file: source });
    expect(linesOf(source, 'summarize')).toContain(culprit?.line);
  });

  test('names the compiled file when it was not', async () => {
    const { culprit } = await stallIn(node, compiled, []);
    expect(culprit).toMatchObject({ function: 'summarize', file: compiled });
    expect(linesOf(compiled, 'summarize')).toContain(culprit?.line);
  });

  test('reads a map that is inline', async () => {
    const { script, map } = compiledCopy();
    const inline = `data:application/json;base64,${readFileSync(map).toString('base64')}`;
    writeFileSync(script, readFileSync(script, 'utf8').replace(mapLine, `//# sourceMappingURL=${inline}`));
    rmSync(map);
    const { culprit } = await stallIn(node, script, ['--enable-source-maps']);
    expect(culprit?.file).toMatch(/\/src\/report\.ts$/);
    expect(linesOf(source, 'summarize')).toContain(culprit?.line);
  });

  test.each([
    { name: 'missing', content: undefined },
    { name: 'not JSON', content: 'garbage' },
    { name: 'of the wrong shape', content: '{"version":3,"sources":7,"mappings":{}}' },
    {
      name: 'without end',
      content: `{"version":3,"sources":["a.ts"],"mappings":"${'AAAA;'.repeat(1_000_000)}`,
    },
  ])('names the compiled file when its map is $name', async ({ content }) => {
    const { script, map } = compiledCopy();
    if (content === undefined) {
      rmSync(map);
    } else {
      writeFileSync(map, content);
    }
    const { culprit } = await stallIn(node, script, ['--enable-source-maps']);
    expect(culprit).toMatchObject({ function: 'summarize', file: script });
    expect(linesOf(script, 'summarize')).toContain(culprit?.line);
  });
});

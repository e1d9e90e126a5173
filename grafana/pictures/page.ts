// The page that a browser takes a picture of: everything is in it, nothing is fetched.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import type { PictureAnswers } from './answers.ts';

const unitHeight = 38;
export const pageWidth = 1400;

const style = `
  body { margin: 0; background: #111217; color: #ccccdc; font: 13px Inter, 'DejaVu Sans', Arial, sans-serif; }
  #board { position: relative; width: ${pageWidth}px; }
  .title { position: absolute; left: 12px; top: 10px; font-size: 17px; font-weight: 600; }
  .panel, .row { position: absolute; box-sizing: border-box; }
  .panel { background: #181b1f; border: 1px solid #25282e; border-radius: 3px; }
  .panel .heading { font-weight: 600; padding: 7px 10px 0; height: 22px; }
  .row .heading { font-weight: 600; padding: 6px 4px; font-size: 15px; }
  .body { position: absolute; left: 8px; right: 8px; top: 32px; bottom: 6px; overflow: hidden; }
  .stat { font-size: 34px; font-weight: 600; text-align: center; line-height: 88px; }
  .legend { display: flex; gap: 14px; white-space: nowrap; overflow: hidden; font-size: 12px; height: 22px; align-items: center; padding-left: 8px; }
  .entry { display: flex; align-items: center; gap: 6px; }
  .mark { width: 14px; height: 4px; border-radius: 2px; }
  .nothing { color: #8e8e8e; text-align: center; padding-top: 60px; }
  .over { position: absolute; inset: 20% 0 auto; padding: 0; }
  table { border-collapse: collapse; width: 100%; font-size: 12.5px; }
  th { color: #6e9fff; font-weight: 600; }
  th, td { border-bottom: 1px solid #25282e; padding: 0 8px; height: 26px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 360px; }
`;

export function picturePage(dashboard: sdk.Dashboard, answers: PictureAnswers): string {
  const require = createRequire(import.meta.url);
  const uplot = require.resolve('uplot/dist/uPlot.iife.min.js');
  const script = readFileSync(uplot, 'utf8');
  const uplotStyle = readFileSync(uplot.replace('uPlot.iife.min.js', 'uPlot.min.css'), 'utf8');
  const draw = readFileSync(join(import.meta.dirname, 'draw-panels.js'), 'utf8');
  // A `<` in the data must not end the script.
  const data = JSON.stringify({ dashboard, ...answers }).replaceAll('<', '\\u003c');
  return `<!doctype html><meta charset="utf-8"><style>${uplotStyle}${style}</style><div id="board"></div>
<script>${script}</script><script>window.picture = ${data};</script><script type="module">${draw}</script>`;
}

// The rest of a long dashboard is left out of its picture, which has to stay small.
const tallestPage = 52 * unitHeight + 48;

/** Height of the picture in pixels. */
export function pageHeight({ panels = [] }: sdk.Dashboard): number {
  const bottom = Math.max(...panels.map(({ gridPos }) => (gridPos?.y ?? 0) + (gridPos?.h ?? 0)));
  return Math.min(tallestPage, bottom * unitHeight + 48);
}

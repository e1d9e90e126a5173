// The plot of docs/OVERHEAD.md: CPU per request as a ratio to nothing, on a logarithmic scale, with its interval.
import type { Figures } from './figures.ts';

const rowHeight = 26;
const left = 250;
const width = 860;
const top = 34;
const least = 0.9;
const most = 12;
const ticks = [1, 1.1, 1.25, 1.5, 2, 3, 5, 10];

const ours = '#1f6feb';
const theirs = '#6e7781';

export function overheadPlot(figures: readonly Figures[]): string {
  const height = top + figures.length * rowHeight + 30;
  const x = (ratio: number): number => {
    const within = Math.min(Math.max(ratio, least), most);
    return left + (Math.log(within / least) / Math.log(most / least)) * (width - left - 70);
  };
  const rows = figures.map(({ name, ratio: { main } }, index) => {
    const y = top + index * rowHeight + rowHeight / 2;
    const colour = name.startsWith('Loopscope') ? ours : theirs;
    const [low, high] = main.interval;
    return [
      `<text x="${left - 12}" y="${y + 4}" text-anchor="end">${name}</text>`,
      `<line x1="${x(low).toFixed(1)}" x2="${x(high).toFixed(1)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="3"/>`,
      `<circle cx="${x(main.median).toFixed(1)}" cy="${y}" r="5" fill="${colour}"/>`,
      `<text x="${(x(Math.max(high, main.median)) + 10).toFixed(1)}" y="${y + 4}" fill="${colour}">${main.median.toFixed(2)}</text>`,
    ].join('\n');
  });
  const grid = ticks.map(
    (tick) =>
      `<line x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="${top - 6}" y2="${height - 24}" stroke="#d0d7de"/>\n<text x="${x(tick).toFixed(1)}" y="${height - 8}" text-anchor="middle" fill="#57606a">${tick}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13">
<title>CPU per request of each tool, as a ratio to nothing</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="12" y="20" font-weight="600">CPU of the main thread for a request, as a ratio to nothing preloaded (median, 95 % interval)</text>
${grid.join('\n')}
${rows.join('\n')}
</svg>
`;
}

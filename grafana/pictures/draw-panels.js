// Runs in the browser: draws a dashboard's panels from Prometheus's answers, in the look of Grafana,
// with the chart library that Grafana uses. `window.picture` holds { dashboard, answers, from, to }.
/* global uPlot, window, document */

const palette = [
  '#73bf69',
  '#f2cc0c',
  '#5794f2',
  '#ff9830',
  '#f2495c',
  '#b877d9',
  '#37872d',
  '#8ab8ff',
  '#ffa6b0',
  '#96d98d',
];
const named = {
  green: '#73bf69',
  yellow: '#fade2a',
  red: '#f2495c',
  blue: '#5794f2',
  orange: '#ff9830',
  purple: '#b877d9',
  'light-blue': '#8ab8ff',
  'light-purple': '#deb6f2',
};
const unitHeight = 38;
const gridColumns = 24;
const pageWidth = 1400;

const colourOf = (name) => named[name] ?? name;

function trimmed(value, digits) {
  return String(Number(value.toPrecision(digits)));
}

function format(value, unit, decimals) {
  if (!Number.isFinite(value)) {
    return '–';
  }
  const fixed = (number, fallback) =>
    decimals === undefined ? trimmed(number, fallback) : number.toFixed(decimals);
  switch (unit) {
    case 's':
      if (Math.abs(value) >= 86400) return `${fixed(value / 86400, 3)} d`;
      if (Math.abs(value) >= 3600) return `${fixed(value / 3600, 3)} h`;
      if (Math.abs(value) >= 60) return `${fixed(value / 60, 3)} min`;
      if (Math.abs(value) >= 1 || value === 0) return `${fixed(value, 3)} s`;
      return `${trimmed(value * 1000, 3)} ms`;
    case 'percentunit':
      return `${fixed(value * 100, 3)}%`;
    case 'bytes': {
      const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
      const power = value === 0 ? 0 : Math.min(4, Math.floor(Math.log2(Math.abs(value)) / 10));
      return `${trimmed(value / 1024 ** power, 3)} ${units[power]}`;
    }
    case 'ops':
      return `${fixed(value, 3)} ops/s`;
    case 'reqps':
      return `${fixed(value, 3)} req/s`;
    default:
      return Math.abs(value) >= 10000 ? `${trimmed(value / 1000, 4)} K` : fixed(value, 4);
  }
}

function thresholdColour(steps, value) {
  let colour = named.green;
  for (const step of steps ?? []) {
    if (step.value === null || value >= step.value) {
      colour = colourOf(step.color);
    }
  }
  return colour;
}

function element(parent, className, text) {
  const created = document.createElement('div');
  created.className = className;
  if (text !== undefined) {
    created.textContent = text;
  }
  parent.append(created);
  return created;
}

const legendOf = (legend, metric) =>
  legend.replace(/\{\{(\w+)\}\}/g, (_all, label) => metric[label] ?? '') || 'value';

function overridesOf(panel, name) {
  const { overrides = [] } = panel.fieldConfig ?? {};
  return overrides
    .filter(({ matcher }) => matcher.id === 'byName' && matcher.options === name)
    .flatMap(({ properties }) => properties);
}

function drawStat(body, panel, [answer]) {
  const { unit, decimals, thresholds, noValue } = panel.fieldConfig.defaults;
  const text = answer?.result[0]?.value?.[1];
  const value = Number(text);
  const missing = text === undefined || Number.isNaN(value);
  const shown = element(body, 'stat', missing ? (noValue ?? 'No data') : format(value, unit, decimals));
  shown.style.color = missing ? '#8e8e8e' : thresholdColour(thresholds?.steps, value);
}

function drawTable(body, panel, answers) {
  const organize = panel.transformations.find(({ id }) => id === 'organize').options;
  const fields = Object.entries(organize.indexByName)
    .sort(([, a], [, b]) => a - b)
    .map(([field]) => field);
  const rows = new Map();
  for (const { refId, result } of answers) {
    const field = answers.length === 1 ? 'Value' : `Value #${refId}`;
    for (const { metric, value } of result) {
      const key = `${metric.job}\n${metric.instance}\n${metric.code_function_name ?? ''}`;
      const row = rows.get(key) ?? {};
      rows.set(key, { ...row, ...metric, [field]: Number(value[1]) });
    }
  }
  const [sortBy] = panel.options.sortBy;
  const sortField = fields.find((field) => organize.renameByName[field] === sortBy.displayName);
  const sorted = [...rows.values()].sort((a, b) => (b[sortField] ?? 0) - (a[sortField] ?? 0));
  const used = fields.filter((field) => sorted.some((row) => row[field] !== undefined && row[field] !== ''));
  const table = document.createElement('table');
  body.append(table);
  const add = (cells, tag) => {
    const line = document.createElement('tr');
    for (const { text, colour, number } of cells) {
      const cell = document.createElement(tag);
      cell.textContent = text;
      cell.style.color = colour ?? '';
      cell.style.textAlign = number ? 'right' : 'left';
      line.append(cell);
    }
    table.append(line);
  };
  add(
    used.map((field) => ({ text: organize.renameByName[field], number: field.startsWith('Value') })),
    'th',
  );
  const room = Math.floor((body.clientHeight - 30) / 27);
  for (const row of sorted.slice(0, room)) {
    add(
      used.map((field) => {
        const properties = overridesOf(panel, organize.renameByName[field]);
        const find = (id) => properties.find((property) => property.id === id)?.value;
        if (!field.startsWith('Value')) {
          return { text: row[field] ?? '', colour: find('links') === undefined ? undefined : '#6e9fff' };
        }
        const steps = find('thresholds')?.steps;
        return {
          number: true,
          text: row[field] === undefined ? '' : format(row[field], find('unit'), find('decimals')),
          colour: steps === undefined ? undefined : thresholdColour(steps, row[field]),
        };
      }),
      'td',
    );
  }
  if (sorted.length === 0) {
    element(body, 'nothing', 'Nothing to show: all is well');
  }
}

const clock = (time, withSeconds) => new Date(time * 1000).toISOString().slice(11, withSeconds ? 19 : 16);

const axis = (unit) => [
  {
    values: (_plot, splits) => splits.map((split) => clock(split, splits[1] - splits[0] < 60)),
    stroke: '#9fa7b3',
    grid: { stroke: '#2c3235', width: 1 },
    ticks: { show: false },
    font: '11px Inter, sans-serif',
  },
  {
    stroke: '#9fa7b3',
    grid: { stroke: '#2c3235', width: 1 },
    ticks: { show: false },
    font: '11px Inter, sans-serif',
    size: 64,
    values: (_plot, splits) => splits.map((split) => format(split, unit)),
  },
];

function drawTimeSeries(body, panel, answers, { from, to, step }) {
  const { unit, thresholds, min, max, custom } = panel.fieldConfig.defaults;
  const stacked = custom?.stacking?.mode === 'normal';
  const times = [];
  for (let time = from; time <= to; time += step) {
    times.push(time);
  }
  const series = answers.flatMap(({ legend, result }) =>
    result.map(({ metric, values }) => {
      const byTime = new Map(values.map(([time, value]) => [time, Number(value)]));
      return { name: legendOf(legend, metric), values: times.map((time) => byTime.get(time) ?? null) };
    }),
  );
  let next = 0;
  for (const each of series) {
    const properties = overridesOf(panel, each.name);
    const fixed = properties.find(({ id }) => id === 'color')?.value.fixedColor;
    each.limit = properties.some(({ id }) => id === 'custom.lineStyle');
    each.colour = fixed === undefined ? palette[next++ % palette.length] : colourOf(fixed);
  }
  const data = [times];
  const drawn = [];
  const below = times.map(() => 0);
  for (const each of series) {
    if (stacked && !each.limit) {
      data.push(each.values.map((value, index) => (below[index] += value ?? 0)));
    } else {
      data.push(each.values);
    }
    drawn.push({
      label: each.name,
      stroke: each.colour,
      width: 1.2,
      points: { show: false },
      dash: each.limit ? [8, 6] : undefined,
      fill: stacked && !each.limit ? `${each.colour}99` : undefined,
      spanGaps: false,
    });
  }
  // The uppermost of a stack is drawn first, so that each shows its own part.
  if (stacked) {
    data.splice(1, data.length - 1, ...data.slice(1).reverse());
    drawn.reverse();
    for (const each of drawn) {
      each.fill = each.fill?.slice(0, 7);
    }
  }
  const legendHeight = 22;
  const lines = (thresholds?.steps ?? []).filter((each) => each.value !== null);
  const showsLines = custom?.thresholdsStyle?.mode === 'dashed';
  const highest = Math.max(
    0,
    ...data
      .slice(1)
      .flat()
      .filter((value) => value !== null && Number.isFinite(value)),
  );
  const plot = new uPlot(
    {
      width: body.clientWidth,
      height: body.clientHeight - legendHeight,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: true },
        y: { range: () => [min ?? 0, max ?? (highest === 0 ? 1 : highest * 1.1)] },
      },
      axes: axis(unit),
      series: [{}, ...drawn],
      hooks: {
        draw: [
          (drawnPlot) => {
            if (!showsLines) {
              return;
            }
            const { ctx, bbox } = drawnPlot;
            ctx.save();
            ctx.beginPath();
            ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
            ctx.clip();
            ctx.setLineDash([6, 6]);
            for (const { value, color } of lines) {
              const y = drawnPlot.valToPos(value, 'y', true);
              ctx.strokeStyle = colourOf(color);
              ctx.beginPath();
              ctx.moveTo(bbox.left, y);
              ctx.lineTo(bbox.left + bbox.width, y);
              ctx.stroke();
            }
            ctx.restore();
          },
        ],
      },
    },
    data,
    body,
  );
  plot.root.style.background = 'transparent';
  const legend = element(body, 'legend');
  for (const { name, colour } of series.slice(0, 8)) {
    const entry = element(legend, 'entry');
    element(entry, 'mark').style.background = colour;
    entry.append(name);
  }
  if (series.length === 0) {
    element(body, 'nothing over', 'No data');
  }
}

function drawHeatmap(body, panel, [answer], { from, to, step }) {
  const unit = panel.options.yAxis.unit;
  const bounds = (answer?.result ?? [])
    .map(({ metric, values }) => ({
      le: Number(metric.le.replace('+Inf', 'Infinity')),
      values: new Map(values),
    }))
    .sort((a, b) => a.le - b.le);
  const times = [];
  for (let time = from; time <= to; time += step) {
    times.push(time);
  }
  const cells = bounds.map(({ values }, row) =>
    times.map(
      (time) =>
        Number(values.get(time) ?? 0) -
        Number((row === 0 ? undefined : bounds[row - 1].values.get(time)) ?? 0),
    ),
  );
  const most = Math.max(1e-9, ...cells.flat());
  const canvas = document.createElement('canvas');
  const [left, bottom, right] = [64, 24, 8];
  const width = body.clientWidth;
  const height = body.clientHeight;
  canvas.width = width;
  canvas.height = height;
  body.append(canvas);
  const context = canvas.getContext('2d');
  const cellWidth = (width - left - right) / times.length;
  const cellHeight = (height - bottom) / Math.max(1, bounds.length);
  cells.forEach((line, row) => {
    line.forEach((count, column) => {
      if (count > 0) {
        const strength = (count / most) ** 0.4;
        context.fillStyle = `hsl(${45 - 25 * strength} 90% ${20 + 45 * strength}%)`;
        // Whole pixels: fractions would leave seams.
        const [x, y] = [
          Math.round(left + column * cellWidth),
          Math.round(height - bottom - (row + 1) * cellHeight),
        ];
        const nextX = Math.round(left + (column + 1) * cellWidth);
        context.fillRect(x, y, nextX - x, Math.ceil(cellHeight));
      }
    });
    context.fillStyle = '#9fa7b3';
    context.font = '11px Inter, sans-serif';
    context.textAlign = 'right';
    const { le } = bounds[row];
    context.fillText(
      Number.isFinite(le) ? format(le, unit) : 'more',
      left - 6,
      height - bottom - (row + 0.3) * cellHeight,
    );
  });
  context.textAlign = 'center';
  context.fillStyle = '#9fa7b3';
  for (let mark = 1; mark < 5; mark++) {
    const time = new Date((from + ((to - from) * mark) / 5) * 1000);
    context.fillText(
      time.toISOString().slice(11, 19),
      left + ((width - left - right) * mark) / 5,
      height - 8,
    );
  }
}

const drawers = { stat: drawStat, table: drawTable, timeseries: drawTimeSeries, heatmap: drawHeatmap };

function drawDashboard({ dashboard, answers, from, to, step }) {
  const board = document.getElementById('board');
  element(board, 'title', dashboard.title);
  const columnWidth = pageWidth / gridColumns;
  const panels = dashboard.panels;
  const bottom = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  board.style.height = `${bottom * unitHeight + 48}px`;
  for (const panel of panels) {
    const { x, y, w, h } = panel.gridPos;
    const frame = element(board, panel.type === 'row' ? 'row' : 'panel');
    frame.style.left = `${x * columnWidth + 4}px`;
    frame.style.top = `${y * unitHeight + 44}px`;
    frame.style.width = `${w * columnWidth - 8}px`;
    frame.style.height = `${h * unitHeight - 8}px`;
    element(frame, 'heading', panel.title);
    if (panel.type !== 'row') {
      drawers[panel.type](element(frame, 'body'), panel, answers[panel.id] ?? [], { from, to, step });
    }
  }
  document.title = 'drawn';
}

drawDashboard(window.picture);

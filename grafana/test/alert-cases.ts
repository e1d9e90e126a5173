// What each alert is tested on: series on which it fires, and near misses on which it stays quiet.
// Series are written as promtool reads them, one value a minute.

export interface AlertCase {
  readonly alert: string;
  readonly name: string;
  readonly series: Readonly<Record<string, string>>;
  readonly afterMinutes: number;
  /** Labels of each firing alert beside its name and severity; none where it stays quiet. */
  readonly fires: readonly Readonly<Record<string, string>>[];
}

const one = { job: 'orders', instance: 'a:9465' };
const at = 'job="orders", instance="a:9465"';
const main = `${at}, thread="main"`;
const stallTime = (labels = main): string =>
  `loopscope_eventloop_stall_time_seconds_total{${labels}, phase="running"}`;
const second = 'job="orders", instance="b:9465", thread="main"';
const starts = `loopscope_agent_starts_total{${at}}`;

const quiet = (
  alert: string,
  name: string,
  series: AlertCase['series'],
  afterMinutes: number,
): AlertCase => ({ alert, name, series, afterMinutes, fires: [] });
const firing = (
  alert: string,
  name: string,
  series: AlertCase['series'],
  afterMinutes: number,
  labels: Readonly<Record<string, string>> = one,
): AlertCase => ({ alert, name, series, afterMinutes, fires: [labels] });

const age = `loopscope_eventloop_stall_age_seconds{${main}}`;
const uptime = `process_uptime_seconds{${at}}`;
const throttledPeriods = `loopscope_cgroup_cpu_throttled_periods_total{${at}}`;
const periods = `loopscope_cgroup_cpu_periods_total{${at}}`;
const descriptors = `process_unix_file_descriptor_count{${at}}`;
const descriptorLimit = `loopscope_process_file_descriptor_limit{${at}}`;
const active = `nodejs_eventloop_time_seconds_total{${main}, nodejs_eventloop_state="active"}`;
const idle = `nodejs_eventloop_time_seconds_total{${main}, nodejs_eventloop_state="idle"}`;
const gc = (type: string): string => `v8js_gc_duration_seconds_sum{${main}, v8js_gc_type="${type}"}`;
const suspected = `loopscope_leak_suspected{${main}, kind="resource", type="Timeout"}`;
const saturated = `loopscope_threadpool_saturated{${at}}`;

export const alertCases: readonly AlertCase[] = [
  firing(
    'LoopscopeLoopStopped',
    'a loop that has stood still for 6 s',
    { [age]: '0 6', [uptime]: '90 150' },
    1,
    {
      ...one,
      thread: 'main',
    },
  ),
  quiet(
    'LoopscopeLoopStopped',
    'a loop that has stood still for 5 s',
    { [age]: '0 5', [uptime]: '90 150' },
    1,
  ),
  quiet('LoopscopeLoopStopped', 'a boot that blocks for 40 s', { [age]: '40', [uptime]: '41' }, 0),

  firing('LoopscopeStallsBurnFast', 'a fifth of an hour lost', { [stallTime()]: '0+12x70' }, 70),
  firing('LoopscopeStallsBurnFast', '7 % lost for seven hours', { [stallTime()]: '0+4.2x420' }, 420),
  quiet('LoopscopeStallsBurnFast', '13 % lost for an hour', { [stallTime()]: '0+7.8x70' }, 70),
  quiet('LoopscopeStallsBurnFast', 'a bad hour that is over', { [stallTime()]: '0+12x60 720x12' }, 72),
  quiet('LoopscopeStallsBurnFast', 'a bad minute', { [stallTime()]: '0+0x60 30x5' }, 62),
  quiet(
    'LoopscopeStallsBurnFast',
    'a boot that blocks',
    { [`loopscope_eventloop_stall_time_seconds_total{${main}, phase="startup"}`]: '0+30x70' },
    70,
  ),

  firing(
    'LoopscopeStallsBurnSlow',
    'two instances of which one loses 7 % for a day',
    { [stallTime()]: '0+4.2x1600', [stallTime(second)]: '0x1600' },
    1600,
    { job: 'orders' },
  ),
  firing('LoopscopeStallsBurnSlow', '1.2 % lost for three days', { [stallTime()]: '0+0.72x4400' }, 4400, {
    job: 'orders',
  }),
  quiet('LoopscopeStallsBurnSlow', '0.9 % lost for three days', { [stallTime()]: '0+0.54x4400' }, 4400),
  quiet('LoopscopeStallsBurnSlow', 'a new job that loses 2.5 %', { [stallTime()]: '0+1.5x420' }, 420),
  quiet('LoopscopeStallsBurnSlow', 'a bad day that is over', { [stallTime()]: '0+4.2x1440 6048x130' }, 1570),

  firing(
    'LoopscopeFileDescriptorsRunOut',
    '81 % of the descriptors',
    { [descriptors]: '830x20', [descriptorLimit]: '1024x20' },
    7,
  ),
  quiet(
    'LoopscopeFileDescriptorsRunOut',
    '79 % of the descriptors',
    { [descriptors]: '810x20', [descriptorLimit]: '1024x20' },
    7,
  ),
  quiet('LoopscopeFileDescriptorsRunOut', 'no limit', { [descriptors]: '90000x20' }, 7),

  firing(
    'LoopscopeLoopSaturated',
    'a loop active 95 % of the time',
    { [active]: '0+57x20', [idle]: '0+3x20' },
    16,
    {
      ...one,
      thread: 'main',
    },
  ),
  quiet(
    'LoopscopeLoopSaturated',
    'a loop active 88 % of the time',
    { [active]: '0+53x20', [idle]: '0+7x20' },
    16,
  ),
  quiet(
    'LoopscopeLoopSaturated',
    'a rush of eight minutes',
    { [active]: '0+57x8 459+3x12', [idle]: '0+3x20' },
    16,
  ),

  firing('LoopscopeThreadPoolSaturated', 'a pool without a free thread', { [saturated]: '1x20' }, 8),
  quiet(
    'LoopscopeThreadPoolSaturated',
    'a pool that is full every other minute',
    { [saturated]: '1 0 1 0 1 0 1 0 1 0 1 0 1' },
    11,
  ),

  firing('LoopscopeLeakSuspected', 'timers that only grow', { [suspected]: '1x20' }, 11, {
    ...one,
    thread: 'main',
    kind: 'resource',
    type: 'Timeout',
  }),
  quiet('LoopscopeLeakSuspected', 'a suspicion that was dropped', { [suspected]: '1x8 0x10' }, 14),

  firing(
    'LoopscopeGcPressure',
    '12 % in collections of two kinds',
    { [gc('major')]: '0+4.2x20', [gc('minor')]: '0+3x20' },
    16,
    {
      ...one,
      thread: 'main',
    },
  ),
  quiet(
    'LoopscopeGcPressure',
    '9 % in collections',
    { [gc('major')]: '0+2.7x20', [gc('minor')]: '0+2.7x20' },
    16,
  ),

  firing(
    'LoopscopeThrottledAndStalling',
    'half of the periods throttled, and stalls',
    { [throttledPeriods]: '0+300x20', [periods]: '0+600x20', [stallTime()]: '0+3x20' },
    16,
  ),
  quiet(
    'LoopscopeThrottledAndStalling',
    'throttling that harms nobody',
    { [throttledPeriods]: '0+300x20', [periods]: '0+600x20', [stallTime()]: '0x20' },
    16,
  ),
  quiet(
    'LoopscopeThrottledAndStalling',
    'stalls with little throttling',
    { [throttledPeriods]: '0+120x20', [periods]: '0+600x20', [stallTime()]: '0+3x20' },
    16,
  ),

  firing(
    'LoopscopeAgentDown',
    'a target that stopped answering',
    { [`up{${at}}`]: '1x10 0x10', [starts]: '1x10 _x10' },
    17,
  ),
  quiet(
    'LoopscopeAgentDown',
    'a restart of three minutes',
    { [`up{${at}}`]: '1x10 0x3 1x10', [starts]: '1x10 _x3 1x10' },
    14,
  ),
  quiet('LoopscopeAgentDown', "somebody else's target", { [`up{${at}}`]: '0x20' }, 17),

  firing('LoopscopeJobSilent', 'a job that stopped pushing', { [starts]: '1x10 _x20' }, 22, {
    job: 'orders',
  }),
  quiet(
    'LoopscopeJobSilent',
    'one of two instances that stopped pushing',
    { [starts]: '1x10 _x20', 'loopscope_agent_starts_total{job="orders", instance="b"}': '1x30' },
    22,
  ),
  quiet(
    'LoopscopeJobSilent',
    'a scraped target that was taken away',
    { [starts]: '1x10 _x20', [`up{${at}}`]: '1x10 _x20' },
    22,
  ),
  quiet(
    'LoopscopeJobSilent',
    'a scraped target that is down',
    { [starts]: '1x10 _x20', [`up{${at}}`]: '1x10 0x20' },
    22,
  ),

  firing('LoopscopeAgentRestarting', 'an agent that was started anew', { [starts]: '1x10 2x10' }, 12),
  quiet('LoopscopeAgentRestarting', 'a process that was started anew', { [starts]: '2x10 1x10' }, 12),
  quiet('LoopscopeAgentRestarting', 'a restart long ago', { [starts]: '1x10 2x60' }, 60),
];

// Right and wrong values of every option, in code and in the environment.
import { resolve } from 'node:path';
import type { LoopscopeOptions } from '../../src/shared/options.ts';

export interface OptionValues {
  readonly right: readonly unknown[];
  readonly wrong: readonly unknown[];
  /** Text and the value that it stands for. */
  readonly rightTexts: readonly (readonly [text: string, value: unknown])[];
  readonly wrongTexts: readonly string[];
}

const noWholeNumbers = [
  '',
  ' ',
  'abc',
  '-1',
  '1e3',
  '0x1F',
  '1_000',
  '１２３',
  '1e309',
  'NaN',
  '9'.repeat(400),
];

function wholeNumber(lowest: number, highest: number): OptionValues {
  const middle = Math.floor((lowest + highest) / 2);
  const right = [lowest, middle, highest];
  return {
    right,
    wrong: [
      lowest - 1,
      highest + 1,
      middle + 0.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      String(middle),
      10n,
      null,
      [middle],
    ],
    rightTexts: right.map((value) => [String(value), value]),
    wrongTexts: [
      ...noWholeNumbers,
      String(highest + 1),
      ` ${middle}`,
      `${middle} `,
      `${middle}.0`,
      `+${middle}`,
      `${middle}ms`,
    ],
  };
}

const yesOrNo: OptionValues = {
  right: [true, false],
  wrong: [1, 0, 'true', null, {}, Object(true)],
  rightTexts: [
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ],
  wrongTexts: ['', 'yes', 'on', 'TRUE ', '2', '__proto__', 'constructor', 'toString'],
};

const addresses = [
  '127.0.0.1',
  '0.0.0.0',
  '10.1.2.255',
  'localhost',
  '::',
  '::1',
  'fe80::1',
  '2001:db8::8a2e:370:7334',
  '::ffff:10.0.0.1',
  '2001:DB8:0:0:0:0:0:1',
];

const noAddresses = [
  '',
  ' ',
  'example.com',
  'LOCALHOST.',
  'http://127.0.0.1',
  '127.0.0.1:80',
  '127.0.0.1 ',
  '[::1]',
  '*',
  '999.1.1.1',
  '256.0.0.1',
  '1.2.3',
  '1.2.3.4.5',
  '.......',
  'cafe',
  'deadbeef',
  ':',
  '1::2::3',
  '12345::',
  '1'.repeat(1_000_000),
];

const tokens = ['12345678', '~!@#$%^&*()_+-=', 'a'.repeat(256)];
const noTokens = [
  '',
  '1234567',
  'with a space',
  'tab\tbed-in',
  'line\nbreak-in',
  'ünïcödé-tokens',
  'a'.repeat(257),
];

const urls = ['http://127.0.0.1:9093', 'https://user:p%40ss@alerts.example.com/am?team=a', 'HTTP://[::1]:1/'];
const noUrls = [
  '',
  ' ',
  'alerts.example.com',
  'ftp://127.0.0.1',
  'http://',
  'http:127.0.0.1',
  'file:///etc/passwd',
  `http://${'a'.repeat(3000)}`,
];

const headers: OptionValues = {
  right: [{}, { authorization: 'Bearer hunter2', 'x-scope-orgid': 'a' }],
  wrong: [
    'a=b',
    null,
    [],
    { 'a b': 'c' },
    { a: 1 },
    { a: '' },
    { a: 'hunter2\r\nx: y' },
    { 'Content-Length': '3' },
    { host: 'a' },
  ],
  rightTexts: [
    ['authorization=Bearer%20hunter2', { authorization: 'Bearer hunter2' }],
    ['a=b, c = d%3De=', { a: 'b', c: 'd=e=' }],
  ],
  wrongTexts: ['', 'hunter2', '=b', 'a=', 'a=b,', 'a=%ff', 'a=hunter2%0d%0a', 'content-type=a'],
};

export const optionValues: Readonly<Record<keyof LoopscopeOptions, OptionValues>> = {
  budgetPercent: {
    right: [0.01, 1, 2.5, 100],
    wrong: [0, -1, 0.009, 100.1, Number.NaN, Number.POSITIVE_INFINITY, '1', null, [1]],
    rightTexts: [
      ['1', 1],
      ['0.5', 0.5],
      ['100', 100],
    ],
    wrongTexts: ['', '0', '-1', '1e1', '1,5', '.5', '1.', '101', '0x1', ' 1'],
  },
  exporters: {
    right: [[], ['prometheus'], ['otlp'], ['otlp', 'prometheus'], ['otlp', 'otlp']],
    wrong: [
      'prometheus',
      ['Prometheus'],
      ['none'],
      ['prometheus', ''],
      [['otlp']],
      [undefined],
      new Set(['otlp']),
      null,
    ],
    rightTexts: [
      ['none', []],
      ['prometheus', ['prometheus']],
      ['prometheus,otlp', ['prometheus', 'otlp']],
      [' otlp , prometheus ', ['otlp', 'prometheus']],
    ],
    wrongTexts: ['', ',', 'prometheus,', 'Prometheus', 'none,otlp', 'zipkin', 'prometheus otlp', '__proto__'],
  },
  host: {
    right: addresses,
    wrong: [...noAddresses, 127, null, ['127.0.0.1'], {}],
    rightTexts: addresses.map((text) => [text, text]),
    wrongTexts: noAddresses,
  },
  port: wholeNumber(0, 65_535),
  stallThresholdMs: wholeNumber(20, 60_000),
  request: yesOrNo,
  profile: yesOrNo,
  tasks: {
    right: ['off', 'rate', 'counts'],
    wrong: ['census', 'Rate', '', true, null, ['rate'], {}],
    rightTexts: [
      ['off', 'off'],
      ['rate', 'rate'],
      ['counts', 'counts'],
    ],
    wrongTexts: ['', 'census', 'RATE', 'counts ', 'true', '__proto__'],
  },
  taskPromises: yesOrNo,
  leakCensus: yesOrNo,
  leakWindowMs: wholeNumber(1000, 3_600_000),
  token: {
    right: tokens,
    wrong: [...noTokens, 12_345_678, null, ['12345678']],
    rightTexts: tokens.map((text) => [text, text]),
    wrongTexts: noTokens,
  },
  livezStoppedMs: wholeNumber(1000, 86_400_000),
  readyzSaturated: yesOrNo,
  exitFlushMs: wholeNumber(0, 5000),
  alerts: {
    right: [[], [{ stall: 'durationMs', operator: '>=', value: 1000 }]],
    // What is wrong within a list is in alert-condition.test.ts.
    wrong: [null, 'all', {}, 7, new Set()],
    rightTexts: [
      ['[{}]', { text: '[{}]' }],
      [' {', { text: ' {' }],
      ['/etc/alerts.json', { path: '/etc/alerts.json' }],
      ['alerts.json', { path: resolve('alerts.json') }],
    ],
    wrongTexts: ['', ' ', '\n'],
  },
  alertmanagerUrl: {
    right: [...urls, urls.join(', ')],
    wrong: [...noUrls, 'http://a,', Array(9).fill('http://a').join(), 7, null, ['http://a']],
    rightTexts: urls.map((text) => [text, text]),
    wrongTexts: [...noUrls, ','],
  },
  alertmanagerHeaders: headers,
  alertWebhookUrl: {
    right: urls,
    wrong: [...noUrls, 7, null, ['http://a']],
    rightTexts: urls.map((text) => [text, text]),
    wrongTexts: noUrls,
  },
  alertWebhookHeaders: headers,
};

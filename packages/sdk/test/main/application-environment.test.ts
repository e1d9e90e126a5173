import { expect, test } from 'vitest';
import { applicationEnvironment } from '../../src/main/application-environment.ts';

test('is the process’s own', () => {
  expect(applicationEnvironment()).toBe(process.env);
});

test('has what PM2 hands over, as strings, over what its daemon has', () => {
  const pm2 = { LOOPSCOPE_PORT: 9502, name: 'shop', watch: false, env: { A: '1' }, args: ['x'], none: null };
  const environment = { LOOPSCOPE_PORT: '9500', PATH: '/bin', pm2_env: JSON.stringify(pm2) };
  expect(applicationEnvironment(environment)).toEqual({
    ...environment,
    LOOPSCOPE_PORT: '9502',
    name: 'shop',
    watch: 'false',
  });
});

test.each(['', '{', 'null', '7', '"text"', '[]'])(
  'is left as it is where %j is handed over',
  (handedOver) => {
    const environment = { PATH: '/bin', pm2_env: handedOver };
    expect(applicationEnvironment(environment)).toMatchObject({ PATH: '/bin' });
  },
);

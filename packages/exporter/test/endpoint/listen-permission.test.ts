import { expect, test } from 'vitest';
import { mayListen } from '../../src/endpoint/listen-permission.ts';

const permission = (...scopes: string[]): { has(scope: string): boolean } => ({
  has: (scope) => scopes.includes(scope),
});
const guarded = new Set(['--allow-net', '--allow-fs-read']);

test('listening is free without the permission model, and with the net permission', () => {
  expect(mayListen({ permission: undefined, allowedNodeEnvironmentFlags: guarded })).toBe(true);
  expect(mayListen({ permission: permission('net'), allowedNodeEnvironmentFlags: guarded })).toBe(true);
});

test('listening is refused where the permission model guards the network, and only there', () => {
  expect(mayListen({ permission: permission('fs.read'), allowedNodeEnvironmentFlags: guarded })).toBe(false);
  expect(
    mayListen({ permission: permission(), allowedNodeEnvironmentFlags: new Set(['--allow-addons']) }),
  ).toBe(true);
});

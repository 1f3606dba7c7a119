// Proves which claims give which roles, and that only whole words count.
import { expect, test } from 'vitest';
import type { ClaimRole } from './oidc.ts';
import { rolesOfClaims } from './oidc-door.ts';

const rule = (claim: string, value: string, role: ClaimRole['role']): ClaimRole => ({
  ...{ claim, value, role },
  over: { kind: 'everything' },
});
const RULES = [
  rule('groups', 'admins', 'admin'),
  rule('groups', 'watch', 'viewer'),
  rule('team', 'night', 'technician'),
];

test.each([
  [{ groups: ['watch', 'admins'] }, ['admin', 'viewer']],
  [{ groups: 'watch', team: 'night' }, ['viewer', 'technician']],
  [{ groups: 'admins,watch' }, []],
  [{ groups: [['admins']] }, []],
  [{ groups: { admins: true } }, []],
  [{ groups: ['Admins', 'admins '] }, []],
  [{}, []],
  [Object.create({ groups: ['admins'] }) as Record<string, unknown>, []],
])('%j gives %j', (claims, roles) => {
  expect(rolesOfClaims(claims, RULES).map(({ role }) => role)).toEqual(roles);
});

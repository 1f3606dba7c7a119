// Proves which claims give which roles, that only whole words count, and that nobody comes in by the name of another.
import { expect, test } from 'vitest';
import { makeEstate } from '#test/repository/estate.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import type { ClaimRole, OidcSettings, ProvenIdentity } from './oidc.ts';
import { OidcDoor, rolesOfClaims } from './oidc-door.ts';
import { People } from './people.ts';

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

test('a namesake in any case is somebody else, and is told from who was here before', async () => {
  const estate = await makeEstate(sqliteEngine);
  const people = new People(estate);
  const { person: owner } = await people.initConsole('Ada');
  const settings: OidcSettings = {
    ...{ issuer: 'https://id.example', clientId: 'rmm', clientSecret: undefined, label: 'Example ID' },
    ...{ scopes: [], nameClaim: 'preferred_username', roles: RULES, acr: [], amr: [] },
  };
  const door = new OidcDoor({ ...estate, people, settings });
  const comes = (subject: string, name: string) => {
    const claims = { preferred_username: name, groups: ['watch'] };
    const identity: ProvenIdentity = { issuer: settings.issuer, subject, claims, authenticatedAt: null };
    return door.enter(identity, {});
  };
  const first = await comes('s1', 'ADA');
  expect(first.person).toMatchObject({ name: 'ADA (2)' });
  expect(first.person.id).not.toBe(owner.id);
  expect((await comes('s2', 'ada')).person.name).toBe('ada (3)');
  expect((await comes('s1', 'ada')).person.id).toBe(first.person.id);
});

// Proves the one table of rights: signed-in people and the console's own parts, nobody else.
import { expect, test } from 'vitest';
import { ownerActor } from '#test/fixtures/person-actor.ts';
import { type Actor, actorName, can } from './can.ts';

const person: Actor = ownerActor('p1', 'Ada', 'session');
const token: Actor = ownerActor('p1', 'Ada', 'token');
const system: Actor = { kind: 'system', part: 'boot' };
const relay: Actor = { kind: 'relay', id: 'r1' };
const anonymous: Actor = { kind: 'anonymous' };

test.each([
  [person, 'device.read', true],
  [token, 'device.write', true],
  [system, 'device.read', true],
  [relay, 'device.read', false],
  [anonymous, 'device.read', false],
  [person, 'nobody', false],
])('%o asks for %s: %s', (actor, permission, allowed) => {
  expect(can(actor, permission).allowed).toBe(allowed);
});

test('who is not signed in is told so, who is refused is told that', () => {
  expect(can(anonymous, 'device.read')).toMatchObject({ allowed: false, reason: 'unauthenticated' });
  expect(can(relay, 'device.read')).toMatchObject({ allowed: false, reason: 'denied' });
});

test.each([
  [person, 'person:p1'],
  [token, 'token:p1'],
  [relay, 'relay:r1'],
  [system, 'system:boot'],
  [anonymous, 'anonymous'],
])('audit rows name %o as %s', (actor, name) => {
  expect(actorName(actor)).toBe(name);
});

test.each([person, relay, anonymous])('%o may do what is public, and sees nothing there', (actor) => {
  expect(can(actor, 'public')).toMatchObject({ allowed: true, scope: { kind: 'nothing' } });
});

// Proves what every operation passes through: a change that is refused stands in the trail, a read that is refused does not.
import { call } from '@orpc/server';
import { expect, test } from 'vitest';
import type { PersonActor } from '#console/access/can.ts';
import type { Refusal } from '#console/access/refusals.ts';
import { EVERYTHING_SCOPE } from '#console/access/scope.ts';
import { AppError } from '#shared/base/errors.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { actorWith, ownerActor } from '#test/fixtures/person-actor.ts';
import type { ApiContext } from './api-context.ts';
import { guarded } from './guard.ts';

function open(tell: (refusal: Refusal) => Promise<void>) {
  const fleet = { settled: () => Promise.resolve(), readScope: () => EVERYTHING_SCOPE };
  const os = guarded({ clock: new FakeClock(), fleet, log: silentLogger, people: { refusals: { tell } } });
  const done = { removed: true as const };
  return {
    remove: os.groups.remove.handler(() => done),
    denies: os.groups.remove.handler(() => {
      throw new AppError('denied', 'not yours');
    }),
    list: os.groups.list.handler(() => ({ items: [] })),
  };
}

const contextOf = (actor: PersonActor): ApiContext => ({
  ...{ actor, address: '192.0.2.1', agent: undefined, origin: undefined, expiresAt: null, session: undefined },
  ...{ actorNow: () => Promise.resolve(actor), onRevoked: () => () => undefined, isSecure: true },
});
const input = { id: '01890000-0000-7000-8000-0000000fffff' };

test('a change that somebody may not make is told with who, what and from where; a refused read is not', async () => {
  const told: Refusal[] = [];
  const { remove, denies, list } = open((refusal) => Promise.resolve(void told.push(refusal)));
  const nobody = contextOf(actorWith([]));
  await expect(call(remove, input, { context: nobody, path: ['groups', 'remove'] })).rejects.toMatchObject({
    code: 'DENIED',
  });
  await expect(call(list, undefined, { context: nobody })).rejects.toMatchObject({ code: 'DENIED' });
  expect(told).toEqual([
    { actor: nobody.actor, verb: 'group.remove', resource: 'operation:groups.remove', address: '192.0.2.1' },
  ]);
  const owner = contextOf(ownerActor('p1', 'Ada', 'token'));
  await expect(call(denies, input, { context: owner })).rejects.toMatchObject({ code: 'DENIED' });
  await call(remove, input, { context: owner });
  expect(told).toHaveLength(2);
});

test('a trail that takes no row changes no answer', async () => {
  const { remove } = open(() => Promise.reject(new Error('the disk is full')));
  await expect(call(remove, input, { context: contextOf(actorWith([])) })).rejects.toMatchObject({ code: 'DENIED' });
});

// A list of members travels whole, whatever its size.
import { expect, test } from 'vitest';
import { DeviceId, LayerId, newId } from '#shared/base/id.ts';
import { MAX_ROSTER_DEVICES } from '#shared/model/device.ts';
import type { WatchMember } from '#shared/model/watch-policy.ts';
import { memberParts } from './watch.ts';
import { encodeFrame } from './wire-codec.ts';

const layers = Array.from({ length: 100 }, (_, n) => LayerId.parse(newId(n)));
const memberOf = (n: number): WatchMember => ({
  device: DeviceId.parse(newId(n)),
  layers,
  parent: DeviceId.parse(newId(n + 1)),
});

test('the largest list goes in frames of their size, and comes back as it was', () => {
  const members = Array.from({ length: MAX_ROSTER_DEVICES }, (_, n) => memberOf(n));
  const parts = memberParts(members);
  expect(parts.length).toBeGreaterThan(10);
  for (const body of parts) expect(encodeFrame({ id: 1, type: 'WATCH', body }).length).toBeLessThan(600_000);
  const came: WatchMember[] = [];
  for (const part of parts) {
    if (part.kind !== 'members') throw new Error('no part of a list');
    expect(part).toMatchObject({ from: came.length, total: MAX_ROSTER_DEVICES });
    came.push(...part.members);
  }
  expect(came).toEqual(members);
});

test('nothing chosen is said too', () => {
  expect(memberParts([])).toEqual([{ kind: 'members', from: 0, total: 0, members: [] }]);
});

// Under load the backlog slows first, then credits; afterwards both come back.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { FULL_PACE, type Pace, PaceKeeper } from './pace.ts';

function keeperOf() {
  const load = { loop: 0, commit: 0 };
  const told: Pace[] = [];
  const keeper = new PaceKeeper({
    clock: new FakeClock(),
    loopDelayMs: () => load.loop,
    commitMs: () => load.commit,
    onChange: (pace) => told.push(pace),
  });
  const look = (times: number) => {
    for (let i = 0; i < times; i++) keeper.look();
  };
  return { keeper, load, told, look };
}

test('four slow seconds are nothing, the fifth halves the catch-up rate', () => {
  const { load, told, look, keeper } = keeperOf();
  load.commit = 201;
  look(4);
  load.commit = 0;
  look(1);
  load.loop = 300;
  look(4);
  expect(told).toEqual([]);
  look(1);
  expect(told).toEqual([{ ...FULL_PACE, catchUpPerSecond: 100 }]);
  expect(keeper.pace.catchUpPerSecond).toBe(100);
});

test('lasting load reaches the floor of the catch-up rate, then of the credits, and never zero', () => {
  const { load, told, look } = keeperOf();
  load.loop = 999;
  look(500);
  const lastOfBacklog = told.findIndex((pace) => pace.credits.batches < 64) - 1;
  expect(told[lastOfBacklog]).toEqual({ ...FULL_PACE, catchUpPerSecond: 2 });
  expect(told.at(-1)).toEqual({ credits: { batches: 4, bytes: 262_144 }, catchUpPerSecond: 2 });
});

test('calm gives credits back first, then the rate, up to the full pace', () => {
  const { load, told, look, keeper } = keeperOf();
  load.loop = 999;
  look(500);
  load.loop = 0;
  look(14);
  const before = told.length;
  look(1);
  expect(told.length).toBe(before + 1);
  expect(keeper.pace).toEqual({ credits: { batches: 8, bytes: 524_288 }, catchUpPerSecond: 2 });
  look(500);
  expect(keeper.pace).toEqual(FULL_PACE);
  const last = told.length;
  look(100);
  expect(told.length).toBe(last);
});

// Proves what is told and what stops as a disk fills, and that all of it goes on once there is room.
import { expect, test } from 'vitest';
import { silentLogger } from '#shared/runtime/logger.ts';
import { makeEstate } from '#test/repository/estate.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import { RoomNeeds, roomOf } from './room-level.ts';
import { RoomWatch } from './room-watch.ts';

const MIB = 1_048_576;
const needs = RoomNeeds.parse({ lowBytes: 200 * MIB, shortBytes: 100 * MIB, fullBytes: 20 * MIB });

async function open() {
  const estate = await makeEstate(sqliteEngine);
  const disk = { freeBytes: 1_000 * MIB, isBroken: false };
  const done: string[] = [];
  const watch = new RoomWatch({
    ...estate,
    log: silentLogger,
    needs,
    read: () => ({ ...disk }),
    ballast: {
      isHeld: true,
      sizeBytes: 0,
      release: () => done.push('release') > 0,
      restore: () => done.push('restore') > 0,
    },
    onShort: async () => void done.push('short'),
    store: Object.assign(Object.create(estate.store), {
      transaction: (work: never) =>
        disk.isBroken ? Promise.reject(new Error('disk full')) : estate.store.transaction(work),
    }),
  });
  const at = async (mib: number) => {
    disk.freeBytes = mib * MIB;
    done.length = 0;
    await watch.look();
    return [watch.level, ...done];
  };
  const told = async () => {
    const rows = await estate.store.db
      .selectFrom('audit_log')
      .select('detail')
      .where('verb', '=', 'storage.room')
      .execute();
    return rows.map(({ detail }) => JSON.parse(detail).to);
  };
  return { at, told, disk, watch };
}

test('each level is told once, and does what it says', async () => {
  const { at, told, watch } = await open();
  expect(await at(500)).toEqual(['plenty', 'restore']);
  expect(await at(150)).toEqual(['low', 'restore']);
  expect(await at(140)).toEqual(['low', 'restore']);
  expect(await at(90)).toEqual(['short', 'short']);
  expect(watch.isFull).toBe(false);
  expect(await at(10)).toEqual(['full', 'release', 'short']);
  expect(watch.isFull).toBe(true);
  expect(await at(500)).toEqual(['plenty', 'restore']);
  expect(await told()).toEqual(['low', 'short', 'full', 'plenty']);
});

test('at the edge of a level it does not swing', async () => {
  const { at, told } = await open();
  await at(199);
  for (const mib of [201, 199, 205, 198]) expect((await at(mib))[0]).toBe('low');
  expect((await at(221))[0]).toBe('plenty');
  expect(await told()).toEqual(['low', 'plenty']);
});

test('what could not be written is told once it can be', async () => {
  const { at, told, disk } = await open();
  disk.isBroken = true;
  expect((await at(5))[0]).toBe('full');
  expect(await told()).toEqual([]);
  disk.isBroken = false;
  await at(6);
  expect(await told()).toEqual(['full']);
});

test('a level says what it means in one sentence', () => {
  expect(roomOf({ freeBytes: 300 * MIB }, needs)).toEqual({ room: 'plenty', text: null });
  expect(roomOf({ freeBytes: 19 * MIB }, needs)).toEqual({
    room: 'full',
    text: '19 MiB free: no more metrics are taken in, relays keep them until there is room',
  });
});

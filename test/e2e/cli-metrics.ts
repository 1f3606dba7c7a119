// The verbs of readings and of the console's housekeeping against a live console: what each says, and what it refuses.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ran } from './cli-rig.ts';

type Rmm = (place: string, words?: readonly string[], input?: string) => Promise<Ran>;

interface Place {
  rmm: Rmm;
  folder: string;
  /** This machine, which is a device. */
  own: string;
}

export function defineMetricCommandTests({ rmm, folder, own }: Place): void {
  const text = async (place: string, words: readonly string[] = []) => {
    const { code, out, err } = await rmm(place, words);
    expect({ place, code, err }).toEqual({ place, code: 0, err: '' });
    return out;
  };
  const json = async (place: string, words: readonly string[] = []) =>
    JSON.parse(await text(place, [...words, '--json']));

  describe('readings', () => {
    test('metrics: listed, shown, summed, ranked', async () => {
      expect(await json('metrics list')).toContainEqual(expect.objectContaining({ name: 'load.1' }));
      const known = async () => (await json('metrics show', ['load.1', own])).lines[0]?.avg.length ?? 0;
      await expect.poll(known, { timeout: 30_000 }).toBeGreaterThan(0);
      expect(await text('metrics show', ['load.1', own])).toContain(own);
      expect(await json('metrics sum', ['load.1', '--hours', '1'])).toMatchObject({ devices: expect.any(Number) });
      expect(await text('metrics top', ['load.1', '--by', 'last'])).toContain(own);
      expect((await rmm('metrics sum', ['load.1', '--by', 'month'])).code).not.toBe(0);
    });

    test('metrics export writes every kept value into a file of its owner', async () => {
      const file = path.join(folder, 'readings.csv');
      await text('metrics export', [file, '--device', own, '--names', 'load.1', '--hours', '1']);
      expect(readFileSync(file, 'utf8')).toMatch(/load\.1/);
    });
  });

  describe('health', () => {
    test('of the fleet, of devices and of one of them with its reasons, now and before', async () => {
      const scores = async () => (await json('health fleet')).fleet.devices;
      await expect.poll(scores, { timeout: 30_000 }).toBeGreaterThan(0);
      expect(await text('health fleet')).toMatch(/^all /m);
      // The worst come first, and where this machine stands among them is its own affair.
      expect(await text('health devices', ['--limit', '5'])).toMatch(/^5 of \d+$/m);
      expect(await text('health devices', ['--limit', '50'])).toContain(own);
      const told = await json('health show', [own]);
      expect(told.parts.reduce((sum: number, { got }: { got: number }) => sum + got, 0)).toBe(told.score);
      expect(await text('health show', [own])).toMatch(/availability +\d+\/25/);
      expect(await json('health history', ['--device', own, '--days', '2'])).toEqual([]);
      expect(await text('health history')).toMatch(/^AT/);
      expect((await rmm('health history', ['--device', own, '--site', 'x'])).code).toBe(2);
    });
  });

  describe('how the console keeps house', () => {
    test('storage and jobs: what is kept, and a run that was asked for', async () => {
      expect(await text('storage')).toMatch(/^TIER/);
      expect((await json('jobs')).map(({ name }: { name: string }) => name)).toContain('integrity');
      expect(await json('job run', ['integrity'])).toMatchObject({ state: expect.any(String) });
      const last = async () => (await json('job runs', ['integrity']))[0]?.state;
      await expect.poll(last, { timeout: 30_000 }).toBe('ok');
      expect((await rmm('job run', ['laundry'])).code).toBe(2);
    });

    test('retention: a customer gets a time of its own, and loses it', async () => {
      await text('customer add', ['Brief Ltd']);
      await text('retention set', ['Brief Ltd', '--raw-days', '7']);
      expect(await text('retention show')).toContain('Brief Ltd: raw 7 d');
      await text('retention clear', ['Brief Ltd']);
      expect(await text('retention show')).not.toContain('Brief Ltd');
      await text('customer remove', ['Brief Ltd', '--yes', '0']);
    });
  });
}

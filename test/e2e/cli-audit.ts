// The audit verbs of the command line against a live console with two relays: filters, the verdict with its witnesses, the export.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ran } from './cli-rig.ts';

type Rmm = (place: string, words?: readonly string[], input?: string) => Promise<Ran>;

export function defineAuditCommandTests(rmm: Rmm, folder: string): void {
  const text = async (place: string, words: readonly string[] = []) => {
    const { code, out, err } = await rmm(place, words);
    expect({ code, err }).toMatchObject({ code: 0 });
    return out;
  };
  const json = async (place: string, words: readonly string[] = []) =>
    JSON.parse(await text(place, [...words, '--json']));

  describe('the audit trail', () => {
    test('rows are found by what they say, and a filter that means nothing is refused', async () => {
      const rows = await json('audit list', ['--verb', 'relay.*', '--outcome', 'ok']);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every(({ verb }: { verb: string }) => verb.startsWith('relay.'))).toBe(true);
      expect((await rmm('audit list', ['--outcome', 'maybe'])).code).toBe(2);
    });

    test('it is verified with its witnesses on this machine, and leaves as lines', async () => {
      // A checkpoint is ten seconds behind at most.
      const newest = async () => (await json('audit checkpoints'))[0];
      await expect.poll(newest, { timeout: 30_000, interval: 500 }).toMatchObject({ relays: [{}, {}] });
      const verified = await text('audit verify', ['--witness']);
      expect(verified).toMatch(/checked on this machine: \d+ rows followed, 2 of 2 relays proven/);
      expect(verified).toContain('seen for the first time: audit key');
      expect(await text('audit verify', ['--witness'])).not.toContain('seen for the first time');
      const relay = path.join(folder, 'data', 'relay-simulated');
      const held = await text('relay witness show', ['--data', relay]);
      expect(verified).toContain(/audit key (\S+)/.exec(held)?.[1] ?? 'none');
      // No terminal, no person: the trail stays as the relay has seen it.
      const accept = await rmm('relay witness accept', ['--data', relay, '--reason', 'test']);
      expect({ code: accept.code, why: accept.err.includes('terminal') }).toEqual({ code: 4, why: true });
      const file = path.join(folder, 'trail.jsonl');
      expect(await text('audit export', [file, '--verb', 'relay.*'])).toContain('bytes written');
      const rows = readFileSync(file, 'utf8').trim().split('\n');
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every((line) => JSON.parse(line).verb.startsWith('relay.'))).toBe(true);
    });
  });
}

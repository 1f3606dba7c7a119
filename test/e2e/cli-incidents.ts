// The verbs of checks, alerts and incidents: a check is tried, put in force until it fails on this machine, and its incident looked after.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Ran } from './cli-rig.ts';

interface IncidentRun {
  rmm: (place: string, words?: readonly string[], input?: string) => Promise<Ran>;
  folder: string;
  /** This machine, which is a device. */
  own: string;
}

const NOBODY = '01890000-0000-7000-8000-0000000fffff';

/** Fails on every machine at its next reading: some memory is always in use. */
const IN_USE = {
  ...{ id: 'cli.in-use', name: 'Any memory in use', type: 'custom', isOn: true, advice: 'Nothing: it is a test.' },
  when: { kind: 'threshold', series: 'memory.used_ratio', above: true, limits: { high: 0 }, forMs: 0, margin: 0 },
};

export function defineIncidentCommandTests({ rmm, folder, own }: IncidentRun): void {
  const text = async (place: string, words: readonly string[] = []) => {
    const { code, out, err } = await rmm(place, words);
    expect({ place, code, err }).toEqual({ place, code: 0, err: '' });
    return out;
  };
  const json = async (place: string, words: readonly string[] = []) =>
    JSON.parse(await text(place, [...words, '--json']));
  const file = path.join(folder, 'in-use.json');

  test('check: those that ship are listed, a draft is tried on one device and on all', async () => {
    expect(await text('check list')).toMatch(/^device\.down +availability +yes +critical/m);
    writeFileSync(file, JSON.stringify([IN_USE]));
    const found = async () => (await json('check try', [file, own, '--hours', '1'])).episodes.length;
    await expect.poll(found, { timeout: 60_000, interval: 2_000 }).toBeGreaterThan(0);
    expect(await text('check try', [file, own])).toContain('people would have heard of it');
    const told = await json('check back-test', [file, '--days', '1']);
    // What it finds in kept hours is proved beside it, in back-test.test.ts; here every device is asked, and no check of today is lost.
    expect(told).toMatchObject({ devices: expect.any(Number), before: { findings: 0 }, lostCount: 0 });
    expect(told.devices).toBeGreaterThan(0);
    expect(await text('check back-test', [file, '--days', '1'])).toContain(`of ${told.devices} devices`);
  });

  test('incident and alert: listed, shown, looked after by a person, over once its check is gone', async () => {
    await text('policy layer', ['in-use', '--checks', file]);
    await json('policy sign', ['--yes']);
    const alerts = () => json('alert list', ['--device', own, '--check', IN_USE.id]);
    await expect.poll(async () => (await alerts()).length, { timeout: 90_000, interval: 1_000 }).toBe(1);
    const [{ id: alert, incidentId: id }] = await alerts();
    expect(await json('alert show', [alert])).toMatchObject({ severity: 'high', deviceName: own });
    expect(await text('alert list', ['--incident', id])).toContain(IN_USE.name);
    expect(await json('incident list', ['--device', own])).toContainEqual(expect.objectContaining({ id }));
    await lookAfter(id);
    await text('policy remove', ['in-use']);
    await json('policy sign', ['--yes']);
    const state = async () => (await json('alert show', [alert])).state;
    await expect.poll(state, { timeout: 60_000, interval: 1_000 }).toBe('resolved');
  });

  async function lookAfter(id: string): Promise<void> {
    const [person] = (await json('person list')) as Array<{ id: string; name: string }>; // as the verb prints them
    const one = { changed: 1 };
    expect(await json('incident acknowledge', [id, '--note', 'seen'])).toEqual(one);
    expect(await json('incident note', ['the provider is on it', id])).toEqual(one);
    expect(await json('incident snooze', [id, '--minutes', '120'])).toEqual(one);
    expect(await text('incident list', ['--state', 'any'])).toContain('snoozed until');
    expect(await json('incident snooze', [id])).toEqual(one);
    expect(await json('incident assign', [id, '--to', person?.id ?? ''])).toEqual(one);
    expect(await json('incident show', [id])).toMatchObject({ state: 'acknowledged', assignee: { id: person?.id } });
    expect(await json('incident resolve', [id, '--note', 'done'])).toEqual(one);
    expect(await json('incident reopen', [id])).toEqual(one);
    expect(await text('incident show', [id])).toMatch(/Timeline[\s\S]*note by .*: the provider is on it/);
  }

  test('an incident or alert that nobody knows: shown as an error, and no act changes anything', async () => {
    for (const place of ['incident show', 'alert show']) {
      const { code, err } = await rmm(place, [NOBODY]);
      expect([place, code === 0, err]).toEqual([place, false, expect.stringContaining('no ')]);
    }
    expect(await text('incident acknowledge', [NOBODY])).toContain('nothing changed');
  });
}

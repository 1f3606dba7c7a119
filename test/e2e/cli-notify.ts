// The verbs of who is told of incidents, one after the other: set up, explained, told of, removed.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Ran } from './cli-rig.ts';

interface NotifyRun {
  rmm: (place: string, words?: readonly string[], input?: string) => Promise<Ran>;
  folder: string;
}

const NOBODY = '01890000-0000-7000-8000-0000000fffff';

export function defineNotifyCommandTests({ rmm, folder }: NotifyRun): void {
  const text = async (place: string, words: readonly string[] = [], input = '') => {
    const { code, out, err } = await rmm(place, words, input);
    // What a secret is asked by stands on standard error.
    expect({ place, code, err: err.replace(/^password.*\n?/gm, '') }).toEqual({ place, code: 0, err: '' });
    return out;
  };
  const json = async (place: string, words: readonly string[] = []) =>
    JSON.parse(await text(place, [...words, '--json']));
  const file = (name: string, value: object): string => {
    const place = path.join(folder, name);
    writeFileSync(place, JSON.stringify(value));
    return place;
  };

  test('channel, contact, route, on-call, escalation: made, explained, removed; what was told', async () => {
    expect(await text('channel kinds')).toMatch(/^pagerduty/m);
    const mail = '--set host=127.0.0.1 --set port=25 --set from=rmm@example.org --set user=rmm --secret password'.split(
      ' ',
    );
    await text('channel add', ['email', 'Mail', ...mail], 's3cret\n');
    expect(await json('channel list')).toMatchObject([{ name: 'Mail', secrets: ['password'] }]);
    // A mail server inside that the configuration does not name.
    expect(await json('channel test', ['Mail', '--to', 'anna@example.org'])).toMatchObject({ ok: false });
    await text('contact add', ['Anna', '--way', 'Mail:anna@example.org:high']);
    const [anna] = await json('contact list');
    const schedule = {
      name: 'Berlin',
      zone: 'Europe/Berlin',
      rotations: [{ name: 'week', people: [anna.id], startsAt: '2026-01-05T08:00', everyDays: 7 }],
    };
    expect(await text('on-call put', [file('berlin.json', schedule)])).toContain('Anna is on call now');
    expect(await text('on-call list')).toContain('Anna');
    expect(await json('on-call turns', ['Berlin', '--days', '20'])).toMatchObject([{ name: 'Anna', because: 'week' }]);
    expect(await text('on-call calendar', ['Berlin'])).toContain('BEGIN:VEVENT');
    const tiers = [{ name: 'first', afterMs: 900_000, targets: [{ kind: 'contact', contact: anna.id }] }];
    await text('escalation put', [file('usual.json', { name: 'Usual', tiers })]);
    expect(await text('escalation list')).toContain('first 15 min');
    await text('route add', ['Night', '--on-call', 'Berlin', '--severity', 'critical', '--escalation', 'Usual']);
    expect(await text('route list')).toContain('Night');
    const [site] = await json('site list');
    expect(await text('route explain', [site.name])).toContain('Anna (anna@example.org) is told by Mail');
    expect(await text('route explain', [site.name, '--severity', 'low'])).toContain('it is not for low');
    await text('notification list', ['--dead']);
    for (const verb of ['show', 'why', 'retry']) {
      const { code, err } = await rmm(`notification ${verb}`, [NOBODY]);
      expect([verb, code === 0, err]).toEqual([verb, false, expect.stringContaining('no ')]);
    }
    for (const [noun, name] of [
      ['route', 'Night'],
      ['escalation', 'Usual'],
      ['on-call', 'Berlin'],
      ['contact', 'Anna'],
      ['channel', 'Mail'],
    ] as const)
      await text(`${noun} remove`, [name]);
    expect(await json('channel list')).toEqual([]);
  });
}

// The verbs of policies: drafted, planned, explained, signed, taken by the relay of this machine, and left out again.
import { hostname } from 'node:os';
import { expect, test } from 'vitest';

export interface PolicyRun {
  // The values are whatever each verb prints.
  json: (place: string, words?: readonly string[]) => Promise<ReturnType<typeof JSON.parse>>;
  text: (place: string, words?: readonly string[]) => Promise<string>;
}

export function definePolicyCommandTests({ json, text }: PolicyRun): void {
  const own = hostname();

  test('policy: drafted, planned, signed once looked at, in force, explained, removed', async () => {
    const window = '--starts 2026-11-22T22:00:00 --zone Europe/Berlin --minutes 90 --rule FREQ=DAILY'.split(' ');
    expect(await text('policy layer', ['servers', '--limit', 'cpu.used=high:71,critical:93'])).toContain('drafted');
    expect(await json('policy layer', ['servers', '--presence', 'when-used'])).toMatchObject({ isNew: false });
    await text('policy window', ['nightly', ...window, '--layer', 'servers']);
    const mail = '--host 127.0.0.1 --from relay@site.example --to oncall@site.example --security none'.split(' ');
    await text('policy route', ['night', ...mail]);
    expect(await text('policy list')).toMatch(/servers[\s\S]*nightly[\s\S]*night/);
    const plan = await text('policy plan');
    expect(plan).toMatch(/high at 71, critical at 93/);
    expect(plan).toContain('becomes when-used');
    const shown = await text('policy sign');
    expect(shown).toMatch(/critical at 93[\s\S]*FREQ=DAILY[\s\S]*mails? from relay@site.example|FREQ=DAILY/);
    const signed = await json('policy sign', ['--yes']);
    expect(signed.length).toBeGreaterThan(0);
    for (const one of signed) expect(one).toMatchObject({ state: 'active', lacks: null });
    // Each relay proves it once more and says so.
    const audit = async () => (await json('audit list')).map(({ verb }: { verb: string }) => verb);
    await expect.poll(audit, { timeout: 20_000 }).toContain('watch.accept');
    expect(await text('policy sign')).toContain('what is drafted is in force everywhere');
    const sites = await json('policy sites');
    expect(sites.every(({ isCurrent }: { isCurrent: boolean }) => isCurrent)).toBe(true);
    expect(await text('policy show', [sites[0].siteName])).toContain('critical at 93');
    const explained = await json('policy explain', [own]);
    expect(explained).toMatchObject({ presence: 'when-used', layers: ['servers'] });
    expect(await text('policy explain', [own])).toContain('customer layer servers');

    for (const name of ['nightly', 'night', 'servers']) await text('policy remove', [name]);
    await json('policy sign', ['--yes']);
    expect(await json('policy list')).toEqual([]);
    expect(await json('policy explain', [own])).toMatchObject({ presence: 'always-on', layers: [] });
  });

  test('policy parent: none, and learnt again', async () => {
    await text('policy parent', [own, 'none']);
    expect(await json('policy explain', [own])).toMatchObject({ parent: null, hasNoParent: true });
    await text('policy parent', [own, 'learn']);
    expect(await json('policy explain', [own])).toMatchObject({ hasNoParent: false });
  });
}

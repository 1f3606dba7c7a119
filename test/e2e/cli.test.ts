// Every noun and verb of the command line against a live console with a relay and a simulated site, as the released program runs it.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completionTree } from '#console/cli/completion-command.ts';
import { addNouns } from '#console/cli/nouns.ts';
import { ensureBundles } from '#test/chaos/bundles.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { defineAuditCommandTests } from './cli-audit.ts';
import { defineFileCommandTests } from './cli-files.ts';
import { defineIncidentCommandTests } from './cli-incidents.ts';
import { defineMetricCommandTests } from './cli-metrics.ts';
import { defineNotifyCommandTests } from './cli-notify.ts';
import { managePeople } from './cli-people.ts';
import { definePolicyCommandTests } from './cli-policies.ts';
import { cliEnvironment, type Ran, runCli, wordsIn } from './cli-rig.ts';
import { defineScriptCommandTests } from './cli-scripts.ts';
import { checkSealed } from './cli-sealed.ts';
import { defineSignInCommandTests } from './cli-sign-in.ts';
import { type RunningUp, startUp } from './running-up.ts';

const folder = makeTempFolder('rmm-cli');
const LAB = 6;
let up: RunningUp;
let program = '';
/** "noun verb" of everything that was run; the last test compares it with what there is. */
const ran = new Set<string>();

beforeAll(async () => {
  up = await startUp(path.join(folder.path, 'data'), ['--lab', String(LAB)]);
  program = (await ensureBundles(() => undefined)).rmm;
}, 300_000);

afterAll(async () => {
  await up.stop();
  await folder[Symbol.asyncDispose]();
});

const rmm = (place: string, words: readonly string[] = [], input = ''): Promise<Ran> =>
  runCli({ folder: folder.path, program, ran }, place, words, input);

/** Runs a verb that must succeed and gives its one JSON value. */
async function json(place: string, words: readonly string[] = []): Promise<ReturnType<typeof JSON.parse>> {
  const { code, out, err } = await rmm(place, ['--json', ...words]);
  expect({ place, code, err }).toEqual({ place, code: 0, err: '' });
  return JSON.parse(out);
}

async function text(place: string, words: readonly string[] = []): Promise<string> {
  const { code, out, err } = await rmm(place, words);
  expect({ place, code, err }).toEqual({ place, code: 0, err: '' });
  return out;
}

const names = (items: ReadonlyArray<{ name: string }>) => items.map((one) => one.name);
const own = hostname();

describe('the estate', () => {
  test('person, role and auth: invited, granted, denied, explained, disabled, removed', () =>
    managePeople({ json, text }));

  test('customer: made, described, listed, counted, removed', async () => {
    const made = await json('customer add', ['Example Ltd', '--notes', 'contract 4711']);
    expect(made).toMatchObject({ name: 'Example Ltd', notes: 'contract 4711' });
    expect(await text('customer update', ['Example Ltd', '--name', 'Example GmbH'])).toContain('Example GmbH');
    expect(names(await json('customer list'))).toContain('Example GmbH');
    expect(await text('customer remove', ['Example GmbH'])).toContain('--yes 0');
    await text('customer remove', [made.id, '--yes', '0']);
    expect(names(await json('customer list'))).not.toContain('Example GmbH');
  });

  test('site: made with defaults, shown, changed, exported, imported, removed', async () => {
    const words = '--customer North --time-zone Europe/Berlin --default interval=30 --default tags=a,b'.split(' ');
    const made = await json('site add', ['Depot', ...words]);
    expect(made).toMatchObject({ customerName: 'North', defaults: { intervalMs: 30_000, tags: ['a', 'b'] } });
    await text('site update', ['Depot', '--contact-phone', '+49 30 1234', '--default', 'tags=']);
    expect(await json('site show', ['Depot'])).toMatchObject({
      contact: { phone: '+49 30 1234' },
      defaults: { intervalMs: 30_000 },
    });
    expect(names(await json('site list'))).toContain('Depot');
    const file = path.join(folder.path, 'sites.csv');
    await text('site export', [file]);
    expect(readFileSync(file, 'utf8')).toContain('Depot');
    expect(await json('site import', [file])).toMatchObject({ creates: 0, updates: 0 });
    expect(await text('site remove', ['Depot'])).toContain('0 devices');
    await text('site remove', ['Depot', '--yes', '0']);
    expect(names(await json('site list'))).not.toContain('Depot');
  });

  test('group: by hand and by rule, members, changes', async () => {
    await text('group add', ['Before the move']);
    expect(await json('group put', ['Before the move', own])).toEqual({ added: 1, removed: 0 });
    await expect.poll(async () => (await json('device list', ['group:"before the move"'])).total).toBe(1);
    expect(await json('group take', ['Before the move', own])).toEqual({ added: 0, removed: 1 });
    await text('group add', ['Here', '--rule', 'transport:local']);
    await expect
      .poll(async () => (await json('group list')).find((one: { name: string }) => one.name === 'Here')?.devices)
      .toBe(1);
    await text('group update', ['Here', '--description', 'this machine']);
    for (const name of ['Here', 'Before the move']) await text('group remove', [name]);
    expect(names(await json('group list'))).not.toContain('Here');
  });

  test('tag: put, counted, renamed, taken, removed', async () => {
    expect(await json('tag put', ['prod', own])).toEqual({ devices: 1 });
    expect(await json('tag rename', ['prod', 'production'])).toEqual({ devices: 1 });
    expect(await json('tag list')).toContainEqual({ tag: 'production', devices: 1 });
    expect(await json('tag take', ['production', own])).toEqual({ devices: 1 });
    await json('tag put', ['old', own]);
    expect(await json('tag remove', ['old'])).toEqual({ devices: 1 });
  });

  test('view: saved, listed, forgotten', async () => {
    await text('view add', ['Full disks', 'disk>90%', '--sort', '-disk', '--shared']);
    expect(await json('view list')).toMatchObject([{ name: 'Full disks', search: { q: 'disk>90%', sort: '-disk' } }]);
    await text('view remove', ['Full disks']);
    expect(await json('view list')).toEqual([]);
  });
});

describe('devices', () => {
  test('list: filtered, sorted, limited; a wrong filter is an error that says where', async () => {
    await expect.poll(async () => (await json('device list', ['status:up'])).total, { timeout: 60_000 }).toBe(LAB + 1);
    const sorted = await json('device list', ['simulated:yes', '--sort', '-cpu', '--limit', '3']);
    expect(sorted).toMatchObject({ total: LAB });
    expect(sorted.devices).toHaveLength(3);
    expect(await text('device list', ['status:up'])).toContain(own);
    const wrong = await rmm('device list', ['colour:red']);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('colour');
  });

  test('show, metrics, timeline of this machine', async () => {
    expect(await text('device show', [own])).toContain('cpu.used_ratio');
    expect(await json('device show', [own])).toMatchObject({ name: own, status: 'up' });
    const series = await json('device metrics', [own, '--name', 'memory.used_ratio']);
    expect(series[0].avg.some((value: number | null) => value !== null)).toBe(true);
    expect(await text('device events', [own, '--level', 'error', '--hours', '24'])).toContain('no entries');
    const timeline = () => text('device timeline', [own, '--limit', '200']);
    expect(await timeline()).toContain('tag.change');
    await expect.poll(timeline).toContain('inventory packages: first seen'); // it takes as long as there are packages
    expect(await text('device inventory', [own])).toMatch(/^KIND +HOLDS/);
  });

  test('add by site, update, export, import, remove with the count typed', async () => {
    const [relay] = await json('relay list');
    const words = `--relay ${relay.id} --address 192.0.2.9 --tag floor-2`.split(' ');
    const made = await json('device add', ['printer', ...words]);
    expect(made).toMatchObject({ name: 'printer', tags: ['floor-2'], transport: 'ssh' });
    const changed = await json('device update', [
      'printer',
      '--name',
      'printer-2',
      '--notes',
      'loud',
      '--type',
      'other',
    ]);
    expect(changed).toMatchObject({ name: 'printer-2', notes: 'loud', setType: 'other' });
    const file = path.join(folder.path, 'devices.xlsx');
    await text('device export', [file, '--filter', 'name=printer-2']);
    expect(await json('device import', [file])).toMatchObject({ rows: 1, same: 1 });
    const csv = path.join(folder.path, 'more.csv');
    writeFileSync(csv, `name,site,relay,transport,address\nprinter-3,${relay.siteName},${relay.name},ssh,192.0.2.10\n`);
    expect(await text('device import', [csv])).toContain('nothing is changed yet');
    expect(await json('device import', [csv, '--yes'])).toMatchObject({ state: 'done', creates: 1 });
    const wrong = await rmm('device remove', ['--filter', 'name:printer', '--yes', '3']);
    expect({ code: wrong.code, said: wrong.err.includes('2 devices would go, not 3') }).toEqual({
      code: 1,
      said: true,
    });
    expect(await text('device remove', ['--filter', 'name:printer', '--yes', '2'])).toContain('forgot 2');
  });

  test('a broken file is an error with row and column, and changes nothing', async () => {
    const csv = path.join(folder.path, 'broken.csv');
    writeFileSync(csv, 'name,site,address,port\nx,Nowhere,192.0.2.11,99999\n');
    const { code, out } = await rmm('device import', [csv, '--yes']);
    expect(code).toBe(2);
    expect(out).toMatch(/2\s+port/);
    expect((await json('device list', ['name=x'])).total).toBe(0);
  });

  test('accept: without --yes only what would change is shown', async () => {
    const { code, err } = await rmm('device accept', [own]);
    expect({ code, said: err.includes('nothing was seen that differs') }).toEqual({ code: 1, said: true });
  });
});

describe('relays and orders', () => {
  test('relay: listed, renamed, probed, tokens', async () => {
    const relays = await json('relay list');
    const lab = relays.find((one: { devices: number }) => one.devices === LAB);
    expect(await text('relay rename', [lab.id, 'lab-1'])).toContain('lab-1');
    const { devices } = await json('device list', ['simulated:yes', '--limit', '1']);
    const seen = await json('relay probe', ['lab-1', devices[0].address, '--port', String(devices[0].port)]);
    expect(seen.ports).toContainEqual(expect.objectContaining({ port: devices[0].port, state: 'open' }));
    expect(await text('relay token', ['--site', lab.siteId])).toContain('--token-stdin');
    expect(await text('relay replace', ['lab-1'])).toContain('--token-stdin');
    expect(await text('relay release', ['lab-1'])).toContain('released');
    const unknown = await rmm('relay revoke', ['no-such-relay']);
    expect({ code: unknown.code, named: unknown.err.includes('no-such-relay') }).toEqual({ code: 5, named: true });
  });

  test('run, action list, show and cancel', async () => {
    const { ids } = await json('run', [own, '--', 'echo seen-by-the-command-line']);
    expect(await text('action show', [ids[0]])).toContain('seen-by-the-command-line');
    expect((await json('action list'))[0]).toMatchObject({ id: ids[0], state: 'settled' });
    await json('action cancel', [ids[0]]);
    expect((await rmm('action renew', [ids[0]])).err).toContain('reached every device');
  });

  test('standing: rendered before it is signed, taken by its relay, withdrawn', async () => {
    const order = [own, '--daily', '03:30', '--name', 'free the cache', '--command', 'apt-get clean', '--days', '7'];
    expect(await text('standing sign', order)).toMatch(/each day at 03:30 UTC[\s\S]+apt-get clean/);
    const { id } = await json('standing sign', [...order, '--yes']);
    expect(await text('standing show', [id])).toContain('once in 1 hour');
    const audit = async () => (await json('audit list')).map(({ verb }: { verb: string }) => verb);
    await expect.poll(audit, { timeout: 20_000 }).toContain('standing.accept');
    expect(await json('standing withdraw', [id, '--reason', 'test'])).toEqual({ id, told: true });
    expect((await json('standing list'))[0].state).toBe('withdrawn');
    const [{ id: relay }] = await json('relay list');
    const words = `--at-most 3 --relay ${relay} --every 300 --name cron --restart cron`.split(' ');
    const shown = await text('standing sign', ['--rule', 'system:linux transport:local', ...words]);
    expect(shown).toMatch(/Restart the service cron[\s\S]+more than 3 fit[\s\S]+1 fit now/);
    expect(await text('standing sign', ['--renew', id])).toContain('each day at 03:30 UTC');
  });

  test('service restart: one that is not there is named so, and a bad name reaches nobody', async () => {
    const none = await rmm('service restart', ['rmm-none', '--device', own, '--filter', `name:${own}`]);
    expect(none.err).toMatch(/Restart the service rmm-none[\s\S]*t1, can be undone/);
    expect(none.out).toMatch(/no service named rmm-none|neither systemd, OpenRC nor service/);
    expect((await rmm('service restart', ['a;reboot', '--device', own])).err).toContain('letters, digits');
    expect((await rmm('do', ['system.info', '--device', own])).out).toMatch(/^kernel +\S+/m);
  });

  test('charter: shown, and not made twice', async () => {
    const [relay] = await json('relay list');
    expect(await text('charter show', ['--site', relay.siteId])).toContain('version');
    expect((await rmm('charter first', ['--site', relay.siteId])).code).toBe(1);
    expect(await text('charter caps', ['--site', relay.siteId, '--devices-per-order', '60'])).toContain('version');
  });
});

defineFileCommandTests({ rmm, folder: folder.path, own });
defineScriptCommandTests({ rmm, folder: folder.path, own }); // before a second person has to sign

describe('several people and keys', () => {
  const file = (name: string) => path.join(folder.path, name);
  const ownerKey = () => path.join(folder.path, 'data', 'owner', 'owner.key');

  test('a second person, a second owner, a charter signed by its owner, a drill that changes nothing', async () => {
    const { siteId: site } = (await json('relay list'))[0];
    await json('signer new', [file('ann.key'), '--name', 'ann']);
    await json('signer new', [file('bob.key'), '--name', 'bob', '--role', 'approver']);
    const second = await text('owner new', [file('second.key'), '--paper']);
    expect(wordsIn(second)).toHaveLength(24);
    const added = ['ann.key.pub', 'bob.key.pub'].flatMap((name) => ['--add-signer', file(name)]);
    const change = ['--people', 'team', '--add-owner', file('second.key.pub'), ...added, '--out', file('next.json')];
    expect(await text('charter propose', ['--site', site, ...change])).toContain('profile');
    expect(await text('charter diff', [file('next.json')])).toContain('0 of 1 owners');
    expect((await json('charter sign', [file('next.json')])).version).toBeNull();
    expect((await json('charter sign', [file('next.json'), '--yes'])).version).toBeGreaterThan(1);
    expect((await json('owner list', ['--site', site])).owners).toHaveLength(3);
    const drill = ['--site', site, '--lost', 'ann', '--owner-key'];
    expect(await text('owner drill', [...drill, ownerKey()])).toContain('can take ann out');
    expect((await rmm('owner drill', [...drill, file('bob.key')])).code).not.toBe(0);
    expect(await text('charter show', ['--site', site])).toContain('ann');
  });

  test('the second owner key of the start is written on paper, leaves the machine once typed back, and its words decide on charters', async () => {
    const { siteId: site } = (await json('relay list'))[0];
    const place = ['--data', path.join(folder.path, 'data')];
    const { out } = await rmm('owner paper', place);
    const words = wordsIn(out);
    expect(words).toHaveLength(24);
    const misspelt = await rmm('owner paper', [...place, '--written'], words.toReversed().join(' '));
    expect(misspelt.code).not.toBe(0);
    expect(misspelt.err).not.toContain(words[0]);
    const check = async () =>
      (await json('doctor')).find(({ name }: { name: string }) => name === 'owner key on paper').verdict;
    expect(await check()).toBe('warning');
    expect((await rmm('owner paper', [...place, '--written'], words.join('\n').toUpperCase())).code).toBe(0);
    expect(await check()).toBe('ok');
    expect((await rmm('owner paper', place)).err).toContain('no longer here');
    writeFileSync(file('typed.txt'), words.join(' '), { mode: 0o600 });
    const drill = ['--site', site, '--lost', 'ann', '--owner-key', file('typed.txt')];
    expect(await text('owner drill', drill)).toContain('can take ann out');
  });

  test('an order waits for the second person, who sees it before signing; the same person twice is refused', async () => {
    const { ids, lacks } = await json('run', ['--key', file('ann.key'), own, '--', 'echo by-two']);
    expect(lacks).toContain('1 more person');
    const shown = await text('action sign', [ids[0]]);
    expect(shown).toContain('echo by-two');
    expect(shown).toContain(own);
    expect((await rmm('action sign', [ids[0], '--key', file('ann.key'), '--yes'])).code).not.toBe(0);
    expect((await json('action sign', [ids[0], '--key', file('bob.key'), '--yes'])).lacks).toBeNull();
    const state = async () => (await json('action show', [ids[0]])).outcomes[0].state;
    await expect.poll(state, { timeout: 30_000 }).toBe('succeeded');
  });

  test('a guardian freezes the site, one person cannot thaw it, its owner can', async () => {
    const { siteId: site } = (await json('relay list'))[0];
    expect(await json('freeze', ['--site', site, '--reason', 'test'])).toMatchObject({ kind: 'freeze', told: 1 });
    const isFrozen = async () =>
      (await json('relay list')).some((one: { health?: { frozenAt?: number } }) => one.health?.frozenAt !== undefined);
    await expect.poll(isFrozen, { timeout: 20_000 }).toBe(true);
    const waiting = await json('thaw', ['--site', site, '--key', file('ann.key')]);
    expect(waiting).toMatchObject({ keptIn: 'the console', lacks: expect.stringContaining('two people') });
    expect((await json('thaw', ['--site', site, '--key', file('ann.key')])).lacks).toContain('two people');
    const half = ['--site', site, '--file', file('thaw.json'), '--key'];
    expect((await json('thaw', [...half, file('ann.key')])).lacks).toContain('two people');
    expect(await json('thaw', [...half, file('bob.key')])).toMatchObject({ kind: 'thaw', told: 1 });
    await expect.poll(isFrozen, { timeout: 20_000 }).toBe(false);
  });
});

describe('sealed logins', () => {
  test('credential approve: shows what it would sign, then names the host keys in one order', async () => {
    const lab = (await json('device list', ['simulated:yes', '--limit', '2'])).devices;
    const named = await Promise.all(
      lab.map(async ({ id, name }: { id: string; name: string }) => {
        const { identity } = await json('device show', [id]);
        return `${name}=${identity.hostKey}`;
      }),
    );
    expect(await text('credential approve', named)).toContain('--yes');
    const done = await json('credential approve', [...named, '--yes', '--reason', 'compared']);
    expect(done.map((one: { state: string }) => one.state)).toEqual(['succeeded', 'succeeded']);
    expect((await rmm('credential approve', ['web-1=SHA256:short'])).code).toBe(2);
  });

  test('credential: refused without the fingerprint, sealed, held, shown, revoked, removed; the secret is never printed', async () => {
    const relay = (await json('relay list')).find((one: { siteName: string }) => one.siteName === 'Simulated site');
    const place = ['--relay', relay.id];
    const seal = [...place, '--user', 'ops', '--password-stdin', '--ranges', '10.0.0.0/8'];
    const blind = await rmm('credential seal', ['cli-login', ...seal], 'canary-tiger');
    expect({ code: blind.code, why: blind.err.includes('rmm relay sealing-key') }).toEqual({ code: 4, why: true });
    const { out } = await rmm('relay sealing-key', ['--data', path.join(folder.path, 'data', 'relay-simulated')]);
    const trusted = await rmm('credential seal', ['cli-login', ...seal, '--relay-key', out.trim()], 'canary-tiger');
    expect(trusted).toMatchObject({ code: 0, err: '' });
    const state = async () => (await json('credential list'))[0];
    await expect.poll(state).toMatchObject({ name: 'cli-login', relayName: relay.name, version: 1, state: 'open' });
    // The key is remembered: the next version needs no fingerprint.
    expect((await rmm('credential seal', ['cli-login', ...seal], 'canary-lion')).code).toBe(0);
    expect((await rmm('credential seal', ['cli-login', ...seal, '--next', '--show-user'], 'canary-puma')).code).toBe(0);
    expect(await text('credential show', ['cli-login', ...place, '--next'])).toMatch(/user\s+ops/);
    expect(await json('credential promote', ['cli-login', ...place])).toMatchObject({ slot: 'current', version: 3 });
    await expect.poll(state).toMatchObject({ version: 3, promotes: 1, state: 'open' });
    expect(await text('credential revoke', ['cli-login', ...place, '--next'])).toContain('revoked');
    expect(await text('credential remove', ['cli-login', ...place, '--next'])).toContain('removed');
    const shown = await text('credential show', ['cli-login', ...place]);
    expect(shown).toContain(out.trim());
    expect(await text('credential revoke', ['cli-login', ...place])).toContain('revoked');
    await expect.poll(state).toMatchObject({ version: 4, state: 'revoked' });
    expect(await text('credential remove', ['cli-login', ...place])).toContain('removed');
    expect(`${blind.out}${blind.err}${trusted.out}${shown}`).not.toMatch(/canary/);
    await checkSealed(rmm, path.join(folder.path, 'data', 'relay-simulated'));
  });
});

defineSignInCommandTests(rmm, path.join(folder.path, 'data'));
defineAuditCommandTests(rmm, folder.path);
definePolicyCommandTests({ json, text });
defineNotifyCommandTests({ rmm, folder: folder.path });
defineMetricCommandTests({ rmm, folder: folder.path, own });
defineIncidentCommandTests({ rmm, folder: folder.path, own });

describe('the console about itself', () => {
  test('overview, search, audit, doctor, sign-in', async () => {
    expect(await text('overview')).toContain(`${LAB + 1} up`);
    expect((await json('search', [own])).hits).toContainEqual(expect.objectContaining({ kind: 'device', name: own }));
    expect((await json('audit list', ['--limit', '5'])).length).toBe(5);
    expect(await text('audit verify')).toContain('the chain holds');
    expect(await text('sign-in')).toMatch(/^http\S+#\S+\n$/);
    expect((await rmm('doctor')).out).toContain('audit');
    expect((await rmm('top')).err).toContain('needs a terminal');
  });

  test('--watch looks again until it is stopped', async () => {
    const argv = [program, 'device', 'list', '--json', '--watch', '1', '--data', path.join(folder.path, 'data')];
    const child = execFile(process.execPath, argv, { env: cliEnvironment(folder.path) });
    const seen: string[] = [];
    child.stdout?.on('data', (part: string) => seen.push(part));
    await expect.poll(() => seen.join('').split('\n').length).toBeGreaterThan(2);
    child.kill();
  });
});

test('every verb of the command line was run above', () => {
  const root = new Command('rmm').enablePositionalOptions();
  addNouns(root, root.command('relay'));
  const verbs = [...completionTree(root)].filter(([place, { words }]) => place !== '' && words.length === 0);
  expect(verbs.map(([place]) => place).filter((place) => !ran.has(place))).toEqual([]);
});

// Windows machines from end to end: a real console, relay and browser, fake hosts; what they tell, what goes wrong in words, and no secret anywhere.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { followActions } from '#console/cli/follow-action.ts';
import { signRun } from '#console/cli/sign-run.ts';
import { EVENT_FILTERS } from '#relay/collect/event-log.ts';
import { eventQuestions } from '#relay/collect/windows/event-questions.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { LogEntry } from '#shared/contract/device-log.ts';
import { helpOf } from '#shared/model/failure-help.ts';
import { FAILURE_TEXT } from '#shared/model/failure-text.ts';
import { ensureBundles } from '#test/chaos/bundles.ts';
import { eventRows } from '#test/peers/windows-host/windows-events.ts';
import { scriptedRows } from '#test/peers/windows-host/windows-scripted.ts';
import { servicesOf } from '#test/peers/windows-host/windows-software.ts';
import { follow, type Watched, watchedPage } from '#test/web/signed-in-page.ts';
import { type Listed, PASSWORDS, WindowsSite } from './windows-site.ts';

const SCRIPT = "Write-Output 'done' # canary-script-body-61c8";
const site = new WindowsSite();
/** Everything a person at a terminal was shown. */
const shown: string[] = [];

// A busy machine takes its time to start ten programs.
beforeAll(() => site.start(), 120_000);
afterAll(() => site.stop());

async function rmm(...words: readonly string[]): Promise<string> {
  const said = await site.rmm(...words);
  shown.push(said);
  return said;
}

const json = async (...words: readonly string[]) => JSON.parse(await rmm(...words, '--json'));

/** The one page of a person who looks on. */
let watched: Watched | undefined;

/** Goes to a place of the console without being loaded anew. */
async function look(place: string): Promise<Page> {
  if (watched !== undefined) await follow(watched.page, place);
  else {
    // It ends with its browser.
    watched = await watchedPage(site.context, () => undefined);
    await watched.page.goto(`${site.origin}${place}`);
    await watched.page.locator('main h1').first().waitFor({ state: 'attached' });
  }
  return watched.page;
}

test.each([
  ['tls', { auth: 'ntlm', seal: 'tls' }],
  ['clear', { auth: 'ntlm', seal: 'sealed' }],
  ['realm', { auth: 'kerberos', seal: 'sealed' }],
  ['usual', { auth: 'ntlm', seal: 'tls', port: 5986 }],
  ['share', { transport: 'smb', auth: 'ntlm', seal: 'sealed' }],
])('%s is polled, and the console knows by which way', async (name, way) => {
  await site.until(name, 'up', null);
  const id = await site.idOf(name);
  const told = { way: { transport: 'winrm', ...way }, system: 'windows', latest: [expect.anything()] };
  const shows = async () => {
    const { latest, ...device } = await site.api.devices.show({ id });
    expect({ ...device, latest: latest.slice(0, 1) }).toMatchObject(told);
  };
  await vi.waitFor(shows, { timeout: 20_000, interval: 150 });
});

/** Keys of the certificate before and after, and the tries there were. */
const moved = { former: '', now: '', attempts: 0 };

test('a certificate is changed under one session, and 5986 taken away under another', async () => {
  await Promise.all([site.until('moved', 'up', null), site.until('usual', 'up', null)]);
  const host = site.host('moved');
  const former = host.certificate.keyFingerprint;
  const { keyFingerprint: now } = await host.host.renewCertificate();
  Object.assign(moved, { former, now, attempts: host.host.counts.attempts });
  site.takeTls();
  host.host.cut();
  site.host('usual').host.cut();
});

/** Which advice pages and command line give for the words that the relay really says. */
const adviceFor = ({ statusReason, statusDetail }: Listed) =>
  statusReason === null
    ? undefined
    : helpOf({ reason: statusReason, detail: statusDetail ?? '', transport: 'winrm' }).name;

test.each([
  ['wrong', 'denied', /was not accepted/, 'denied'],
  ['closed', 'refused', /port 5986: the port is closed/, 'closed-port'],
  ['denied', 'denied', /Win32_ComputerSystem|access/i, 'rights'],
  ['wrong share', 'denied', /login|password|logon/i, 'denied'],
  ['not clear', 'credential-not-allowed', /not for NTLM over plain HTTP.*--ntlm-over-http/, 'plain-http'],
] as const)('%s says so in words', async (name, reason, detail, advice) => {
  const device = await site.until(name, 'down', reason);
  expect(device.statusDetail).toMatch(detail);
  expect(adviceFor(device)).toBe(advice);
});

test('a changed certificate is named with both keys, and nobody logs in', async () => {
  const device = await site.until('moved', 'down', 'host-key-changed');
  expect(device.statusDetail).toContain(`${moved.now} is not the pinned ${moved.former}`);
  expect(adviceFor(device)).toBe('certificate');
  expect(site.host('moved').host.counts.attempts).toBe(moved.attempts);
});

test('5986 is taken away: the device says what it lost, people are told once, nobody knocks at 5985', async () => {
  const device = await site.until('usual', 'down', 'refused');
  expect(device.statusDetail).toMatch(
    /port 5986: .*closed; this device was last reached over TLS with NTLM: not tried/,
  );
  expect(adviceFor(device)).toBe('weaker');
  const rows = (await (await site.api.audit.export({})).text()).split('\n').filter((row) => row.includes('way.refuse'));
  expect(rows).toHaveLength(1);
  expect(site.knocks).toBe(0);
});

test('each trouble says on its page and in the command line what is wrong and what to do', async () => {
  // A refused login rests between two tries, and says so.
  const troubles = [
    ['wrong', 'denied', 'paused'],
    ['closed', 'closed-port'],
    ['moved', 'certificate'],
    ['denied', 'rights'],
    ['not clear', 'plain-http'],
    ['usual', 'weaker'],
  ] as const;
  const isSaid = (said: string, helps: ReadonlyArray<(typeof troubles)[number][1] | 'paused'>) =>
    helps.some((help) =>
      [FAILURE_TEXT[`what_${help}`], FAILURE_TEXT[`todo_${help}`]].every((text) =>
        said.replaceAll('`', '').includes(text.replaceAll('`', '')),
      ),
    );
  /** Where one goes on from there: a button, or what a signer types. */
  const next = {
    wrong: 'To the logins',
    closed: 'Change how it is reached',
    moved: 'device accept',
    usual: '--host-key',
  };
  const devices = await site.listed();
  const told = Promise.all(troubles.map(([name]) => rmm('device', 'show', name)));
  for (const [name, ...helps] of troubles) {
    // The trouble stands above every view; this one draws no charts.
    const page = await look(`/devices/${devices.get(name)?.id}?tab=notes`);
    const why = page.getByRole('region', { name: 'Why it is not reached' });
    await expect.poll(async () => isSaid(await why.innerText(), helps), { message: name }).toBe(true);
    expect(await why.innerText()).toContain({ denied: '', 'not clear': '', ...next }[name]);
  }
  const said = await told;
  expect(troubles.filter(([, ...helps], n) => !isSaid(said[n] ?? '', helps))).toEqual([]);
  await site.giveTls(); // 5986 is back; what comes of it is looked at further down
});

test('no account met a wrong password more than once', () => {
  const counts = [...site.hosts.values()].map(({ host }) => host.accounts.badPasswords('monitor'));
  expect(counts.filter((count) => count > 1)).toEqual([]);
});

/** The first column of a table of the page. */
const column = (page: Page, table: string) =>
  page.getByRole('table', { name: table, exact: true }).locator('tbody tr td:first-child').allInnerTexts();
const inOrder = (texts: Iterable<unknown>) => [...new Set(texts)].map(String).sort((a, b) => (a < b ? -1 : 1));
const namesOf = (rows: readonly unknown[]) => inOrder(rows.map((row) => Object(row).name));

const nameOf = ({ log, entry, at }: Pick<LogEntry, 'log' | 'entry' | 'at'>) => `${at} ${log} ${entry}`;

const shownTimes = (page: Page) =>
  page.locator('.log-line time').evaluateAll((all) => all.map((one) => one.getAttribute('datetime')));
const timesOf = (all: readonly LogEntry[]) => all.slice(0, 100).map(({ at }) => new Date(at).toISOString());
const entries = async (): Promise<LogEntry[]> => await json('device', 'events', 'tls', '--limit', '2000');
/** What was there before the relay began anew, and when a log was cleared. */
const events: { before: readonly LogEntry[]; clearedAt: number } = { before: [], clearedAt: 0 };

test('events on the page and in the command line are those of the machine', async () => {
  const { model } = site.host('tls');
  const page = await look(`/devices/${await site.idOf('tls')}?tab=events`);
  // Of those that were there all the time: the first look goes back a thousand entries from whenever it was.
  const [from, to] = [model.now() - 12 * 3_600_000, model.now() - 60_000];
  const some = <T extends { at: number }>(all: readonly T[]) => all.filter(({ at }) => at > from && at < to);
  const rows = eventRows(eventQuestions(EVENT_FILTERS, {}).entries.script, model)?.entries ?? [];
  const ofMachine = rows.map(({ Log, Entry, At }) => ({
    log: String(Log),
    entry: Number(Entry),
    at: Number(Object(At).at),
  }));
  expect(some(ofMachine).length).toBeGreaterThan(5);
  const told = async () => {
    events.before = await entries();
    expect(inOrder(some(events.before).map(nameOf))).toEqual(inOrder(some(ofMachine).map(nameOf)));
  };
  await vi.waitFor(told, { timeout: 30_000, interval: 200 });
  await expect.poll(() => shownTimes(page)).toEqual(timesOf(events.before));
});

test('the relay begins anew, and a log of the machine was cleared meanwhile', async () => {
  await site.relay.stop();
  const { model } = site.host('tls');
  events.clearedAt = model.now();
  model.clearedLogs.set('security', events.clearedAt);
  site.relay.start();
  await site.relay.ready();
});

test('services, software, disks and what was denied stand on the pages and in the command line as the machine has them', async () => {
  const { model } = site.host('tls');
  const id = await site.idOf('tls');
  const services = inOrder(servicesOf(model).map(({ name }) => name));
  const software = inOrder((scriptedRows('apps', model) ?? []).map((row) => row['Name']));
  await vi.waitFor(async () => expect(await rmm('device', 'inventory', 'tls')).toMatch(/^packages +\d/m), {
    timeout: 30_000,
    interval: 200,
  });
  const page = await look(`/devices/${id}?tab=services`);
  const told = Promise.all([
    rmm('device', 'show', 'tls'),
    rmm('device', 'inventory', 'tls'),
    json('device', 'inventory', 'tls', 'services'),
    json('device', 'inventory', 'tls', 'packages'),
  ]);
  await expect.poll(async () => inOrder(await column(page, 'Services'))).toEqual(services);
  await look(`/devices/${id}?tab=software`);
  await expect.poll(async () => inOrder(await column(page, 'Software'))).toEqual(software);
  await look(`/devices/${id}?tab=disks`);
  for (const letter of model.letters) await page.getByText(letter, { exact: true }).first().waitFor();
  await look(`/devices/${id}`);
  await page.getByText('TLS; the device proves itself by its certificate').waitFor();
  const [show, inventory, [ofServices], [ofSoftware]] = await told;
  expect(show).toMatch(/reached +winrm port \d+, NTLM, TLS, the device proven by its certificate/);
  expect(show).toMatch(/^memory.used_ratio +[\d.]+ %$/m);
  for (const letter of model.letters)
    expect(show).toMatch(new RegExp(`^filesystem.used_ratio ${letter} +[\\d.]+ %$`, 'm'));
  expect(inventory).toMatch(/^shares +unknown: denied/m);
  expect(namesOf(ofServices.body.services)).toEqual(services);
  expect(namesOf(ofSoftware.body.packages)).toEqual(software);
});

test('an order runs PowerShell, and a look at the machine says each step', async () => {
  const { targets } = await site.api.devices.targets({ devices: ['tls', 'share'] });
  const action = { name: 'command.run' as const, arguments: { command: SCRIPT } };
  const bounds = { timeoutMs: 15_000, outputBytes: 1_024, concurrency: 2, reason: '', validForMs: 60_000 };
  const signed = await signRun(site.api, site.at('console'), { targets, action, ...bounds }, systemClock);
  const { ids } = await site.api.actions.submit({ signed });
  const follow = { clock: systemClock, deadlineMs: 30_000, signal: new AbortController().signal };
  expect((await followActions(site.api, ids, follow)).map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  const bundles = await ensureBundles(() => undefined);
  const look = ['relay', 'probe', '127.0.0.1', '--port', `${site.host('tls').tlsPort}`, '--credential', 'good'];
  const said = await site.verb(bundles.relay, [...look, '--data', site.at('relay')]);
  expect(said).toMatch(/certificate key +SHA256:/);
  expect(said).toMatch(/login +over TLS with NTLM at port/);
  // A line for each step, so that one paste says where it ends.
  expect(said).toMatch(/channel binding +\d+ bytes/);
  expect(said).toMatch(/NTLM flags +0x[0-9a-f]{8}, all that is demanded/);
  expect(said).toMatch(/sealing +bound to the certificate/);
  expect(said).toMatch(/Identify +OS: .*Microsoft Corporation/);
  expect(said).toMatch(/WQL +Microsoft Windows/);
  expect(said).toMatch(/shell +PowerShell .*exit code 0/);
  shown.push(said);
});

test('no entry is there twice, none is gone, and those of the cleared log are there', async () => {
  const { before, clearedAt } = events;
  const page = await look(`/devices/${await site.idOf('tls')}?tab=events`);
  await page.getByText('The audit log was cleared.').first().waitFor();
  const after = await entries();
  const names = after.map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(before.map(nameOf)));
  expect(
    after.filter(({ at, log }) => at >= clearedAt && log === 'Security').map(({ entry, code }) => [entry, code]),
  ).toEqual([[1, 1_102]]);
  await expect.poll(() => shownTimes(page)).toEqual(timesOf(after));
});

test('the device whose way was lost is polled again by it, and nobody has knocked at 5985', async () => {
  await site.until('usual', 'up', null);
  const { way } = await site.api.devices.show({ id: await site.idOf('usual') });
  expect(way).toMatchObject({ port: 5986, seal: 'tls' });
  expect(site.knocks).toBe(0);
});

test('no page had a fault', () => expect(watched?.faults).toEqual([]));

test('no password and no script stands in a log, an answer, the spool or a database', async () => {
  const { items } = await site.api.devices.list({});
  const answers: unknown[] = [items, shown, await (await site.api.audit.export({})).text()];
  for (const { id } of items) answers.push(await site.api.devices.show({ id }), await site.api.devices.events({ id }));
  const found = (text: string) => Object.values(PASSWORDS).filter((secret) => text.includes(secret));
  expect(found(JSON.stringify(answers))).toEqual([]);
  const files = readdirSync(site.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(site.folder, path.join(entry.parentPath, entry.name)));
  expect(files).toEqual(expect.arrayContaining(['console.log', 'relay.log', 'relay/spool.db', 'console/console.db']));
  for (const file of files.filter((name) => !name.startsWith('relay/credentials/')))
    expect(found(readFileSync(site.at(file), 'latin1')), file).toEqual([]);
  for (const log of ['relay.log', 'console.log']) expect(readFileSync(site.at(log), 'utf8')).not.toContain('canary-');
});

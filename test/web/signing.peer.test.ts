// Passkeys in a real Chromium, from their making to a real sshd behind two relays: one tap runs on both, and nothing else does.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildWebIfChanged } from '#console/cli/up/web-build.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { DeviceId, ManifestId } from '#shared/base/id.ts';
import type { SignedManifest } from '#shared/model/manifest.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { draftBatch, readManifest, sealBatch } from '#shared/seal/manifest-seal.ts';
import { draftOrder } from '#shared/seal/order-draft.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { auditRows, makeSite, outcomesOf, run, runOrder, sign, startRelay } from '#test/e2e/composed-site.ts';
import { openBrowser } from './browser.ts';
import { brokenLaws, NOTHING_BROKEN } from './page-laws.ts';
import {
  makePasskey,
  openPhone,
  ownerTakes,
  type PasskeyEstate,
  type Phone,
  rawSignature,
  startPasskeyEstate,
  startServedEstate,
} from './passkey-estate.ts';
import { axeViolations, shot, signIn, VIEWPORTS, watchedPage } from './signed-in-page.ts';

const BUILD_MS = 200_000;
const HOUR = 3_600_000;
let browser: Browser;

/** Passkeys alone may order ad hoc: the owner of this estate has said so. */
const PASSKEYS_ALONE = ['--rendered', '0', '--stop-seconds', '0'];

async function lawful({ page, faults }: Phone, name: string): Promise<void> {
  await shot(page, `signing-${name}`);
  expect.soft(await brokenLaws(page), name).toEqual(NOTHING_BROKEN);
  expect.soft(await axeViolations(page), name).toEqual([]);
  expect.soft(faults, name).toEqual([]);
}

/** The manifests of one command on both hosts, as any signer drafts them. */
async function draft({ estate, places }: PasskeyEstate, command: string) {
  const charters = new Map();
  for (const { site } of places)
    charters.set(site, await readCharter((await estate.api.sites.charter({ id: site })).signed));
  const targets = places.map(({ target }) => target);
  return draftBatch(draftOrder(runOrder(targets, command), charters, systemClock.now()).manifests);
}

/** As a thief of the console does: straight into its queue, as if it had been sent before. */
function smuggle({ estate: { database } }: PasskeyEstate, signed: readonly SignedManifest[]): ManifestId[] {
  return signed.map((one) => {
    const { id, site, relay, targets } = readManifest(one.manifest);
    database
      .prepare(`insert into action (id, site_id, relay_id, name, manifest, signed, signer, reason, created_by, created_at,
         expires_at, state, targets) values (?, ?, ?, 'command.run', ?, ?, 'thief', '', 'thief', ?, ?, 'sent', ?)`)
      .run(id, site, relay, one.manifest, JSON.stringify(one), Date.now(), Date.now() + HOUR, targets.length);
    const insert = database.prepare(
      `insert into action_outcome (action_id, device_id, state, at, is_truncated) values (?, ?, 'sent', ?, 0)`,
    );
    for (const { device } of targets) insert.run(id, device, Date.now());
    return id;
  });
}

/** A name that no server answers to: the browser is told where it leads. */
const NAME = 'rmm.example';

/** Of the certificate at that port, as the browser takes it for one that it trusts. */
async function keyPinOf(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  socket.destroy();
  return createHash('sha256')
    .update(key ?? '')
    .digest('base64');
}

/** An empty page of another program on this machine: the same host to a browser, and another origin. */
async function otherOrigin(): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>other</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  // A server that listens on TCP has such an address.
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

/** A standing order by rule, from the page to the relay that carries it out when its device is back; whatever the console writes meanwhile. */
async function standsByRule(house: PasskeyEstate, phone: Phone): Promise<void> {
  const { api } = house.estate;
  const [{ relay, target }] = house.places;
  const { page, origin } = phone;
  await page.goto(`${origin}/standing/new?relay=${relay.id}`);
  await page.getByLabel('Name').fill('mark it');
  await page.getByLabel('What is to be done').selectOption({ label: 'Run a command' });
  await page.getByLabel('Command').fill(house.mark);
  await page.getByLabel('Rule').fill('tag:web');
  await page.getByLabel('At most').fill('1');
  await page.getByLabel('After it stayed up for').selectOption({ label: 'at once' });
  await page.getByRole('button', { name: 'Look at it before signing' }).click();
  await page.getByText("names and sites are the console's").waitFor();
  await page.getByLabel('Rule').fill('transport:ssh system:linux');
  await page.getByRole('button', { name: 'Look at it before signing' }).click();
  const order = page.getByRole('region', { name: 'This is what you sign' });
  for (const text of ['transport:ssh system:linux', '1 device fits now', 'host of Harbour', 'later is reached too'])
    await order.getByText(text).first().waitFor();
  await lawful(phone, 'standing-preview');
  await order.getByRole('button', { name: 'Sign with a passkey' }).click();
  await page.getByRole('heading', { name: 'mark it' }).waitFor();
  await page.getByText('It has not run yet').waitFor();
  const audited = async () => (await auditRows(house.estate)).map(({ verb }) => verb);
  await expect.poll(audited, { timeout: 10_000 }).toContain('standing.accept');

  // The console writes what it likes: names, tags, and the same machine once more under another id, which would be one too many.
  const { port } = await api.devices.show({ id: target.id });
  const reach = { transport: 'ssh' as const, address: '127.0.0.1', port, credential: 'real', intervalMs: 5_000 };
  const { id: twin } = await api.devices.create({ relayId: relay.id, name: 'twin', ...reach });
  await api.tags.change({ devices: [twin, target.id], add: ['web'] });
  const statusOf = async (id: DeviceId) => (await api.devices.show({ id })).status;
  await expect.poll(() => statusOf(twin), { timeout: 40_000 }).toBe('up');
  const status = () => statusOf(target.id);
  await api.devices.update({ id: target.id, port: 1 });
  await expect.poll(status, { timeout: 40_000 }).toBe('down');
  await api.devices.update({ id: target.id, port });
  await page.getByText('1 succeeded').waitFor({ timeout: 40_000 });
  expect(house.marks()).toBe(3);
  await lawful(phone, 'standing-order');

  await page.getByRole('button', { name: 'End it' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
  await page.getByText('Withdrawn', { exact: true }).waitFor();
  await expect.poll(audited, { timeout: 10_000 }).toContain('standing.withdraw');
}

describe('passkeys', () => {
  beforeAll(async () => {
    await buildWebIfChanged(PROJECT);
    browser = await openBrowser();
  }, BUILD_MS);

  afterAll(() => browser?.close());

  test('one tap signs a batch, and it runs on real hosts behind two relays', async () => {
    const house = await startPasskeyEstate();
    const phone = await openPhone(browser, house);
    const { page, origin } = phone;
    const ann = await makePasskey(phone, 'ann', 'ann phone');
    await lawful(phone, 'waiting-key');
    await ownerTakes(house, ann, '--name', 'ann phone', '--person', 'ann', ...PASSKEYS_ALONE);
    await page.reload();
    await page.getByText('A charter names it').waitFor();
    expect(await page.getByText('Held by ann.').count()).toBe(2);
    await lawful(phone, 'signers');

    const ids = house.places.map(({ target }) => target.id).join(',');
    await page.goto(`${origin}/orders/new?devices=${ids}`);
    await page.getByLabel('Command').fill(house.mark);
    await page.getByLabel('Reason').fill('a test of passkeys');
    await page.getByRole('button', { name: 'Look at it before signing' }).click();
    const order = page.getByRole('region', { name: 'This is what you sign' });
    for (const text of [house.mark, 'host of Harbour', 'host of Airport', 'a test of passkeys', '1 person signs'])
      await order.getByText(text).first().waitFor();
    await lawful(phone, 'preview');
    await order.getByRole('button', { name: 'Sign with a passkey' }).click();
    await page.getByText('2 of 2 devices are done').waitFor();
    expect(await page.locator('[data-state=succeeded]').count()).toBe(2);
    await lawful(phone, 'outcomes');
    expect(house.marks()).toBe(2);
    await standsByRule(house, phone);
  });

  test('an edited target, another origin, a user who was not verified and another key run nothing', async () => {
    const house = await startPasskeyEstate();
    const { estate, places } = house;
    const phone = await openPhone(browser, house);
    const { page, origin, cdp, authenticator: authenticatorId } = phone;
    // A key that no owner takes; forgotten, or this device would make no second one.
    const { key: stranger } = await makePasskey(phone, 'eve', 'eve phone');
    await page.getByRole('button', { name: 'Forget it here' }).click();
    const ann = await makePasskey(phone, 'ann', 'ann phone');
    await ownerTakes(house, ann, '--name', 'ann phone', '--person', 'ann', ...PASSKEYS_ALONE);
    const { id, credential } = ann.key;
    const cases: Array<[why: string, signed: SignedManifest[]]> = [];
    const attempt = async (why: string, make: (statement: string) => ReturnType<typeof rawSignature>) => {
      const { statement, parts } = await draft(house, house.mark);
      cases.push([why, sealBatch(parts, [await make(statement)])]);
    };

    await attempt('signed something else', (statement) => rawSignature(page, { statement, credential, claims: id }));
    const [, edited] = cases[0] ?? [];
    if (edited !== undefined) cases[0] = ['signed something else', edited.map((one) => retargeted(house, one))];
    await attempt('does not fit what it claims', (statement) =>
      rawSignature(page, { statement, credential: stranger.credential, claims: id }),
    );
    await attempt('no signer of charter', (statement) =>
      rawSignature(page, { statement, credential: stranger.credential, claims: stranger.id }),
    );
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await attempt('user was not verified', (statement) =>
      rawSignature(page, { statement, credential, claims: id, verification: 'discouraged' }),
    );
    // The page itself asks for more, and says so when it gets none.
    await page.goto(`${origin}/orders/new?devices=${places[0].target.id}`);
    await page.getByLabel('Command').fill(house.mark);
    await page.getByRole('button', { name: 'Look at it before signing' }).click();
    await page.getByRole('button', { name: 'Sign with a passkey' }).click();
    await page.getByText('Nothing was signed').waitFor();
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await page.goto(await otherOrigin());
    await attempt('a page the charter does not name', (statement) =>
      rawSignature(page, { statement, credential, claims: id }),
    );

    // The console refuses each, and a console that is not honest changes nothing at the relays.
    for (const [why, signed] of cases)
      await expect(estate.api.actions.submit({ signed })).rejects.toMatchObject({
        code: 'SIGNATURE_INVALID',
        message: expect.stringContaining(why),
      });
    const smuggled = cases.flatMap(([, signed]) => smuggle(house, signed));
    for (const { target } of places) await run(estate, runOrder([target], 'true'));
    const outcomes = await outcomesOf(estate, smuggled);
    expect(outcomes.map(({ state }) => state)).toEqual(smuggled.map(() => 'refused'));
    const refused = (await auditRows(estate)).filter(({ verb }) => verb === 'manifest.refuse');
    expect(refused.map(({ detail }) => detail)).toEqual(
      smuggled.map(() => expect.objectContaining({ code: 'signature-invalid' })),
    );
    expect(house.marks()).toBe(0);

    // The same way with nothing changed runs: it was not refused for being smuggled.
    await page.goto(`${origin}/signers`);
    const { statement, parts } = await draft(house, house.mark);
    const honest = sealBatch(parts, [await rawSignature(page, { statement, credential, claims: id })]);
    const { ids } = await estate.api.actions.submit({ signed: honest });
    expect((await outcomesOf(estate, ids)).map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
    expect(house.marks()).toBe(2);
  });

  test('under a bare address the page says why no passkey signs, and which command does', async () => {
    const estate = await startServedEstate();
    await makeSite(estate, 'Harbour');
    const { url } = await estate.api.session.createLink();
    const context = await signIn(browser, url.replace('//localhost:', '//127.0.0.1:'));
    onTestFinished(() => context.close());
    const { page, faults } = await watchedPage(context, onTestFinished);
    await page.goto(`${new URL(url).origin.replace('localhost', '127.0.0.1')}/signers`);
    await page.getByText('Passkeys need a name').waitFor();
    await page.getByText('rmm -- signer new').waitFor();
    expect(await page.getByRole('button', { name: 'Make a passkey' }).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test('under a DNS name with a certificate that the browser trusts a passkey is made and signs', async () => {
    const estate = await startServedEstate([NAME]);
    const relay = await startRelay(estate, await makeSite(estate, 'Harbour'));
    const named = await openBrowser([
      `--host-resolver-rules=MAP ${NAME} 127.0.0.1`,
      `--ignore-certificate-errors-spki-list=${await keyPinOf(estate.httpsPort)}`,
    ]);
    onTestFinished(() => named.close());
    const phone = await openPhone(named, { estate }, VIEWPORTS.desk, `https://${NAME}:${estate.httpsPort}`);
    const { page, origin } = phone;
    const ann = await makePasskey(phone, 'ann', 'ann phone');
    expect(ann.key).toMatchObject({ rpId: NAME, origins: [origin] });
    await ownerTakes({ estate, places: [{ name: 'Harbour' }] }, ann, '--name', 'ann phone', '--guardian');
    await page.goto(`${origin}/sites/${relay.site}`);
    await page.getByRole('button', { name: 'Freeze site' }).click();
    await page.getByLabel('Reason').fill('drill');
    await page.getByRole('dialog').getByRole('button', { name: 'Freeze site' }).click();
    const brake = page.getByRole('region', { name: 'Freeze' });
    await brake.getByText('Frozen since').waitFor();
    // Its relay has proven the signature, made at that name, for itself.
    await expect.poll(() => brake.innerText(), { timeout: 30_000 }).not.toContain('Late:');
  });

  test('on a phone a second person sees the whole order live, and approves it by one tap', async () => {
    const house = await startPasskeyEstate();
    const { estate, places } = house;
    const phone = await openPhone(browser, house, VIEWPORTS.phone);
    const { page, origin } = phone;
    const bob = await makePasskey(phone, 'bob', 'bob phone');
    await ownerTakes(house, bob, '--people', 'team', '--name', 'bob phone', '--person', 'bob', '--role', 'approver');
    await page.goto(`${origin}/approvals`);
    await page.getByText('Nothing waits for a signature').waitFor();
    await lawful(phone, 'nothing-waits-phone');

    // Ann orders at her own terminal.
    const targets = places.map(({ target }) => target);
    const signed = await sign(estate, runOrder(targets, house.mark, { reason: 'patch day', validForMs: HOUR }));
    const { ids } = await estate.api.actions.submit({ signed });
    const card = page.locator('.order-card', { hasText: 'patch day' });
    await card.waitFor();
    await page.locator('.bottom-bar .badge').waitFor();
    await lawful(phone, 'approvals-phone');

    // A console that holds back one relay's part is caught in the page.
    await page.route('**/api/actions/*/batch', async (route) => {
      const answer = await route.fetch();
      const { signed: all } = (await answer.json()) as { signed: unknown[] }; // the contract's answer
      await route.fulfill({ response: answer, json: { signed: all.slice(1) } });
    });
    await page.goto(`${origin}/approvals/${ids[0]}`);
    await page.getByText('the console shows 1 of the 2 devices').waitFor();
    expect(await page.getByRole('button', { name: 'Sign with a passkey' }).count()).toBe(0);
    // The page may be asking anew: without the wait that request goes on by itself, and the answer above comes to one that is over.
    await page.unrouteAll({ behavior: 'wait' });

    // Whoever follows it sees what it is, and for whom it waits.
    await page.goto(`${origin}/orders/${ids[0]}?with=${ids[1]}`);
    await page.getByText('It can be signed by: bob.').waitFor();
    await page.getByText(house.mark).waitFor();
    await lawful(phone, 'order-waits-phone');

    await page.goto(`${origin}/approvals`);
    await card.click();
    for (const text of [house.mark, 'host of Harbour', 'host of Airport', 'bob (bob phone), passkey'])
      await page.getByText(text).first().waitFor();
    await lawful(phone, 'approval-phone');
    expect(house.marks()).toBe(0);
    await page.getByRole('button', { name: 'Sign with a passkey' }).click();
    await page.getByText('2 of 2 devices are done').waitFor();
    await lawful(phone, 'outcomes-phone');
    expect(house.marks()).toBe(2);
  });
});

/** The order's text with another machine's identity in the place of the one that was signed. */
function retargeted(house: PasskeyEstate, signed: SignedManifest): SignedManifest {
  const { target } = house.places[0];
  const machine = target.identity.machineId ?? '';
  return { ...signed, manifest: signed.manifest.replaceAll(machine, machine.split('').toReversed().join('')) };
}

// Two sites with a relay each in front of a real sshd, a console, and browsers whose virtual authenticator holds passkeys.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { CredentialStore } from '#relay/transport/credentials.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import type { PasskeyKey } from '#shared/model/charter.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import { passkeyChallenge } from '#shared/seal/passkey.ts';
import { readPasskeyText } from '#shared/seal/passkey-text.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { ensureRmm } from '#test/chaos/bundles.ts';
import {
  type Estate,
  makeSite,
  type RunningRelay,
  startEstate,
  startRelay,
  untilKnown,
} from '#test/e2e/composed-site.ts';
import type { OnEnd } from '#test/fixtures/console-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { startSshd } from '#test/peers/sshd.ts';
import { inPage } from './page-laws.ts';
import { signIn, VIEWPORTS, type Watched, watchedPage } from './signed-in-page.ts';

export interface Place {
  site: SiteId;
  name: string;
  relay: RunningRelay;
  target: DeviceTarget;
}

export interface PasskeyEstate {
  estate: Estate;
  /** Two: one batch reaches both. */
  places: [Place, Place];
  /** A command that leaves a line in a file of this test, and how many lines there are. */
  mark: string;
  marks: () => number;
}

async function place(estate: Estate, name: string): Promise<Place> {
  const site = await makeSite(estate, name);
  const relay = await startRelay(estate, site);
  const sshd = await startSshd();
  onTestFinished(() => sshd.stop());
  const { user, clientKeyPem: privateKey, port } = sshd;
  new CredentialStore(path.join(relay.data, 'credentials')).add('real', { user, privateKey });
  const device = { transport: 'ssh' as const, address: '127.0.0.1', port, credential: 'real', intervalMs: 5_000 };
  const { id } = await estate.api.devices.create({ relayId: relay.id, name: `host of ${name}`, ...device });
  const [target] = await untilKnown(estate, [id]);
  if (target === undefined) throw new Error('no device');
  return { site, name, relay, target };
}

/** A console in this process that has its pages: it looks for them beside the script that was started. */
export function startServedEstate(names: readonly string[] = []): Promise<Estate> {
  servePages();
  return startEstate(names);
}

/** Of each console that is started in this process from now on. */
export function servePages(): void {
  process.argv[1] = path.join(PROJECT, 'rmm.ts');
}

export async function startPasskeyEstate(): Promise<PasskeyEstate> {
  const estate = await startServedEstate();
  const places: [Place, Place] = [await place(estate, 'Harbour'), await place(estate, 'Airport')];
  const file = path.join(tempFolder(onTestFinished, 'rmm-passkey'), 'marks');
  const marks = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0);
  return { estate, places, mark: `echo ran | tee -a ${file}`, marks };
}

const run = promisify(execFile);

/** The command line as an owner has it, on the console's own machine. */
export async function rmm(estate: Estate, ...words: string[]): Promise<string> {
  const all = [await ensureRmm(() => undefined), ...words, '--data', estate.data];
  return (await run(process.execPath, all, { cwd: PROJECT })).stdout;
}

export interface Phone extends Watched {
  context: BrowserContext;
  cdp: CDPSession;
  authenticator: string;
  origin: string;
}

/** A browser of somebody else, signed in to the console at `at`, with an authenticator that verifies its user. */
export async function openPhone(
  browser: Browser,
  { estate }: { estate: Pick<Estate, 'api' | 'url'> },
  viewport: (typeof VIEWPORTS)[keyof typeof VIEWPORTS] = VIEWPORTS.desk,
  at = estate.url,
  onEnd: OnEnd = onTestFinished,
): Promise<Phone> {
  const { url } = await estate.api.session.createLink();
  const context = await signIn(browser, url.replace(estate.url, at));
  onEnd(() => context.close());
  const watched = await watchedPage(context, onEnd);
  await watched.page.setViewportSize(viewport);
  const cdp = await context.newCDPSession(watched.page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { ...watched, context, cdp, authenticator: authenticatorId, origin: at };
}

export interface MadePasskey {
  key: PasskeyKey;
  /** As the page shows it. */
  text: string;
  fingerprint: string;
}

/** As a person does it on the page of signing keys. */
export async function makePasskey({ page, origin }: Phone, person: string, name: string): Promise<MadePasskey> {
  await page.goto(`${origin}/signers`);
  await page.getByLabel('Who you are').fill(person);
  await page.getByLabel('Name of this passkey').fill(name);
  await page.getByRole('button', { name: 'Make a passkey' }).click();
  await page.getByText('It waits for an owner').waitFor();
  const command = await page.locator('.copy-box pre').first().innerText();
  const text = /rmm-passkey-1\.[\w-]+/.exec(command)?.[0] ?? '';
  await page.locator('.fingerprint', { hasText: /[0-9a-f]{4}$/ }).waitFor();
  return { key: await readPasskeyText(text), text, fingerprint: await page.locator('.fingerprint').innerText() };
}

/** The owner takes it into the charter of each place, once the terminal shows the same fingerprint as the page. */
export async function ownerTakes(
  { estate, places }: Pick<PasskeyEstate, 'estate'> & { places: ReadonlyArray<Pick<Place, 'name'>> },
  { text, fingerprint }: MadePasskey,
  ...change: string[]
): Promise<void> {
  const folder = tempFolder(onTestFinished, 'rmm-proposal');
  for (const { name } of places) {
    const file = path.join(folder, `${name}.json`);
    const words = ['charter', 'propose', '--site', name, '--passkey', text, ...change, '--out', file];
    const shown = await rmm(estate, ...words);
    if (!shown.includes(fingerprint)) throw new Error(`the terminal shows another fingerprint: ${shown}`);
    await rmm(estate, 'charter', 'sign', file, '--yes');
  }
}

interface RawAsk {
  statement: string;
  credential: string;
  /** Charter key that the signature claims to be of. */
  claims: string;
  verification?: 'required' | 'discouraged';
}

/** What any script on a page could ask of the browser, with none of our own checks. */
export async function rawSignature(page: Page, ask: RawAsk): Promise<PasskeySignature> {
  const { statement, credential, claims, verification = 'required' } = ask;
  const challenge = await passkeyChallenge(statement);
  await page.evaluate(await inPage('assertion.ts'));
  const asked = JSON.stringify({ challenge, credential, verification });
  const parts = await page.evaluate<Omit<PasskeySignature, 'kind' | 'key'>>(`rmmAssertion(${asked})`);
  return { kind: 'passkey', key: claims, ...parts };
}

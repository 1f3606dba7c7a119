// The estate of the terminal bench: console and relay, processes of their own by `rmm up`, a real sshd, and a page in a real Chromium.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { CommandContext } from '#console/cli/command-context.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { buildWebIfChanged } from '#console/cli/up/web-build.ts';
import { openSealingKey } from '#relay/pin/sealing-key.ts';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { systemClock } from '#shared/base/clock.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { type FaultProxy, startProxy } from '#test/chaos/proxy.ts';
import { changeCharter, untilKnown } from '#test/e2e/composed-site.ts';
import { processesNaming, startUp } from '#test/e2e/running-up.ts';
import { type TerminalHouse, terminalHouse } from '#test/e2e/terminal-rig.ts';
import type { OnEnd } from '#test/fixtures/console-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { startSshd } from '#test/peers/sshd.ts';
import { openBrowser } from '#test/web/browser.ts';
import { openInPage } from '#test/web/page-terminal.ts';
import { makePasskey, openPhone, servePages } from '#test/web/passkey-estate.ts';
import { VIEWPORTS } from '#test/web/signed-in-page.ts';

export interface BenchHouse extends Pick<TerminalHouse, 'context' | 'target' | 'relayKey' | 'sshd'> {
  /** A terminal that stands, behind the proxy. */
  page: Page;
  proxy: FaultProxy;
  pids: { console: number; relay: number };
}

type Estate = Omit<BenchHouse, 'page' | 'proxy'>;

export async function benchHouse(isQuick: boolean, onEnd: OnEnd): Promise<BenchHouse> {
  const house = isQuick ? await together(onEnd) : await apart(onEnd);
  return { ...house, ...(await pageOf(house, onEnd)) };
}

/** All in this process, as the quick form has it: what starts in a second, and measures no memory of each. */
async function together(onEnd: OnEnd): Promise<Estate> {
  await buildWebIfChanged(PROJECT);
  servePages();
  const house = await terminalHouse(onEnd);
  return { ...house, pids: { console: process.pid, relay: process.pid } };
}

async function apart(onEnd: OnEnd): Promise<Estate> {
  const folder = makeTempFolder('rmm-bench-terminal');
  onEnd(() => folder[Symbol.asyncDispose]());
  const sshd = await startSshd();
  onEnd(() => sshd.stop());
  const { api, data } = await running(folder.path, onEnd);
  const { user, clientKeyPem: privateKey } = sshd;
  const binding = { purpose: 'both' as const, ranges: ['127.0.0.0/8'], weakest: 'password' as const };
  new CredentialStore(path.join(data, 'relay', 'credentials')).add('main', { user, privateKey, binding });
  const [relay] = (await api.relays.list()).items;
  if (relay === undefined) throw new Error('no relay');
  const at = {
    address: '127.0.0.1',
    port: sshd.port,
    transport: 'ssh' as const,
    credential: 'main',
    intervalMs: 5_000,
  };
  const { ids } = await api.devices.createMany({ devices: [{ relayId: relay.id, name: 'srv-1', ...at }] });
  const [target] = await untilKnown({ api }, ids);
  if (target === undefined) throw new Error('no device');
  const console = await loadProfile({ data }, {});
  const context: CommandContext = {
    ...{ api, console, data, clock: systemClock },
    output: { isJson: false, write: () => true },
    progress: () => undefined,
  };
  const relayKey = (await openSealingKey(path.join(data, 'relay'))).publicKey.id;
  return { context, target, relayKey, sshd, pids: await pidsOf(data) };
}

async function running(data: string, onEnd: OnEnd) {
  const up = await startUp(data);
  onEnd(async () => void (await up.stop()));
  return up;
}

async function pidsOf(data: string): Promise<BenchHouse['pids']> {
  const found = (await processesNaming(data)).map((pid) => ({
    pid,
    words: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'),
  }));
  const pid = (word: string) => found.find(({ words }) => words.includes(word))?.pid ?? Number.NaN;
  return { console: pid('console'), relay: pid('relay') };
}

/** Signed in and signing through the proxy: to a browser that is where the console is. */
async function pageOf(house: Estate, onEnd: OnEnd): Promise<Pick<BenchHouse, 'page' | 'proxy'>> {
  const { api, console, data } = house.context;
  const port = Number(new URL(console.url).port);
  const proxy = await startProxy({ target: { host: '127.0.0.1', port }, random: () => 0.5 });
  onEnd(() => proxy.stop());
  const browser = await openBrowser();
  onEnd(() => browser.close());
  const at = `http://localhost:${proxy.port}`;
  const phone = await openPhone(browser, { estate: { api, url: console.url } }, VIEWPORTS.desk, at, onEnd);
  const { key } = await makePasskey(phone, 'ann', 'ann phone');
  await changeCharter({ api, data }, house.target.siteId, ({ signers }) => ({
    signers: [...signers, { kind: 'passkey', key, name: 'ann phone', role: 'technician', person: 'ann' }],
  }));
  return { page: await openInPage({ ...house, phone }), proxy };
}

// A site of simulated Windows machines for the end-to-end tests: a released console and relay, seven fake hosts, a real realm, a real file server, a browser.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { expect, vi } from 'vitest';
import { type Api, apiClient } from '#console/cli/client.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { openJobKey } from '#relay/pin/job-key.ts';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { systemClock } from '#shared/base/clock.ts';
import { RelayId } from '#shared/base/id.ts';
import type { CredentialBinding } from '#shared/model/credential.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { ensureBundles } from '#test/chaos/bundles.ts';
import { Program } from '#test/chaos/program.ts';
import { type LivingDevice, livingDevice } from '#test/fixtures/queue-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { type KdcPeer, startKdc } from '#test/peers/kdc.ts';
import { newDeviceKey } from '#test/peers/queue-device.ts';
import { type SmbdPeer, startSmbd } from '#test/peers/smbd.ts';
import { KerberosAcceptor } from '#test/peers/windows-host/kerberos-acceptor.ts';
import { runPowerShell } from '#test/peers/windows-host/powershell.ts';
import { startWindowsHost, type WindowsHost } from '#test/peers/windows-host/windows-host.ts';
import { openBrowser } from '#test/web/browser.ts';
import { signIn } from '#test/web/signed-in-page.ts';
import { freePort } from './running-up.ts';

/** Of this run alone: two of them at once on a machine do not meet. */
const PLACE = `127.77.${process.pid % 250}.${1 + (Math.floor(process.pid / 250) % 250)}`;
const ACCOUNTS = { user: 'monitor', realm: 'alice' };
const MONITOR: CredentialBinding = { purpose: 'monitor', ranges: ['127.0.0.0/8'], weakest: 'password' };
const HERE = { transport: 'winrm' as const, address: '127.0.0.1', intervalMs: 5_000 };

export const PASSWORDS = {
  good: 'canary-windows-5e1f',
  wrong: 'canary-wrong-windows-77',
  realm: 'canary-kerberos-93ab',
  wrongShare: 'canary-wrong-share-4d20',
  /** Of the file server, which makes its own. */
  share: '',
};

export type Listed = Awaited<ReturnType<Api['devices']['list']>>['items'][number];

export class WindowsSite {
  readonly #folder = makeTempFolder('rmm-windows');
  readonly hosts = new Map<string, WindowsHost>();
  /** The usual ports, in front of the host whose TLS is taken away. */
  #usual: { tls: Server; plain: Server } | undefined;
  /** Connections to its port without TLS. */
  knocks = 0;
  #started: { api: Api; console: Program; relay: Program; kdc: KdcPeer; smbd: SmbdPeer; browser: Browser } | undefined;
  #context: BrowserContext | undefined;
  /** The two workers of the machine behind the file queue. */
  readonly #workers: LivingDevice[] = [];
  /** Of the pages. */
  origin = '';

  get folder(): string {
    return this.#folder.path;
  }

  at(...parts: string[]): string {
    return path.join(this.#folder.path, ...parts);
  }

  get #live() {
    return this.#started ?? expect.fail('not started');
  }

  get api(): Api {
    return this.#live.api;
  }

  get relay(): Program {
    return this.#live.relay;
  }

  get context(): BrowserContext {
    return this.#context ?? expect.fail('not signed in');
  }

  host(name: string): WindowsHost {
    return this.hosts.get(name) ?? expect.fail(`no host ${name}`);
  }

  async start(): Promise<void> {
    const bundles = await ensureBundles(() => undefined);
    const [kdc, smbd, browser, console] = await Promise.all([
      startKdc({ users: { [ACCOUNTS.realm]: PASSWORDS.realm }, services: ['HTTP/srv1.test'] }),
      startSmbd('signing'),
      openBrowser(),
      this.#startConsole(bundles.rmm),
    ]);
    const api = apiClient(await loadProfile({ data: this.at('console') }, {}));
    const args = ['relay', 'run', '--data', this.at('relay'), '--log', 'debug', '--config', this.at('relay.yaml')];
    const relay = new Program({ name: 'relay', script: bundles.relay, args, logFile: this.at('relay.log') });
    this.#started = { api, console, relay, kdc, smbd, browser };
    PASSWORDS.share = smbd.password;
    const [{ url }, relayId] = await Promise.all([api.session.createLink(), this.#enrol(bundles.relay)]);
    this.origin = new URL(url).origin;
    this.#addLogins();
    writeFileSync(this.at('relay.yaml'), `kerberos:\n  config: ${kdc.configFile}\n`);
    const signedIn = signIn(browser, url).then((context) => (this.#context = context));
    await Promise.all([signedIn, this.#addDevices(relayId)]);
    relay.start();
    await relay.ready();
  }

  async stop(): Promise<void> {
    const { relay, console, kdc, smbd, browser } = this.#started ?? {};
    await Promise.all([relay?.stop(), console?.stop(), browser?.close()]);
    this.takeTls();
    this.#usual?.plain.close();
    await Promise.all([...this.hosts.values()].map((host) => host.stop()));
    for (const worker of this.#workers) await worker[Symbol.asyncDispose]();
    await Promise.all([kdc?.stop(), smbd?.stop()]);
    await this.#folder[Symbol.asyncDispose]();
  }

  /** Nobody listens at 5986 of the usual host any more. */
  takeTls(): void {
    this.#usual?.tls.close();
  }

  async giveTls(): Promise<void> {
    const { host } = this.host('usual');
    if (this.#usual !== undefined) this.#usual.tls = await onPort(5986, (socket) => host.accept(socket, true));
  }

  /** A verb of a released program that ends by itself; what it prints, of both kinds. */
  verb(script: string, args: readonly string[], input = ''): Promise<string> {
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [script, ...args], (_error, stdout, stderr) => resolve(stdout + stderr));
      child.stdin?.end(input);
    });
  }

  /** `rmm ...` of the released command line. */
  async rmm(...words: readonly string[]): Promise<string> {
    const { rmm } = await ensureBundles(() => undefined);
    return await this.verb(rmm, [...words, '--data', this.at('console')]);
  }

  async listed(): Promise<Map<string, Listed>> {
    return new Map((await this.api.devices.list({})).items.map((one) => [one.name, one]));
  }

  async idOf(name: string): Promise<Listed['id']> {
    return (await this.listed()).get(name)?.id ?? expect.fail(`no device ${name}`);
  }

  async until(name: string, status: string, reason: string | null): Promise<Listed> {
    const seen = { is: await this.listed() };
    await vi.waitFor(
      async () => {
        seen.is = await this.listed();
        expect({ [name]: [seen.is.get(name)?.status, seen.is.get(name)?.statusReason] }).toEqual({
          [name]: [status, reason],
        });
      },
      { timeout: 40_000, interval: 150 },
    );
    return seen.is.get(name) ?? expect.fail(`no device ${name}`);
  }

  /** Each is another machine. */
  async #startHost(name: string, options: Parameters<typeof startWindowsHost>[0] = {}): Promise<WindowsHost> {
    const accounts = [{ user: ACCOUNTS.user, password: PASSWORDS.good }];
    const host = await startWindowsHost({ index: this.hosts.size, accounts, lockoutThreshold: 5, ...options });
    this.hosts.set(name, host);
    return host;
  }

  async #startUsual(): Promise<void> {
    const { host } = await this.#startHost('usual');
    const tls = await onPort(5986, (socket) => host.accept(socket, true));
    const plain = await onPort(5985, (socket) => {
      this.knocks += 1;
      host.accept(socket, false);
    });
    this.#usual = { tls, plain };
  }

  /** A released console has its pages beside it. */
  async #startConsole(bundle: string): Promise<Program> {
    mkdirSync(this.at('released'));
    symlinkSync(bundle, this.at('released', 'rmm.cjs'));
    symlinkSync(path.join(PROJECT, 'console/web/dist'), this.at('released', 'web'));
    const [http, https, relay] = await Promise.all([freePort(), freePort(), freePort()]);
    const ports = ['--http-port', `${http}`, '--https-port', `${https}`, '--relay-port', `${relay}`];
    const args = ['console', '--data', this.at('console'), '--log', 'debug', ...ports];
    const script = this.at('released', 'rmm.cjs');
    const program = new Program({ name: 'console', script, args, logFile: this.at('console.log') });
    program.start();
    await program.ready();
    return program;
  }

  async #enrol(script: string): Promise<RelayId> {
    const site = await this.api.sites.create({ name: 'Windows', isSimulated: true });
    const { token, owner } = await this.api.relays.createToken({ siteId: site.id });
    const args = ['relay', 'enroll', '--data', this.at('relay'), '--owner', owner, '--token-stdin'];
    await this.verb(script, args, token);
    return RelayId.parse((await this.api.relays.list()).items[0]?.id);
  }

  /** A machine that lets in nothing but files and otherwise is like `model`. */
  async #startQueue(model: WindowsHost['model']): Promise<void> {
    const options = {
      relayKey: openJobKey(this.at('relay')).publicText,
      key: newDeviceKey(),
      identity: { smbiosUuid: '4c4c4544-0031-3010-8048-b9c04f4d3232' },
      run: (script: string) => powershellOf(script, model),
    };
    for (const lane of ['monitor', 'act'] as const)
      this.#workers.push(await livingDevice(this.#live.smbd, { ...options, lane }));
  }

  #addLogins(): void {
    const store = new CredentialStore(this.at('relay', 'credentials'));
    const { user } = ACCOUNTS;
    store.add('good', { user, password: PASSWORDS.good, binding: { ...MONITOR, purpose: 'both' } });
    store.add('clear', { user, password: PASSWORDS.good, binding: { ...MONITOR, ntlmOverHttp: true } });
    store.add('wrong', { user: 'EXAMPLE\\monitor', password: PASSWORDS.wrong, binding: MONITOR });
    store.add('realm', { user: 'alice@RMM.TEST', password: PASSWORDS.realm, binding: MONITOR });
    const overSmb: CredentialBinding = { ...MONITOR, purpose: 'both', transports: ['smb'] };
    store.add('share', { user: this.#live.smbd.user, password: PASSWORDS.share, binding: overSmb });
    store.add('wrong-share', { user: this.#live.smbd.user, password: PASSWORDS.wrongShare, binding: overSmb });
  }

  async #addDevices(relayId: RelayId): Promise<void> {
    const { kdc, smbd } = this.#live;
    // A class that only the inventory reads is kept from the login.
    const tls = await this.#startHost('tls', { mode: { deniedClasses: ['win32_share'] } });
    const clear = await this.#startHost('clear');
    const wrong = await this.#startHost('wrong');
    const moved = await this.#startHost('moved');
    const denied = await this.#startHost('denied', { mode: { deniedClasses: ['win32_computersystem'] } });
    const realm = await this.#startHost('realm', { kerberos: () => new KerberosAcceptor(kdc) });
    await this.#startUsual();
    await this.#startQueue(tls.model);
    const queue = { transport: 'smb' as const, port: smbd.port, share: 'files' };
    const common = { ...HERE, relayId, credential: 'good' };
    await this.api.devices.createMany({
      devices: [
        { ...common, name: 'tls', port: tls.tlsPort },
        { ...common, name: 'clear', port: clear.port, credential: 'clear' },
        { ...common, name: 'not clear', port: clear.port },
        { ...common, name: 'wrong', port: wrong.tlsPort, credential: 'wrong' },
        { ...common, name: 'moved', port: moved.tlsPort },
        { ...common, name: 'denied', port: denied.tlsPort },
        { ...common, name: 'closed', address: PLACE.replace('127.77', '127.78'), port: 5986 },
        { ...common, name: 'usual', address: PLACE, credential: 'clear' },
        { ...common, name: 'realm', port: realm.port, credential: 'realm', spn: 'HTTP/srv1.test' },
        { ...common, ...queue, name: 'share', credential: 'share' },
        { ...common, ...queue, name: 'wrong share', credential: 'wrong-share' },
      ],
    });
  }
}

async function powershellOf(script: string, model: WindowsHost['model']) {
  let stdout = '';
  const code = await runPowerShell(
    script,
    {
      ...{ commandLine: '', environment: new Map(), signal: new AbortController().signal },
      write: async (stream, content) => {
        if (stream === 'stdout') stdout += Buffer.from(content).toString();
      },
      read: () => Promise.resolve(undefined),
      sleep: (ms) => systemClock.sleep(ms),
    },
    model,
  );
  return { end: { kind: 'exit', code } as const, stdout };
}

async function onPort(port: number, accept: Parameters<typeof createServer>[1]): Promise<Server> {
  const server = createServer(accept).listen(port, PLACE);
  await once(server, 'listening');
  return server;
}

// Kerberos from end to end with a real directory and the relay's own poller: sealed polls where NTLM is forbidden, a floor that holds while
// its port is closed, seen from the machine's side of every port, and polls that go on when it is back.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { collectorList } from '#relay/collect/collector-list.ts';
import { FactLedger } from '#relay/poll/fact-ledger.ts';
import type { PollOutcome } from '#relay/poll/poll-outcome.ts';
import { Poller } from '#relay/poll/poller.ts';
import { KerberosLogins } from '#relay/transport/kerberos/kerberos-logins.ts';
import { systemClock as clock } from '#shared/base/clock.ts';
import { systemRandom } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { metricByName } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { resetSocket } from '#test/fixtures/reset-socket.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { type KdcPeer, startKdc } from '#test/peers/kdc.ts';
import { KerberosAcceptor } from '#test/peers/windows-host/kerberos-acceptor.ts';
import { startWindowsHost, type WindowsHost } from '#test/peers/windows-host/windows-host.ts';
import { MONITOR, makeWinrmRelay, type WinrmRelay } from '#test/peers/winrm-relay.ts';

const PASSWORD = 'Secret-1 ü';
/** Of this run alone: its ports are the usual ones, and two of them at once on a machine do not meet. */
const placeOf = (last: number) => `127.79.${process.pid % 250}.${2 * (Math.floor(process.pid / 250) % 120) + last}`;
const PLACES = { sealed: placeOf(1), tls: placeOf(2) };
// Longer than the test: it is asked when the test says so.
const INTERVAL_MS = 600_000;

/** A machine's ports as somebody beside it sees them. */
class Ports {
  readonly knocks: number[] = [];
  readonly #servers = new Map<number, Server>();
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  async open(port: number, accept: (socket: Socket) => void): Promise<void> {
    const server = createServer((socket) => {
      this.knocks.push(port);
      accept(socket);
    });
    server.listen(port, this.#address);
    await once(server, 'listening');
    this.#servers.set(port, server);
  }

  close(port: number): void {
    this.#servers.get(port)?.close();
    this.#servers.delete(port);
  }

  stop(): void {
    for (const port of [...this.#servers.keys()]) this.close(port);
  }
}

let kdc: KdcPeer;
let relay: WinrmRelay;
let poller: Poller;
const folder = makeTempFolder('rmm-floor');
const hosts = new Map<string, WindowsHost>();
const ports = new Map<string, Ports>();
const outcomes: PollOutcome[] = [];
const records: PollRecord[] = [];
const of = <T>(all: ReadonlyMap<string, T>, name: string): T => all.get(name) ?? expect.fail(`no ${name}`);

async function startMachine(name: keyof typeof PLACES, isTls: boolean): Promise<void> {
  const kerberos = () => new KerberosAcceptor({ configFile: kdc.configFile, keytab: kdc.keytab });
  const host = await startWindowsHost({ index: hosts.size, kerberos, mode: { refusesNtlm: true } });
  hosts.set(name, host);
  const at = new Ports(PLACES[name]);
  ports.set(name, at);
  await at.open(5985, (socket) => host.host.accept(socket, false));
  if (isTls) await openTls(name);
  // Windows' other ways in, for whoever would come.
  for (const port of [22, 445]) await at.open(port, resetSocket);
}

const openTls = (name: string) => of(ports, name).open(5986, (socket) => of(hosts, name).host.accept(socket, true));

beforeAll(async () => {
  kdc = await startKdc({ users: { alice: PASSWORD }, services: ['HTTP/srv1.test'] });
  await startMachine('sealed', false);
  await startMachine('tls', true);
  const kerberos = new KerberosLogins({ clock, configFile: kdc.configFile, stepMs: 20_000 });
  relay = makeWinrmRelay(folder.path, { kerberos });
  // Whatever a weaker way would need is allowed: only the floor stands in between.
  relay.addLogin('main', { user: 'alice@RMM.TEST', password: PASSWORD, binding: { ...MONITOR, ntlmOverHttp: true } });
  poller = new Poller(
    {
      ...{ clock, log: silentLogger, pool: relay.pool, collectorFor: collectorList(systemRandom) },
      ledger: new FactLedger({ clock }),
      onPoll: (record) => records.push(record),
      onFact: () => undefined,
      onOutcome: (outcome) => outcomes.push(outcome),
    },
    { concurrency: 4, timeoutMs: 60_000, inventoryEveryMs: 0 },
  );
  poller.start();
});

afterAll(async () => {
  await poller?.stop();
  await relay?.stop();
  for (const at of ports.values()) at.stop();
  await Promise.all([...hosts.values()].map((host) => host.stop()));
  await kdc?.stop();
  await folder[Symbol.asyncDispose]();
});

const entryOf = (name: keyof typeof PLACES): RosterEntry =>
  relay.device({ name, address: PLACES[name], spn: 'HTTP/srv1.test', intervalMs: INTERVAL_MS });

/** Asks a device now, and what came of it. */
async function poll({ device }: RosterEntry): Promise<PollOutcome> {
  const before = outcomes.filter((one) => one.device === device).length;
  poller.pollNow(device);
  const told = () => outcomes.filter((one) => one.device === device)[before] ?? expect.fail('no outcome yet');
  return await vi.waitFor(told, { timeout: 60_000, interval: 20 });
}

/** Metrics of the last record that have a number. */
function numbersOf({ device }: RosterEntry): ReadonlyMap<number, number> {
  const { series = [], values = [] } = records.findLast((one) => one.device === device) ?? {};
  return new Map(series.flatMap(({ metric }, n) => (values[n] === undefined ? [] : [[metric, values[n]]])));
}

/** Nobody came with anything but a ticket. */
const NOTHING_WEAKER = { refusals: {}, plaintextRefused: 0, basicRefused: 0 };

test('sealed polls with NTLM forbidden; 5986 is taken away: told with what to do, nothing weaker is tried; it is back: polls go on', async () => {
  const [sealed, tls] = [entryOf('sealed'), entryOf('tls')];
  poller.setRoster([sealed, tls]);
  for (const entry of [sealed, tls, sealed, tls]) expect(await poll(entry)).toMatchObject({ ok: true });
  expect(relay.told).toEqual([
    { transport: 'winrm', port: 5985, auth: 'kerberos', seal: 'sealed' },
    { transport: 'winrm', port: 5986, auth: 'kerberos', seal: 'tls' },
  ]);
  for (const entry of [sealed, tls])
    for (const name of ['memory.total', 'memory.available', 'system.uptime', 'cpu.idle', 'process.total'])
      expect(numbersOf(entry).get(metricByName(name)?.id ?? -1), name).toBeGreaterThan(0);

  const machine = of(hosts, 'tls').host;
  const at = of(ports, 'tls');
  const [logins, knocks] = [machine.counts.logins, at.knocks.length];
  at.close(5986);
  machine.cut();
  expect(await poll(tls)).toMatchObject({ ok: false, reason: 'refused' });
  for (let round = 0; round < 3; round += 1) {
    const failed = await poll(tls);
    expect(failed).toMatchObject({ ok: false, reason: 'refused' });
    expect(failed.ok ? '' : failed.detail).toBe(
      'tls: port 5986: the port is closed; this device was last reached over TLS with Kerberos: not tried over anything weaker',
    );
  }
  expect(relay.lost).toMatchObject([{ device: tls.device, detail: expect.stringContaining('rmm device accept tls') }]);
  // The machine's own record: not one connection to 5985, SSH or SMB, and not one login.
  expect(at.knocks.slice(knocks)).toEqual([]);
  expect(machine.counts).toMatchObject({ ...NOTHING_WEAKER, logins, attempts: 0 });
  expect(relay.stopped).toEqual([]);
  expect(await poll(sealed)).toMatchObject({ ok: true });

  await openTls('tls');
  expect(await poll(tls)).toMatchObject({ ok: true });
  expect(at.knocks.slice(knocks)).toEqual([5986]);
  expect(machine.counts).toMatchObject({ ...NOTHING_WEAKER, logins: logins + 1 });
  expect(of(hosts, 'sealed').host.counts).toMatchObject(NOTHING_WEAKER);
  // It has ended: the next loss is news again.
  at.close(5986);
  machine.cut();
  for (let round = 0; round < 2; round += 1) expect(await poll(tls)).toMatchObject({ ok: false, reason: 'refused' });
  expect(relay.lost).toHaveLength(2);
});

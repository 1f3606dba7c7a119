// The estate of the fan-out bench: a console as newcomers start it, sites with a relay each as released, simulated devices and real sshd addresses.
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { enrolThisMachine } from '#relay/commands/enrol-this-machine.ts';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { NewDevice } from '#shared/contract/device-contract.ts';
import { ensureBundles } from '#test/chaos/bundles.ts';
import { raiseCaps } from '#test/e2e/composed-site.ts';
import { processesNaming, type RunningUp, startUp } from '#test/e2e/running-up.ts';
import { type LabProcess, startLabProcess } from '#test/lab/lab-process.ts';
import { loopbackAddress } from '#test/lab/loopback-address.ts';
import { labCredential } from '#test/lab/roster-fragment.ts';
import { type SshdPeer, startSshd } from '#test/peers/sshd.ts';

export interface FanoutPlan {
  relays: number;
  devicesPerRelay: number;
  /** Addresses of one real sshd, at the first relay. */
  real: number;
}

export interface FanoutEstate {
  up: RunningUp;
  /** The released command line. */
  program: string;
  sshd: SshdPeer;
  realAddresses: readonly string[];
  /** Console and relays: what an order costs besides the command line. */
  controllers: () => Promise<number[]>;
  stop: () => Promise<void>;
}

/** A poll every five minutes: the bench measures orders, and 10,000 devices are polled meanwhile all the same. */
const INTERVAL_MS = 300_000;
/** One process of the lab holds as many connections as it serves well. */
const DEVICES_PER_LAB = 2_500;
/** Ten thousand first logins on two cores, with room for a busy machine. */
const KNOWN_MS = 900_000;
const READY_MS = 60_000;
/** The binding of every login here: this machine's loopback. */
const BINDING = { purpose: 'both' as const, ranges: ['127.0.0.0/8'], weakest: 'key' as const };

interface Place {
  site: SiteId;
  relay: ChildProcess;
}

const siteName = (n: number): string => `Fan ${n + 1}`;
/** Filters that name the parts of the estate. */
export const firstSite = `site="${siteName(0)}" tag:fan`;
export const everySite = 'tag:fan';
export const realDevices = 'tag:real';

type Login = Parameters<CredentialStore['add']>[1];

class Building {
  readonly #up: RunningUp;
  readonly #folder: string;
  readonly #relayProgram: string;
  readonly places: Place[] = [];

  constructor(up: RunningUp, folder: string, relayProgram: string) {
    this.#up = up;
    this.#folder = folder;
    this.#relayProgram = relayProgram;
  }

  /** A site, its charter with room for the whole order, its relay with what it has to log in to, and the relay's process. */
  async place(n: number, logins: Readonly<Record<string, Login>>): Promise<RelayId> {
    const { api } = this.#up;
    const { id: site } = await api.sites.create({ name: siteName(n), isSimulated: true });
    const made = await api.relays.createToken({ siteId: site, kind: 'site' });
    const data = path.join(this.#folder, `relay-${n}`);
    const { relay } = await enrolThisMachine({ data, token: made.token, owner: made.owner, kind: 'site' });
    await raiseCaps(this.#up, site, { devicesPerManifest: 10_000, devicesPerTenMinutes: 100_000 });
    const store = new CredentialStore(path.join(data, 'credentials'));
    for (const [name, login] of Object.entries(logins)) store.add(name, login);
    this.places.push({ site, relay: await this.#run(data) });
    return relay;
  }

  async #run(data: string): Promise<ChildProcess> {
    const log = openSync(`${data}.log`, 'a');
    const child = fork(this.#relayProgram, ['relay', 'run', '--data', data], {
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: [],
    });
    await once(child, 'message', { signal: AbortSignal.timeout(READY_MS) });
    return child;
  }
}

/** An order names identities: each device must have been met once. */
async function untilKnown({ api }: RunningUp, sites: readonly SiteId[], devices: number): Promise<void> {
  const until = performance.now() + KNOWN_MS;
  for (;;) {
    let known = 0;
    for (const siteId of sites) {
      const { targets } = await api.devices.targets({ siteId });
      known += targets.filter((target) => target.identity.machineId !== undefined).length;
    }
    if (known >= devices) return;
    if (performance.now() > until) throw new Error(`${known} of ${devices} devices known`);
    await systemClock.sleep(2_000);
  }
}

async function startLabs({ relays, devicesPerRelay }: FanoutPlan): Promise<LabProcess[]> {
  const all = relays * devicesPerRelay;
  const labs: LabProcess[] = [];
  for (let from = 0; from < all; from += DEVICES_PER_LAB)
    labs.push(
      await startLabProcess({
        devices: Math.min(DEVICES_PER_LAB, all - from),
        base: loopbackAddress('127.30.0.1', from),
        seed: from + 1,
      }),
    );
  return labs;
}

export async function startFanoutEstate(
  plan: FanoutPlan,
  folder: string,
  say: (line: string) => void,
): Promise<FanoutEstate> {
  const programs = await ensureBundles(say);
  const labs = await startLabs(plan);
  const sshd = await startSshd({ address: '0.0.0.0', maxStartups: 200, maxSessions: 50 });
  const up = await startUp(path.join(folder, 'data'));
  const building = new Building(up, folder, programs.relay);
  const realAddresses = Array.from({ length: plan.real }, (_, n) => loopbackAddress('127.90.0.1', n));
  const flat = labs.flatMap((lab) => lab.devices.map((device) => ({ lab, device })));
  for (let n = 0; n < plan.relays; n += 1) {
    const own = flat.slice(n * plan.devicesPerRelay, (n + 1) * plan.devicesPerRelay);
    const real = { user: sshd.user, privateKey: sshd.clientKeyPem, binding: BINDING };
    const login = labCredential(own[0]?.lab.devices ?? []);
    const relayId = await building.place(n, { lab: login, real });
    const shared = { transport: 'ssh', intervalMs: INTERVAL_MS, isSimulated: true } as const;
    const devices: NewDevice[] = own.map(({ device: { address, port }, lab }, k) => ({
      ...{ relayId, name: `fan-${n}-${k}`, address, port: lab.port || port, credential: 'lab', tags: ['fan'] },
      ...shared,
    }));
    if (n === 0)
      for (const [k, address] of realAddresses.entries())
        devices.push({
          relayId,
          name: `real-${k}`,
          address,
          port: sshd.port,
          credential: 'real',
          tags: ['real'],
          ...shared,
        });
    for (let from = 0; from < devices.length; from += 1_000)
      await up.api.devices.createMany({ devices: devices.slice(from, from + 1_000) });
    say(`site ${n + 1} of ${plan.relays} stands`);
  }
  const all = plan.relays * plan.devicesPerRelay + plan.real;
  await untilKnown(
    up,
    building.places.map(({ site }) => site),
    all,
  );
  return {
    ...{ up, sshd, realAddresses, program: programs.rmm },
    controllers: async () => [
      ...(await processesNaming(path.join(folder, 'data'))),
      ...building.places.flatMap(({ relay }) => relay.pid ?? []),
    ],
    stop: async () => {
      for (const { relay } of building.places) relay.kill('SIGTERM');
      await up.stop();
      for (const lab of labs) await lab.stop();
      await sshd.stop();
    },
  };
}

const exec = promisify(execFile);

export interface Timed {
  wallS: number;
  /** User and system time of the program and of the children it waited for. */
  cpuS: number;
  stdout: string;
}

/** One run of a program, with its processor time as a shell tells it. */
export async function timed(folder: string, words: readonly string[]): Promise<Timed> {
  const file = path.join(mkdtempSync(path.join(folder, 'timed-')), 'time');
  const script = 'TIMEFORMAT="%U %S"; { time "$@" 2>&3; } 3>&2 2>"$0"';
  const begun = performance.now();
  const { stdout } = await exec('bash', ['-c', script, file, ...words], { maxBuffer: 256 * 1024 * 1024 });
  const wallS = (performance.now() - begun) / 1_000;
  const [user = 0, system = 0] = readFileSync(file, 'utf8').trim().split(/\s+/).slice(-2).map(Number);
  return { wallS, cpuS: user + system, stdout };
}

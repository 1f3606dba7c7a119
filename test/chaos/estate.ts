// A console, some relays behind fault proxies and a lab of audited devices, all as processes of their own, enrolled and ready.
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Api } from '#console/cli/client.ts';
import { writeCredential } from '#console/cli/up/ssh-device.ts';
import { IdentityStore } from '#relay/pin/identity.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import type { LabDevice } from '#test/lab/lab.ts';
import { type LabProcess, startLabProcess } from '#test/lab/lab-process.ts';
import { labCredential } from '#test/lab/roster-fragment.ts';
import type { Bundles } from './bundles.ts';
import { apiOf, consoleProgram } from './console-program.ts';
import { Program } from './program.ts';
import { type FaultProxy, startProxy } from './proxy.ts';

export interface EstateOptions {
  folder: string;
  bundles: Bundles;
  relays: number;
  devicesPerRelay: number;
  seed: number;
  /** Polls read their own number; so they do unless it is said. */
  isAudit?: boolean;
  /** Of each device. */
  intervalMs?: number;
  /** For console, relays and lab, asked at each start. */
  env?: () => Readonly<Record<string, string>>;
}

export interface EstateRelay {
  index: number;
  id: RelayId;
  site: SiteId;
  folder: string;
  program: Program;
  proxy: FaultProxy;
  /** Its own part of the lab. */
  devices: readonly LabDevice[];
  /** Their ids, in the same order. */
  ids: readonly DeviceId[];
}

const LAB_CREDENTIAL = 'lab';
/** The shortest the product allows, so that much is made. */
const SHORTEST_MS = 5_000;

export class Estate {
  readonly folder: string;
  readonly console: Program;
  readonly consoleData: string;
  readonly lab: LabProcess;
  readonly api: Api;
  readonly relays: readonly EstateRelay[];

  constructor(parts: Pick<Estate, 'folder' | 'console' | 'consoleData' | 'lab' | 'api' | 'relays'>) {
    this.folder = parts.folder;
    this.console = parts.console;
    this.consoleData = parts.consoleData;
    this.lab = parts.lab;
    this.api = parts.api;
    this.relays = parts.relays;
  }

  get consoleFile(): string {
    return path.join(this.consoleData, 'console.db');
  }

  get programs(): readonly Program[] {
    return [this.console, ...this.relays.map(({ program }) => program)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop()));
    await Promise.all([this.lab.stop(), ...this.relays.map(({ proxy }) => proxy.stop())]);
  }
}

/** Everything is up when it returns; what it started stops with the estate. */
export async function startEstate(options: EstateOptions): Promise<Estate> {
  const { folder, bundles, relays, devicesPerRelay, seed, isAudit = true, env } = options;
  const hq = await consoleProgram(folder, bundles, env);
  const { program: console, data: consoleData, relayPort } = hq;
  console.start();
  const opened: AsyncDisposable[] = [console];
  try {
    const [lab] = await Promise.all([
      startLabProcess({ devices: relays * devicesPerRelay, isAudit, base: labBase(), seed }, env?.()),
      console.ready(),
    ]);
    opened.push(lab);
    const api = await apiOf(hq);
    const made = await Promise.all(
      Array.from({ length: relays }, async (_, index) => {
        const devices = lab.devices.slice(index * devicesPerRelay, (index + 1) * devicesPerRelay);
        const relay = await enrolRelay({ ...options, api, index, devices, relayPort });
        opened.push(relay.proxy, relay.program);
        return relay;
      }),
    );
    for (const { program } of made) program.start();
    await Promise.all(made.map(({ program }) => program.ready()));
    return new Estate({ folder, console, consoleData, lab, api, relays: made });
  } catch (error) {
    await Promise.allSettled(opened.map((one) => one[Symbol.asyncDispose]()));
    throw error;
  }
}

/** Labs of several runs at once share loopback: each has its own part of 127/8. */
const labBase = (): string => `127.${40 + (process.pid % 200)}.${Math.floor(process.pid / 200) % 250}.1`;

interface RelayPlan extends EstateOptions {
  api: Api;
  index: number;
  devices: readonly LabDevice[];
  relayPort: number;
}

async function enrolRelay(plan: RelayPlan): Promise<EstateRelay> {
  const { api, index, devices, bundles } = plan;
  const folder = path.join(plan.folder, `relay-${index}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const site = await api.sites.create({ name: `site ${index}`, isSimulated: true });
  const { token, owner } = await api.relays.createToken({ siteId: site.id, kind: 'site', uses: 1 });
  const words = ['relay', 'enroll', '--data', folder, '--owner', owner, '--token-stdin'];
  await run(bundles.relay, words, token, plan.env?.());
  const proxy = await startProxy({
    target: { host: '127.0.0.1', port: plan.relayPort },
    random: seededRandom(plan.seed + index),
  });
  const identity = new IdentityStore(folder);
  const { enrolment } = identity;
  if (enrolment === undefined) throw new Error(`relay ${index} is not enrolled`);
  // Its way to the console leads through the proxy.
  identity.saveEnrolment({ ...enrolment, linkPort: proxy.port });
  await writeCredential(folder, LAB_CREDENTIAL, labCredential(devices));
  const { relay, site: ownSite } = enrolment;
  const intervalMs = plan.intervalMs ?? SHORTEST_MS;
  const made = devices.map((device) => ({ ...newDevice(device, relay), intervalMs }));
  const { ids } = await api.devices.createMany({ devices: made });
  const program = new Program({
    name: `relay ${index}`,
    script: bundles.relay,
    args: ['relay', 'run', '--data', folder, '--log', 'warn'],
    logFile: path.join(plan.folder, `relay-${index}.log`),
    ...(plan.env === undefined ? {} : { env: plan.env }),
  });
  return { index, id: relay, site: ownSite, folder, program, proxy, devices, ids };
}

const newDevice = ({ name, address, port }: LabDevice, relayId: RelayId) => ({
  relayId,
  name,
  transport: 'ssh' as const,
  address,
  port,
  credential: LAB_CREDENTIAL,
  isSimulated: true,
});

/** A verb of the product that ends by itself; its input is a secret and goes in by stdin. */
function run(script: string, args: readonly string[], input: string, more: object = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [script, ...args],
      { env: { ...process.env, ...more } },
      (error, _stdout, stderr) => {
        if (error === null) resolve();
        else reject(new Error(`${args.slice(0, 2).join(' ')} failed: ${stderr}`));
      },
    );
    child.stdin?.end(input);
  });
}

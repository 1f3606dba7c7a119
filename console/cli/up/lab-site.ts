// The simulated site of `rmm up --lab`: a lab process, a relay of its own, a roster that says it is simulated.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { NewDevice } from '#shared/contract/device-contract.ts';
import { ensureDevices, ensureEnrolled, type RelaySetup, relayOf, startRelay } from './relay-setup.ts';
import { writeCredential } from './ssh-device.ts';

const SITE = 'Simulated site';
const LAB_INTERVAL_MS = 10_000;

/** What the lab process tells once it listens: a file with its devices and their login. */
const LabReady = z.looseObject({ port: z.int(), devicesFile: z.string() });
const LabDevices = z.array(
  z.object({ name: z.string(), address: z.string(), port: z.int(), user: z.string(), clientKeyPem: z.string() }),
);

const WindowsDevices = z.array(
  z.object({ name: z.string(), address: z.string(), tlsPort: z.int(), user: z.string(), password: z.string() }),
);

export interface LabSize {
  devices: number;
  windows: number;
  /** The same at each start unless told, so that a second start finds its devices where they were. */
  port: number;
}

/** Beside the sources, or above a build that stands among them. */
function labScript(base: RelaySetup, name: string): string {
  const folder = path.dirname(base.script);
  const scripts = [folder, path.dirname(folder)].map((root) => path.join(root, 'test/lab', name));
  const script = scripts.find((file) => existsSync(file));
  if (script === undefined)
    throw new AppError('unavailable', '--lab runs from the sources only: the simulator is no part of a release');
  return script;
}

/** The simulator is TypeScript; who runs from the sources has what reads it already. */
function loaderFor(script: string): readonly string[] {
  if (process.execArgv.includes('tsx')) return [];
  return ['--import', pathToFileURL(createRequire(script).resolve('tsx')).href];
}

/** Starts one kind of simulated devices and reads the file that says where they are. */
async function startLab(setup: RelaySetup, name: string, entry: string, args: readonly string[]): Promise<unknown> {
  const { children, logFolder, clock } = setup;
  const script = labScript(setup, entry);
  const starts = { name, script, args, nodeOptions: loaderFor(script), keepsInputOpen: true, logFolder, clock };
  const lab = children.start(starts);
  const ready = LabReady.parse(await lab.ready());
  return JSON.parse(await readFile(ready.devicesFile, 'utf8'));
}

export async function startLabSite(base: RelaySetup, data: string, size: LabSize): Promise<void> {
  const setup: RelaySetup = {
    ...base,
    folder: path.join(data, 'relay-simulated'),
    name: 'relay-simulated',
    site: { name: SITE, isSimulated: true },
    // Its devices live on this machine's loopback, which a relay of a real site never looks at.
    environment: { RMM_PROBE_ALLOW_LOOPBACK: 'true' },
  };
  const ssh = size.devices === 0 ? [] : await startSsh(setup, size);
  const windows = size.windows === 0 ? [] : await startWindows(setup, size);
  await ensureEnrolled(setup);
  const relayId = await relayOf(setup.api, SITE);
  const rest = { relayId, intervalMs: LAB_INTERVAL_MS, isSimulated: true };
  await ensureDevices(
    setup.api,
    [...ssh, ...windows].map((device) => ({ ...device, ...rest })),
  );
  const relay = startRelay(setup);
  await relay.ready();
}

type Placed = Pick<NewDevice, 'name' | 'transport' | 'address' | 'port' | 'credential'>;

/** Whatever a login of the lab is, it is offered to this machine's loopback alone. */
const binding = { purpose: 'both', ranges: ['127.0.0.0/8'] } as const;

async function startSsh(setup: RelaySetup, { devices: count, port }: LabSize): Promise<Placed[]> {
  const told = await startLab(setup, 'lab', 'main.ts', ['--devices', String(count), '--port', String(port)]);
  const devices = LabDevices.parse(told);
  const [first] = devices;
  if (first === undefined) throw new AppError('unavailable', 'the lab has no devices');
  const { user, clientKeyPem: privateKey } = first;
  await writeCredential(setup.folder, 'lab', { user, privateKey, binding: { ...binding, weakest: 'key' } });
  return devices.map(({ name, address, port: at }) => ({
    name,
    address,
    port: at,
    transport: 'ssh',
    credential: 'lab',
  }));
}

/** Over HTTPS, whose port follows the one of the SSH devices. */
async function startWindows(setup: RelaySetup, { windows, port }: LabSize): Promise<Placed[]> {
  const args = ['--devices', String(windows), '--tls-port', String(port + 1)];
  const devices = WindowsDevices.parse(await startLab(setup, 'lab-windows', 'windows-main.ts', args));
  const [first] = devices;
  if (first === undefined) throw new AppError('unavailable', 'the lab has no devices');
  const { user, password } = first;
  await writeCredential(setup.folder, 'lab-windows', { user, password, binding: { ...binding, weakest: 'password' } });
  return devices.map(({ name, address, tlsPort }) => ({
    name,
    address,
    port: tlsPort,
    transport: 'winrm',
    credential: 'lab-windows',
  }));
}

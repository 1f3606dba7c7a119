// The simulated site of `rmm up --lab`: a lab process, a relay of its own, a roster that says it is simulated.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { ensureDevices, ensureEnrolled, type RelaySetup, relayOf, startRelay } from './relay-setup.ts';
import { writeCredential } from './ssh-device.ts';

const SITE = 'Simulated site';
const LAB_INTERVAL_MS = 10_000;

/** What the lab process tells once it listens: a file with its devices and their login. */
const LabReady = z.looseObject({ port: z.int(), devicesFile: z.string() });
const LabDevices = z.array(
  z.object({ name: z.string(), address: z.string(), port: z.int(), user: z.string(), clientKeyPem: z.string() }),
);

/** `port` is the same at each start unless told, so that a second start finds its devices where they were. */
export async function startLabSite(
  base: RelaySetup,
  data: string,
  size: { devices: number; port: number },
): Promise<void> {
  const script = path.join(path.dirname(base.script), 'test/lab/main.ts');
  if (!existsSync(script))
    throw new AppError('unavailable', '--lab runs from the sources only: the simulator is no part of a release');
  const setup: RelaySetup = {
    ...base,
    folder: path.join(data, 'relay-simulated'),
    name: 'relay-simulated',
    site: { name: SITE, isSimulated: true },
    // Its devices live on this machine's loopback, which a relay of a real site never looks at.
    environment: { RMM_PROBE_ALLOW_LOOPBACK: 'true' },
  };
  const lab = setup.children.start({
    name: 'lab',
    script,
    args: ['--devices', String(size.devices), '--port', String(size.port)],
    keepsInputOpen: true,
    logFolder: setup.logFolder,
    clock: setup.clock,
  });
  const ready = LabReady.parse(await lab.ready());
  const devices = LabDevices.parse(JSON.parse(await readFile(ready.devicesFile, 'utf8')));
  const [first] = devices;
  if (first === undefined) throw new AppError('unavailable', 'the lab has no devices');
  await ensureEnrolled(setup);
  await writeCredential(setup.folder, 'lab', {
    user: first.user,
    privateKey: first.clientKeyPem,
    binding: { purpose: 'both', ranges: ['127.0.0.0/8'], weakest: 'key' },
  });
  const relayId = await relayOf(setup.api, SITE);
  await ensureDevices(
    setup.api,
    devices.map((device) => ({
      relayId,
      name: device.name,
      transport: 'ssh' as const,
      address: device.address,
      port: device.port,
      credential: 'lab',
      intervalMs: LAB_INTERVAL_MS,
      isSimulated: true,
    })),
  );
  const relay = startRelay(setup);
  await relay.ready();
}

// `rmm up`: a console and a relay that watches this machine, as processes of their own, with one link to open.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { apiClient } from '#console/cli/client.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { systemClock } from '#shared/base/clock.ts';
import { waitForSignal } from '#shared/runtime/wait-for-signal.ts';
import { Children } from './children.ts';
import { type LabSize, startLabSite } from './lab-site.ts';
import { ensureEnrolled, type RelaySetup, relayOf, startRelay } from './relay-setup.ts';
import { addSshDevice, type SshTarget } from './ssh-device.ts';
import { buildWebIfChanged } from './web-build.ts';

export interface UpOptions {
  data: string;
  /** Passed on to the console: ports and such, as `--flag value` words. */
  consoleFlags: readonly string[];
  /** Simulated devices to add, 0 for none, and the port they listen on. */
  lab: LabSize;
  ssh?: SshTarget | undefined;
  /** Folder of the sources, when run from them: then the web is built if it changed. */
  sources?: string | undefined;
  script: string;
  write: (line: string) => void;
}

const SITE = 'Headquarters';
export async function up(options: UpOptions): Promise<void> {
  const children = new Children();
  const ending = waitForSignal({ withParent: false });
  try {
    const started = start(options, children);
    const ended = await Promise.race([ending, started.then(() => undefined)]);
    if (ended === undefined) await Promise.race([ending, children.firstDeath()]);
  } finally {
    // What the start still waits for fails now, and nothing begins any more.
    await children.stop();
  }
}

async function start(options: UpOptions, children: Children): Promise<void> {
  const clock = systemClock;
  const logFolder = path.join(options.data, 'logs');
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  if (options.sources !== undefined) {
    options.write('building the web console if its sources changed ...');
    await buildWebIfChanged(options.sources);
  }

  options.write('starting the console ...');
  const args = ['console', '--data', options.data, ...options.consoleFlags];
  const console = children.start({ name: 'console', script: options.script, args, logFolder, clock });
  await console.ready();

  const api = apiClient(await loadProfile({ data: options.data }, {}));
  const setup: RelaySetup = {
    api,
    clock,
    children,
    script: options.script,
    logFolder,
    folder: path.join(options.data, 'relay'),
    name: 'relay',
    site: { name: SITE, isSimulated: false },
  };
  options.write('starting the relay ...');
  await ensureEnrolled(setup);
  if (options.ssh !== undefined) await addSshDevice(setup, await relayOf(api, SITE), options.ssh);
  const relay = startRelay(setup);
  await relay.ready();

  const simulated = options.lab.devices + options.lab.windows;
  if (simulated > 0) {
    options.write(`starting a simulated site of ${simulated} devices ...`);
    await startLabSite(setup, options.data, options.lab);
  }
  const link = await api.session.createLink();
  const me = await api.session.me();
  if (me.hasUnexportedOwner)
    options.write(`the owner key still lies in ${options.data}/owner: take it out with \`rmm owner export\``);
  if (me.hasUnwrittenPaper)
    options.write('a second owner key waits to be written on paper: `rmm owner paper` shows it');
  options.write('console ready');
  options.write(link.url);
}

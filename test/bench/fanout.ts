// `bench -- fanout`: one signed command on every device of a simulated site, from the command line to the last outcome stored.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { PROJECT } from '#test/architecture/source-files.ts';
import { startUp } from '#test/e2e/running-up.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';
import { median } from './statistics.ts';

const exec = promisify(execFile);
// Every device's first poll and login, at sixteen handshakes at once, fits this on a busy machine with two cores.
const KNOWN_MS = 120_000;

type Up = Awaited<ReturnType<typeof startUp>>;

async function simulatedSite(up: Up): Promise<string> {
  const { items } = await up.api.sites.list();
  const site = items.find((one) => one.isSimulated);
  if (site === undefined) throw new Error('no simulated site');
  return site.id;
}

/** An order names identities: each device must have been met once. */
async function untilKnown(up: Up, site: string, devices: number): Promise<void> {
  const until = performance.now() + KNOWN_MS;
  for (;;) {
    const { targets } = await up.api.devices.targets({ siteId: site });
    const known = targets.filter((target) => target.identity.machineId !== undefined).length;
    if (known >= devices) return;
    if (performance.now() > until) throw new Error(`${known} of ${devices} devices known`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export const benchFanout: Bench = async ({ isQuick, say }) => {
  const started = performance.now();
  const devices = isQuick ? 30 : 500;
  const rounds = isQuick ? 1 : 3;
  await using folder = makeTempFolder('rmm-fanout');
  const up = await startUp(folder.path, ['--lab', String(devices)]);
  try {
    const rmm = (...words: string[]) =>
      exec(process.execPath, ['--import', 'tsx', path.join(PROJECT, 'rmm.ts'), ...words], {
        cwd: PROJECT,
        maxBuffer: 64 * 1024 * 1024,
      });
    const site = await simulatedSite(up);
    say(`waiting until ${devices} devices are known`);
    await untilKnown(up, site, devices);
    const caps = ['--devices-per-order', String(devices), '--devices-per-ten-minutes', String(devices * rounds)];
    await rmm('charter', 'caps', '--data', folder.path, '--site', site, ...caps);
    const seconds: number[] = [];
    let failed = 0;
    for (let round = 0; round < rounds; round += 1) {
      const begin = performance.now();
      const { stdout } = await rmm(
        'run',
        '--data',
        folder.path,
        '--json',
        '--site',
        site,
        '--concurrency',
        '100',
        '--',
        'true',
      );
      seconds.push((performance.now() - begin) / 1_000);
      const { outcomes } = JSON.parse(stdout) as { outcomes: Array<{ state: string }> }; // our own command's output
      failed += outcomes.filter((outcome) => outcome.state !== 'succeeded').length + (devices - outcomes.length);
      say(`round ${round + 1}: ${seconds.at(-1)?.toFixed(2)} s`);
    }
    const figures = { devices, failed, seconds: Number(median(seconds).toFixed(2)) };
    return { name: 'bench fanout', figures, durationMs: performance.now() - started };
  } finally {
    await up.stop();
  }
};

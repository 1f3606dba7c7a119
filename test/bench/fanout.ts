// `bench -- fanout`: signed orders of the released command line to hundreds and thousands of devices, one command's first output, and Ansible beside it.
import { spawn } from 'node:child_process';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';
import { ansibleWords, endAnsible } from './fanout-ansible.ts';
import {
  everySite,
  type FanoutEstate,
  type FanoutPlan,
  firstSite,
  realDevices,
  startFanoutEstate,
  timed,
} from './fanout-estate.ts';
import { processUse } from './process-meter.ts';
import { median, percentile, rounded } from './statistics.ts';

const FULL: FanoutPlan = { relays: 20, devicesPerRelay: 500, real: 20 };
const QUICK: FanoutPlan = { relays: 2, devicesPerRelay: 15, real: 3 };

interface Kit extends FanoutEstate {
  folder: string;
  say: (line: string) => void;
}

const rmm = ({ program, up }: Kit, ...words: string[]): string[] => [
  ...[process.execPath, program, 'run', '--data', up.data, '--json', '--wait', '300'],
  ...words,
];

/** `true` everywhere that fits, once to warm the pools and then `rounds` times: seconds, and devices that did not succeed. */
async function everywhere(kit: Kit, filter: string, devices: number, rounds: number) {
  const seconds: number[] = [];
  let failed = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const { wallS, stdout } = await timed(
      kit.folder,
      rmm(kit, '--concurrency', '100', '--filter', filter, '--', 'true'),
    );
    // Our own command's output.
    const { outcomes } = JSON.parse(stdout) as { outcomes: Array<{ state: string }> };
    kit.say(`${devices} devices, ${round === 0 ? 'cold' : `round ${round}`}: ${wallS.toFixed(2)} s`);
    if (round === 0) continue;
    seconds.push(wallS);
    failed += outcomes.filter(({ state }) => state !== 'succeeded').length + (devices - outcomes.length);
  }
  return { seconds: rounded(median(seconds)), failed };
}

/** From Enter to the first byte that the device said, the start of the program included. */
async function firstOutputMs(kit: Kit): Promise<number> {
  const [node = '', ...words] = rmm(kit, 'fan-0-0', '--', 'echo hi').filter((word) => word !== '--json');
  const begun = performance.now();
  const child = spawn(node, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ms = await new Promise<number>((resolve) => {
    child.stdout.once('data', () => resolve(performance.now() - begun));
    child.once('close', () => resolve(Number.NaN));
  });
  await ended;
  return ms;
}

async function controllerCpuS(kit: Kit): Promise<number> {
  return (await kit.controllers()).reduce((sum, pid) => sum + processUse(pid).cpuS, 0);
}

/** The same command on the same addresses of a real sshd: ours and Ansible's in turn, each once before it counts. */
async function besideAnsible(kit: Kit, rounds: number) {
  const ours = { wallS: [] as number[], cpuS: [] as number[] };
  const theirs = { wallS: [] as number[], cpuS: [] as number[] };
  const words = ansibleWords(kit.folder, kit);
  for (let round = 0; round <= rounds; round += 1) {
    const before = await controllerCpuS(kit);
    const own = await timed(kit.folder, rmm(kit, '--filter', realDevices, '--', 'true'));
    const between = await controllerCpuS(kit);
    const other = await timed(kit.folder, words);
    if (round === 0) continue;
    ours.wallS.push(own.wallS);
    ours.cpuS.push(own.cpuS + between - before);
    theirs.wallS.push(other.wallS);
    theirs.cpuS.push(other.cpuS);
    kit.say(
      `ours ${own.wallS.toFixed(2)} s, ${ours.cpuS.at(-1)?.toFixed(2)} CPU-s; Ansible ${other.wallS.toFixed(2)} s, ${other.cpuS.toFixed(2)} CPU-s`,
    );
  }
  return {
    ansibleWallRatio: rounded(median(theirs.wallS) / median(ours.wallS)),
    ansibleCpuRatio: rounded(median(theirs.cpuS) / median(ours.cpuS)),
  };
}

export const benchFanout: Bench = async ({ isQuick, say }) => {
  const started = performance.now();
  const plan = isQuick ? QUICK : FULL;
  const rounds = isQuick ? 1 : 3;
  await using folder = makeTempFolder('rmm-fanout');
  const estate = await startFanoutEstate(plan, folder.path, say);
  const kit: Kit = { ...estate, folder: folder.path, say };
  try {
    const one = await everywhere(kit, firstSite, plan.devicesPerRelay, rounds);
    const waits: number[] = [];
    await firstOutputMs(kit);
    for (let n = 0; n < (isQuick ? 3 : 40); n += 1) waits.push(await firstOutputMs(kit));
    say(`first output: ${waits.map(Math.round).join(' ')} ms`);
    const beside = await besideAnsible(kit, rounds);
    const all = await everywhere(kit, everySite, plan.relays * plan.devicesPerRelay, rounds);
    const figures = {
      ...{ devices: plan.devicesPerRelay, failed: one.failed + all.failed, seconds: one.seconds },
      ...{ allDevices: plan.relays * plan.devicesPerRelay, allSeconds: all.seconds },
      firstOutputP95Ms: rounded(percentile(waits, 0.95)),
      ...beside,
    };
    return { name: 'bench fanout', figures, durationMs: performance.now() - started };
  } finally {
    endAnsible(folder.path);
    await estate.stop();
  }
};

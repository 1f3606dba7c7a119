// `chaos metrics`: a console killed while it receives, seals, closes, archives and forgets, and bits turned over in what it keeps.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { build } from 'vite';
import { systemClock } from '#shared/base/clock.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Chaos } from './chaos.ts';
import { type FlipReport, flipBits } from './metric-flips.ts';
import { unlinkDay } from './metric-unlink.ts';
import { auditKill } from './metrics-audit.ts';
import { STAGES, type Stage } from './metrics-plan.ts';

const KILLS = { whole: 500, quick: 5 };
const FLIPS = { whole: 1_000, quick: 20 };
/** A killed console begins anew in a folder of its own now and then, so that looking at all of it stays cheap. */
const KILLS_A_HOUSE = 50;
/** Within a step of the stage, which takes some milliseconds. */
const MAX_DELAY_MS = 12;
/** A child that says nothing for so long hangs. */
const SILENT_MS = 30_000;

interface House {
  folder: string;
  acked: number;
  gone: number;
}

/** One file without its sources to translate: it starts in a third of the time. */
async function bundleChild(folder: string): Promise<string> {
  await build({
    root: PROJECT,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: path.join(PROJECT, 'test/chaos/metrics-child.ts'),
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: { external: ['better-sqlite3'], output: { format: 'es', entryFileNames: 'child.mjs' } },
    },
  });
  return path.join(folder, 'child.mjs');
}

/** Starts a console in the house and kills it soon after it came to the stage; how long that was. */
function killOne(child: string, house: House, stage: Stage, delayMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const run: ChildProcess = spawn(process.execPath, [child, house.folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let trouble = '';
    const silent = setTimeout(() => run.kill('SIGKILL'), SILENT_MS);
    let isTimed = false;
    run.stderr?.on('data', (chunk: Buffer) => {
      trouble += chunk.toString();
    });
    run.stdout?.on('data', (chunk: Buffer) => {
      const lines = (text + chunk.toString()).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const [word, rest] = line.split(' ', 2);
        if (word === 'received') house.acked = Number(rest);
        if (word === 'dropping') house.gone = Math.max(house.gone, Number(rest));
        if (word === 'damage' || word === 'trouble') trouble += `${line}\n`;
        if (line !== `at ${stage}` || isTimed) continue;
        isTimed = true;
        setTimeout(() => run.kill('SIGKILL'), delayMs);
      }
    });
    run.on('exit', (_code, signal) => {
      clearTimeout(silent);
      if (signal === 'SIGKILL' && isTimed && trouble === '') resolve();
      else reject(new Error(`the console ended by itself, or complained, before ${stage}: ${trouble}`));
    });
  });
}

async function killMany(kills: number, random: () => number, say: (line: string) => void) {
  const figures = { kills: 0, lost: 0, twice: 0, wrong: 0, rows: 0, least: 0 };
  const stages = new Map<Stage, number>(STAGES.map((stage) => [stage, 0]));
  // Beside the node_modules that it needs.
  await using bundle = makeTempFolder('rmm-chaos-metrics', path.join(PROJECT, 'build'));
  const child = await bundleChild(bundle.path);
  while (figures.kills < kills) {
    await using folder = makeTempFolder('rmm-chaos-metrics');
    const house: House = { folder: folder.path, acked: 0, gone: 0 };
    for (let i = 0; i < KILLS_A_HOUSE && figures.kills < kills; i += 1) {
      const stage = STAGES[figures.kills % STAGES.length] ?? 'sealing';
      await killOne(child, house, stage, random() * MAX_DELAY_MS);
      figures.kills += 1;
      stages.set(stage, (stages.get(stage) ?? 0) + 1);
      const audit = auditKill(house.folder, house.acked, house.gone);
      for (const what of ['lost', 'twice', 'wrong', 'rows'] as const) figures[what] += audit[what];
      if (audit.damage.length > 0) figures.wrong += audit.damage.length;
      const why = audit.first ?? audit.damage[0];
      if (why !== undefined) say(`kill ${figures.kills} while ${stage}: ${why}`);
    }
    say(`${figures.kills} kills, ${figures.rows} rows looked at`);
  }
  figures.least = Math.min(...stages.values());
  return figures;
}

export const metrics: Chaos = async ({ isQuick, seed, say }) => {
  const start = systemClock.monotonic();
  const random = seededRandom(seed);
  const { kills, lost, twice, wrong, rows, least } = await killMany(KILLS[isQuick ? 'quick' : 'whole'], random, say);
  const flips = FLIPS[isQuick ? 'quick' : 'whole'];
  const shape = isQuick ? { devices: 4, hours: 2 } : { devices: 12, hours: 6 };
  const reports: FlipReport[] = [];
  for (const tiers of [['hours'], ['raw', 'days'], ['archive']] as const) {
    await using folder = makeTempFolder('rmm-chaos-flips');
    const share = Math.ceil((flips * tiers.length) / 4);
    reports.push(flipBits({ folder: folder.path, tiers, ...shape, flips: share, random }));
  }
  await using large = makeTempFolder('rmm-chaos-unlink');
  const unlink = await unlinkDay(large.path, (isQuick ? 128 : 1_024) * 2 ** 20);
  for (const { firstWrong } of reports) if (firstWrong !== undefined) say(`silently wrong: ${firstWrong}`);
  const sum = (of: (report: (typeof reports)[number]) => number) => reports.reduce((all, one) => all + of(one), 0);
  return {
    name: 'chaos metrics',
    durationMs: systemClock.monotonic() - start,
    figures: {
      kills,
      killsPerStage: least,
      lost,
      twice,
      wrong,
      rows,
      flips: sum((one) => one.flips),
      flipsWrong: sum((one) => one.wrong),
      flipsRefused: sum((one) => one.refusing),
      worstLostShare: Math.round(Math.max(...reports.map((one) => one.worstLost)) * 1e4) / 1e4,
      unlinkMs: Math.round(unlink.unlinkMs),
      usualCommitMs: Math.round(unlink.usualCommitMs),
      unlinkCommitMs: Math.round(unlink.longestCommitMs),
    },
    details: { seed, unlinkMiB: unlink.bytes / 2 ** 20 },
  };
};

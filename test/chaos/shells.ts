// `npm run chaos -- shells`: a thousand mixed runs on a fake Windows host, many of them ended before their end; then one that floods.
import type { WinrmClient } from '#relay/transport/winrm/client.ts';
import { systemClock } from '#shared/base/clock.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { clientOf } from '#test/fixtures/winrm-client.ts';
import { startWindowsHost, type WindowsHost } from '#test/peers/windows-host/windows-host.ts';
import type { Chaos, ChaosOptions } from './chaos.ts';
import { KINDS, type ShellRun } from './shell-kinds.ts';

/** As many at once as a client takes and a few that wait. */
const AT_ONCE = 6;
const SIZES = { full: { runs: 1_000, floodMb: 50 }, quick: { runs: 44, floodMb: 6 } };
/** 999: output comes in pieces that split characters. */
const PIECE_BYTES = 999;

interface Tally {
  wrong: number;
  slowestCancelMs: number;
  kinds: Set<string>;
}

async function runAll(clients: readonly WinrmClient[], options: ChaosOptions & { runs: number }): Promise<Tally> {
  const { runs, seed, say } = options;
  const random = seededRandom(seed);
  const tally: Tally = { wrong: 0, slowestCancelMs: 0, kinds: new Set() };
  let next = 0;
  const lane = async () => {
    while (next < runs) {
      const n = next;
      next += 1;
      const [kind, play] = KINDS[n % KINDS.length] ?? KINDS[0];
      const client = clients[Math.floor(random() * clients.length)];
      if (client === undefined) throw new Error('no client');
      const ended: ShellRun = await play(client, n, random);
      tally.kinds.add(kind);
      tally.slowestCancelMs = Math.max(tally.slowestCancelMs, ended.cancelMs ?? 0);
      if (ended.isRight) continue;
      tally.wrong += 1;
      if (tally.wrong <= 10) say(`run ${n}, ${kind}: ${ended.said}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return tally;
}

/** The growth of our memory while one command floods, over what it was after a small flood. */
async function flood(client: WinrmClient, megabytes: number): Promise<number> {
  const run = (size: number) =>
    client.run(
      { script: `sim-flood ${size}`, timeoutMs: 120_000, maxOutputBytes: 1_000_000, keepTruncated: true },
      new AbortController().signal,
    );
  await run(Math.ceil(megabytes / 10));
  const before = process.memoryUsage.rss();
  let peak = before;
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      peak = Math.max(peak, process.memoryUsage.rss());
      await systemClock.sleep(20, over.signal).catch(() => undefined); // the flood is over
    }
  })();
  const outcome = await run(megabytes);
  over.abort();
  await watching;
  const isWhole = outcome.ok && outcome.value.isTruncated && outcome.value.stdout.length === 1_000_000;
  if (!isWhole) throw new Error(`the flood ended otherwise: ${outcome.ok ? 'not truncated' : outcome.detail}`);
  return (peak - before) / 2 ** 20;
}

const left = (host: WindowsHost) => ({ leftShells: host.host.shells.size, leftRunning: host.host.shells.running() });

export const shells: Chaos = async (options) => {
  const startedAt = systemClock.monotonic();
  const { runs, floodMb } = SIZES[options.isQuick ? 'quick' : 'full'];
  await using host = await startWindowsHost({ pieceBytes: PIECE_BYTES, limits: { maxOperationsPerUser: 1_000_000 } });
  const clients = (['http', 'https'] as const).map((scheme) => clientOf(host, { scheme, silenceMs: 100 }));
  const tally = await runAll(clients, { ...options, runs });
  const begun = host.host.shells.begun.length;
  const scripts = host.model.ran.filter((script) => script.startsWith("Write-Output 'grüße"));
  await Promise.all(clients.map((client) => client.close()));
  const after = left(host);
  const [rssGrowthMb, connectionsLeft] = await floods(host, floodMb);
  options.say(`${runs} runs: ${tally.wrong} wrong, ${after.leftShells} shells left`);
  return {
    name: 'chaos shells',
    figures: {
      runs,
      kinds: tally.kinds.size,
      wrong: tally.wrong,
      ...after,
      twice: scripts.length - new Set(scripts).size,
      commandsPerRun: begun / runs,
      slowestCancelMs: Math.round(tally.slowestCancelMs),
      connectionsLeft,
      floodMb,
      rssGrowthMb: Math.round(rssGrowthMb),
    },
    durationMs: systemClock.monotonic() - startedAt,
    details: { seed: options.seed },
  };
};

async function floods(host: WindowsHost, floodMb: number): Promise<[number, number]> {
  const client = clientOf(host);
  const growth = await flood(client, floodMb);
  await client.close();
  // The host hears of it with the next turns of the loop.
  for (let i = 0; i < 100 && host.host.openConnections > 0; i += 1) await systemClock.sleep(10);
  return [growth, host.host.openConnections];
}

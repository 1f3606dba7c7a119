// `bench -- import`: a file of ten thousand devices into an empty console, from its upload to "done", and how long the console stood still meanwhile.
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { apiClient } from '#console/cli/client.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { composeConsole } from '#console/compose/compose-console.ts';
import { ConsoleConfig } from '#console/config/console-config.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { ImportState } from '#shared/contract/import-contract.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';

/** Ten sites, tags, notes: what a customer's inventory holds. */
function fileOf(rows: number): string {
  const lines = ['name,customer,site,address,port,credential,interval,tags,notes'];
  for (let n = 0; n < rows; n += 1)
    lines.push(
      `device-${n},Customer ${n % 3},Site ${n % 10},10.${n >> 16}.${(n >> 8) & 255}.${n & 255},22,lab,60,"linux; rack-${n % 40}","Bought in 20${n % 25}, stands in row ${n}"`,
    );
  return `${lines.join('\r\n')}\r\n`;
}

const NS_PER_MS = 1e6;
const TICK_MS = 5;

/** The most processor time between two ticks of a timer: how long the loop stood still, whatever else the machine ran. */
function longestTurn(): () => number {
  let last = process.cpuUsage();
  let longest = 0;
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(last);
    last = process.cpuUsage();
    longest = Math.max(longest, (user + system) / 1_000);
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

export const benchImport: Bench = async ({ isQuick, say }) => {
  const started = performance.now();
  const rows = isQuick ? 2_000 : 10_000;
  await using folder = makeTempFolder('rmm-import');
  const data = path.join(folder.path, 'data');
  const stack = new StopStack({ clock: systemClock, log: silentLogger });
  const listen = { httpPort: 0, httpsPort: 0, relayPort: 0 };
  try {
    await composeConsole(ConsoleConfig.parse({ data, listen }), { clock: systemClock, log: silentLogger, stack });
    const api = apiClient(await loadProfile({ data }, {}));
    // The base64 of the file is made by the client, in a browser: not a part of what the console does.
    const content = Buffer.from(fileOf(rows)).toString('base64');
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const turn = longestTurn();
    const begin = performance.now();
    const plan = await api.imports.plan({ kind: 'devices', format: 'csv', content });
    const planSeconds = (performance.now() - begin) / 1_000;
    say(`planned in ${planSeconds.toFixed(2)} s: ${plan.creates} devices, ${plan.newSites.length} customers and sites`);
    let state: ImportState = await api.imports.apply({ id: plan.id });
    const seen = new Set<number>();
    while (state.state === 'applying') {
      // As often as a page asks.
      await systemClock.sleep(250);
      state = await api.imports.show({ id: plan.id });
      seen.add(state.done);
    }
    const seconds = (performance.now() - begin) / 1_000;
    delay.disable();
    const stallCpuMs = turn();
    say(`${state.state} after ${seconds.toFixed(2)} s, ${seen.size} steps of progress seen ${state.failure ?? ''}`);
    const { total } = await api.devices.list({ limit: 1 });
    const again = await api.imports.plan({ kind: 'devices', format: 'csv', content });
    const figures = {
      rows: total,
      seconds: Number(seconds.toFixed(2)),
      planSeconds: Number(planSeconds.toFixed(2)),
      stallMs: Number((delay.max / NS_PER_MS).toFixed(1)),
      stallCpuMs: Number(stallCpuMs.toFixed(1)),
      stallP99Ms: Number((delay.percentile(99) / NS_PER_MS).toFixed(1)),
      progress: seen.size,
      notSame: rows - again.same,
    };
    return { name: 'bench import', figures, durationMs: performance.now() - started };
  } finally {
    await stack.stop(3_000);
  }
};

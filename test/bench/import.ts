// `bench -- import`: a file of ten thousand devices into an empty console, from its upload to "done", and how long the console stood still meanwhile.
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { apiClient } from '#console/cli/client.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { ImportState } from '#shared/contract/import-contract.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';
import { ask, startChild, stopChild } from './console-child.ts';
import type { ImportRequest, Stalls } from './import-message.ts';

/** Ten sites, tags, notes: what a customer's inventory holds. */
function fileOf(rows: number): string {
  const lines = ['name,customer,site,address,port,credential,interval,tags,notes'];
  for (let n = 0; n < rows; n += 1)
    lines.push(
      `device-${n},Customer ${n % 3},Site ${n % 10},10.${n >> 16}.${(n >> 8) & 255}.${n & 255},22,lab,60,"linux; rack-${n % 40}","Bought in 20${n % 25}, stands in row ${n}"`,
    );
  return `${lines.join('\r\n')}\r\n`;
}

/** The file into the console that listens for `data`; everything but the console is of this process. */
async function importFile(
  data: string,
  rows: number,
  { say, child }: { say: (line: string) => void; child: ChildProcess },
) {
  const api = apiClient(await loadProfile({ data }, {}));
  // The base64 of the file is made by the client, in a browser: not a part of what the console does.
  const content = Buffer.from(fileOf(rows)).toString('base64');
  await ask(child, { op: 'measure' } satisfies ImportRequest);
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
  const { stallMs, stallCpuMs, stallP99Ms } = (await ask(child, { op: 'measured' } satisfies ImportRequest)) as Stalls; // our own child speaks our own form
  say(`${state.state} after ${seconds.toFixed(2)} s, ${seen.size} steps of progress seen ${state.failure ?? ''}`);
  const { total } = await api.devices.list({ limit: 1 });
  const again = await api.imports.plan({ kind: 'devices', format: 'csv', content });
  return {
    rows: total,
    seconds: Number(seconds.toFixed(2)),
    planSeconds: Number(planSeconds.toFixed(2)),
    ...{ stallMs, stallCpuMs, stallP99Ms },
    progress: seen.size,
    notSame: rows - again.same,
  };
}

export const benchImport: Bench = async ({ isQuick, say }) => {
  const started = performance.now();
  await using folder = makeTempFolder('rmm-import');
  const data = path.join(folder.path, 'data');
  const { child } = await startChild('import-console.ts', { op: 'start', data } satisfies ImportRequest);
  try {
    const figures = await importFile(data, isQuick ? 2_000 : 10_000, { say, child });
    return { name: 'bench import', figures, durationMs: performance.now() - started };
  } finally {
    await stopChild(child);
  }
};

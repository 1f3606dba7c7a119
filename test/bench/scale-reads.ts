// A person who looks at the console while a large estate is received and sealed: pages by the API, and how long each takes.
import type { Api } from '#console/cli/client.ts';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { percentile } from './statistics.ts';

/** Between two pages. */
const PAUSE_MS = 100;
/** Rows of a page of the fleet list. */
const PAGE = 100;
/** What a device's page draws first. */
const CHART = 'cpu.used_ratio,memory.used_ratio,load.1,network.rx_bytes';

export interface ReadTimes {
  /** 95 of a hundred are not slower. */
  listP95Ms: number;
  chartP95Ms: number;
  overviewP95Ms: number;
  reads: number;
}

export interface Looked {
  api: Api;
  devices: readonly string[];
  /** That the charts begin with. */
  hour: number;
}

/** Looks until it is stopped, at another device each time; throws what a page failed with. */
export function startReads({ api, devices, hour }: Looked): () => Promise<ReadTimes> {
  const times = { list: [] as number[], chart: [] as number[], overview: [] as number[] };
  const from = hour * HOUR_MS;
  let isOver = false;
  let turn = 0;
  const pages: Record<keyof typeof times, () => Promise<unknown>> = {
    list: () => api.devices.list({ limit: PAGE, sort: '-cpu' }),
    // A step that shares nothing with the estate's size: each chart is of another site.
    chart: () => {
      const id = devices[(turn * 7_919) % devices.length] ?? '';
      return api.devices.metrics({ id, from, to: from + 2 * HOUR_MS, names: CHART });
    },
    overview: () => api.system.overview(),
  };
  const look = async () => {
    while (!isOver) {
      turn += 1;
      for (const page of ['list', 'chart', 'overview'] as const) {
        const began = systemClock.monotonic();
        await pages[page]();
        times[page].push(systemClock.monotonic() - began);
        await systemClock.sleep(PAUSE_MS);
      }
    }
  };
  const done = look();
  done.catch(() => undefined); // told to whoever stops it
  return async () => {
    isOver = true;
    await done;
    const p95 = (list: readonly number[]) => Math.round(percentile(list, 0.95));
    const reads = times.list.length + times.chart.length + times.overview.length;
    return { listP95Ms: p95(times.list), chartP95Ms: p95(times.chart), overviewP95Ms: p95(times.overview), reads };
  };
}

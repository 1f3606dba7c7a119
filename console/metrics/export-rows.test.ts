// An export holds every kept value once, as it was, whoever reads it how slowly, and no text of it is a formula.
import { expect, onTestFinished, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import { fromStored, metricById } from '#shared/model/metric-catalogue.ts';
import { journalKit, madePolls, sealedStore } from '#test/fixtures/sealed-kit.ts';
import { deviceNo, HOUR, linkNo } from '#test/fixtures/stream-kit.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import { type ExportAsk, type ExportDevice, exportText } from './export-rows.ts';

const HOURS = 9;
const { relay, site } = linkNo(1);
const device = (n: number, name: string): ExportDevice => ({
  ...{ id: deviceNo(n), name, siteId: site, siteName: '=cmd()', relays: [relay] },
});
const ask = (changes: Partial<ExportAsk>): ExportAsk => ({
  ...{ devices: [device(1, '+web,1')], names: undefined, format: 'csv' },
  ...{ from: HOUR * HOUR_MS, to: (HOUR + HOURS) * HOUR_MS - 1, ...changes },
});

async function console_() {
  const polls = madePolls(deviceNo(1), { from: HOUR, hours: HOURS }, 3);
  const { reads, seal } = sealedStore(onTestFinished);
  const { receive, query } = await journalKit(sqliteEngine, (HOUR + HOURS) * HOUR_MS, reads);
  await seal(
    1,
    polls.filter(({ at }) => at < (HOUR + 7) * HOUR_MS),
  );
  await receive(
    1,
    polls.filter(({ at }) => at >= (HOUR + 6) * HOUR_MS),
  );
  return { polls, query };
}

async function all(pieces: AsyncGenerator<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

test('JSON holds every value of the span once, from both sides of the seam', async () => {
  const { polls, query } = await console_();
  const read: unknown = JSON.parse(await all(exportText(query, ask({ format: 'json' }))));
  const told = new Set(
    (Array.isArray(read) ? read : []).map((row) => `${row.time} ${row.metric} ${row.instance} ${row.value}`),
  );
  const said = polls.flatMap(({ at, series, values }) =>
    series.flatMap(({ metric: id, instance }, column) => {
      const metric = metricById(id);
      const value = values[column];
      return metric === undefined || value === undefined
        ? []
        : [`${at} ${metric.name} ${instance} ${fromStored(metric, value)}`];
    }),
  );
  expect(told.size).toBe(said.length);
  expect(Array.isArray(read) && read.length).toBe(said.length);
  expect(said.filter((one) => !told.has(one))).toEqual([]);
});

test('CSV shields texts that spreadsheets would run, and no number', async () => {
  const { query } = await console_();
  const text = await all(
    exportText(query, ask({ names: ['load.1', 'network.rx_rate'], to: HOUR * HOUR_MS + 200_000 })),
  );
  const [heading, first] = text.split('\r\n');
  expect(heading).toBe('\ufefftime,device,deviceName,site,metric,instance,unit,value');
  expect(first).toMatch(/^2026-01-01T00:00:00\.\d{3}Z,[0-9a-f-]{36},"'\+web,1",'=cmd\(\),load\.1,,load,[\d.]+$/);
  expect(text).toContain(',network.rx_rate,eth0,bytes/s,');
});

test('nothing is read ahead of a slow reader, and a year of nothing costs no memory', async () => {
  const asked: number[] = [];
  const query = {
    rows: async ({ from }: { from: number }) => {
      asked.push(from);
      const times = Float64Array.from({ length: 3_600 }, (_, row) => from * HOUR_MS + row * 1_000);
      const series = Array.from({ length: 20 }, (_, n) => ({
        ...{ name: `script.${n}`, instance: '', unit: '', kind: 'gauge' as const, resolution: 1 },
      }));
      const data = { times, series: Uint32Array.from(series, (_, n) => n), values: new Float64Array(72_000) };
      return { hours: [{ hour: from, data, series }], leads: [] };
    },
  };
  const span = ask({ to: (HOUR + 24 * 365) * HOUR_MS });
  const pieces = exportText(query, span);
  const first = await pieces.next();
  expect(String(first.value).length).toBeLessThan(66_000);
  for (let n = 0; n < 50; n += 1) await pieces.next();
  expect(asked).toEqual([HOUR]);
  await pieces.return(undefined);
  expect(asked).toEqual([HOUR]);
});

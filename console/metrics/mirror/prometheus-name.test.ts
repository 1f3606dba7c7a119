// Names follow Prometheus' customs, values its base units, and no text of a device or a script makes an illegal name.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { METRICS } from '#shared/model/metric-catalogue.ts';
import { prometheusName } from './prometheus-name.ts';

const byName = new Map(METRICS.map((metric) => [metric.name, prometheusName(metric)]));

test.each([
  ['cpu.user', 'rmm_cpu_user_ticks_total', 'counter', 7, 7],
  ['load.1', 'rmm_load_1', 'gauge', 123, 1.23],
  ['memory.total', 'rmm_memory_total_bytes', 'gauge', 3, 3_072],
  ['pressure.cpu', 'rmm_pressure_cpu_seconds_total', 'counter', 1_500_000, 1.5],
  ['poll.duration', 'rmm_poll_duration_seconds', 'gauge', 250, 0.25],
  ['system.uptime', 'rmm_system_uptime_seconds', 'gauge', 101, 1.01],
  ['process.total', 'rmm_processes', 'gauge', 7, 7],
  ['disk.read_bytes', 'rmm_disk_read_bytes_total', 'counter', 2, 1_024],
  ['disk.busy', 'rmm_disk_busy_seconds_total', 'counter', 1, 0.001],
  ['network.rx_errors', 'rmm_network_rx_errors_total', 'counter', 4, 4],
])('%s is %s, a %s', (name, called, type, stored, value) => {
  const made = byName.get(name);
  expect(made).toMatchObject({ name: called, type });
  expect(made?.inBaseUnits(stored)).toBe(value);
});

test('no two metrics of the catalogue are called the same', () => {
  expect(new Set([...byName.values()].map(({ name }) => name)).size).toBe(METRICS.length);
});

test('the instance stands in a label that says what it is', () => {
  expect(byName.get('filesystem.used')?.instanceLabel).toBe('mountpoint');
  expect(byName.get('network.rx_bytes')?.instanceLabel).toBe('interface');
  expect(byName.get('load.1')?.instanceLabel).toBe('item');
});

test.each([
  ['queue.depth', 'count', 'gauge', 'rmm_queue_depth'],
  ['backup.files_total', 'count', 'gauge', 'rmm_backup_files_total_value'],
  ['jobs.done', 'count', 'counter', 'rmm_jobs_done_total'],
  ['cache.hits', '%', 'gauge', 'rmm_cache_hits_ratio'],
  ['fan', 'rpm', 'gauge', 'rmm_fan'],
] as const)('%s of a script in %s, a %s, is %s', (name, unit, kind, called) => {
  expect(prometheusName({ name, unit, kind, resolution: 0.001 }).name).toBe(called);
});

test('any text makes a legal name and a help of one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, unit) => {
      const made = prometheusName({ name, unit, kind: 'gauge', resolution: 1 });
      expect(made.name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
    }),
  );
});

// The hot script on this very machine: every shell answers alike, each raw counter lies between two looks at the kernel, shellcheck is content.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { systemRandom } from '#shared/base/id.ts';
import { fromStored, metricById } from '#shared/model/metric-catalogue.ts';
import { shellSession } from '#test/fixtures/shell-session.ts';
import { linuxHotScript } from './hot-script.ts';
import { linuxCollector } from './linux-collector.ts';

const SHELLS = [
  ['dash', '-s'],
  ['bash', '-s'],
  ['bash', '--posix', '-s'],
  ['busybox', 'sh', '-s'],
  ['mksh', '-s'],
];
const never = new AbortController().signal;
const collector = linuxCollector(systemRandom);

async function readAll(argv?: readonly string[]): Promise<Map<string, number | undefined>> {
  const outcome = await collector.collectHot(shellSession(argv), never);
  if (!outcome.ok) throw new Error(`${outcome.reason}: ${outcome.detail}`);
  expect(outcome.value.notices).toEqual([]);
  return new Map(
    outcome.value.samples.map(({ metric, instance, value }) => {
      const definition = metricById(metric);
      if (definition === undefined) throw new Error(`no metric ${metric}`);
      const key = `${definition.name} ${instance}`.trim();
      return [key, value === undefined ? undefined : fromStored(definition, value)];
    }),
  );
}

const proc = (file: string) => readFileSync(`/proc/${file}`, 'utf8');
const numbers = (text: string) => text.trim().split(/\s+/).map(Number);

/** The counters as this test reads them, its own way. */
function look(): Map<string, number> {
  const seen = new Map<string, number>();
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = numbers(
    proc('stat').split('\n')[0]?.slice(4) ?? '',
  );
  const cpu = { user, nice, system: system + irq + softirq, idle, iowait, steal };
  for (const [name, ticks] of Object.entries(cpu)) seen.set(`cpu.${name}`, ticks);
  seen.set('system.uptime', Math.round(Number(proc('uptime').split(' ')[0]) * 1_000));
  for (const line of proc('net/dev').split('\n')) {
    const [, name, rest = ''] = /^ *(eth\d+|en\w+): *(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const [rx = 0, , , , , , , , tx = 0] = numbers(rest);
    seen.set(`network.rx_bytes ${name}`, rx);
    seen.set(`network.tx_bytes ${name}`, tx);
  }
  for (const line of proc('diskstats').split('\n')) {
    const [, , name = '', ...rest] = line.trim().split(/\s+/);
    if (!/^(sd[a-z]|vd[a-z]|nvme\d+n\d+)$/.test(name)) continue;
    const [reads = 0, , readSectors = 0, , writes = 0, , writtenSectors = 0, , , busy = 0] = rest.map(Number);
    seen.set(`disk.reads ${name}`, reads);
    seen.set(`disk.writes ${name}`, writes);
    seen.set(`disk.read_bytes ${name}`, readSectors * 512);
    seen.set(`disk.write_bytes ${name}`, writtenSectors * 512);
    seen.set(`disk.busy ${name}`, busy);
  }
  for (const what of ['cpu', 'memory', 'io']) {
    seen.set(`pressure.${what}`, Number(/^some .*total=(\d+)/m.exec(proc(`pressure/${what}`))?.[1]));
  }
  return seen;
}

test.each(SHELLS)('%s %s %s: each raw counter lies between a look before and a look after', async (...argv) => {
  const before = look();
  const polled = await readAll(argv.filter((word) => word !== undefined));
  const after = look();
  expect(before.size).toBeGreaterThanOrEqual(17);
  for (const [key, low] of before) {
    const value = polled.get(key);
    expect(value, key).toBeDefined();
    // The kernel itself lets idle and iowait step back by a tick or two.
    expect(value, key).toBeGreaterThanOrEqual(key.startsWith('cpu.i') ? low - 2 : low);
    expect(value, key).toBeLessThanOrEqual(after.get(key) ?? Number.NaN);
  }
});

test('df and the script agree on the root, before and after', async () => {
  const df = () =>
    numbers(execFileSync('df', ['-Pk', '/'], { encoding: 'utf8' }).split('\n')[1]?.replace(/^\S+/, '') ?? '');
  const disagreeing = async () => {
    const before = df();
    const polled = await readAll();
    const after = df();
    return ['filesystem.size /', 'filesystem.used /', 'filesystem.available /'].filter((key, column) => {
      const value = polled.get(key) ?? Number.NaN;
      const bounds = [before[column] ?? Number.NaN, after[column] ?? Number.NaN].map((blocks) => blocks * 1_024);
      return !(value >= Math.min(...bounds) && value <= Math.max(...bounds));
    });
  };
  // Others write to this disk meanwhile, to and fro: one moment is enough in which they do not.
  await expect.poll(disagreeing).toEqual([]);
});

test('memory, load and the boot are what the kernel says', async () => {
  const memory = (key: string) => Number(new RegExp(`^${key}: +(\\d+)`, 'm').exec(proc('meminfo'))?.[1]) * 1_024;
  const polled = await readAll();
  expect(polled.get('memory.total')).toBe(memory('MemTotal'));
  expect(polled.get('swap.total')).toBe(memory('SwapTotal'));
  // 5 %: other programs of this machine live on between the two looks.
  expect(Math.abs((polled.get('memory.available') ?? 0) - memory('MemAvailable'))).toBeLessThan(
    memory('MemTotal') * 0.05,
  );
  expect(polled.get('system.boot')).toBe(Number.parseInt(proc('sys/kernel/random/boot_id').slice(0, 8), 16));
  expect(polled.get('load.1')).toBeLessThan(1_000);
});

test('every shell finds the same series', async () => {
  const all = await Promise.all(SHELLS.map(readAll));
  for (const one of all) expect([...one.keys()]).toEqual([...(all[0]?.keys() ?? [])]);
});

test('the device shows its own time', async () => {
  const outcome = await collector.collectHot(shellSession(), never);
  if (!outcome.ok) throw new Error(outcome.detail);
  expect(Math.abs((outcome.value.wallClockMs ?? 0) - Date.now())).toBeLessThan(3_000);
});

test('shellcheck has nothing to say', () => {
  expect(execFileSync('shellcheck', ['-s', 'sh', '-'], { input: linuxHotScript('0f'), encoding: 'utf8' })).toBe('');
});

// A Linux answer is read exactly or not at all: missing is unknown, incomplete is a failure, hostile text is harmless.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { HotReading } from '#relay/collect/collector.ts';
import { sectionsOf } from '#relay/collect/framed-output.ts';
import type { RunEnd } from '#relay/transport/transport.ts';
import { fromStored, METRICS, metricById } from '#shared/model/metric-catalogue.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { parseLinuxHot } from './parse-hot.ts';

const NONCE = '00112233445566778899aabbccddeeff';
const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const DEBIAN = fixture('hot-linux-6.18-debian-12.txt');
const SERVER = fixture('hot-composed-server.txt');
const OLD = fixture('hot-composed-old-kernel.txt');

function sections(stdout: Uint8Array, end: RunEnd = { kind: 'exit', code: 0 }, isTruncated = false) {
  const result = { end, stdout, stderr: new Uint8Array(), isTruncated, hasOpenChild: false, durationMs: 1 };
  return sectionsOf(result, NONCE, 'linux');
}

function read(stdout: Uint8Array): HotReading {
  const outcome = sections(stdout);
  if (!outcome.ok) throw new Error(outcome.detail);
  return parseLinuxHot(outcome.value);
}

/** Natural values by "metric instance"; unknown ones are left out. */
function known({ samples }: HotReading): Record<string, number> {
  const entries = samples.flatMap(({ metric, instance, value }) => {
    const definition = metricById(metric);
    if (definition === undefined || value === undefined) return [];
    return [[`${definition.name} ${instance}`.trim(), fromStored(definition, value)] as const];
  });
  return Object.fromEntries(entries);
}

test('a captured answer of Debian 12 gives what its files say', () => {
  const values = known(read(DEBIAN));
  const text = DEBIAN.toString();
  const [, user] = /^cpu (\d+)/m.exec(text) ?? [];
  const [, used] = /^\/dev\/vda +\d+ +(\d+) +\d+ .* \/$/m.exec(text) ?? [];
  const [, rx] = /^eth0: (\d+)/m.exec(text) ?? [];
  const [, sectors] = /^vda \d+ \d+ (\d+)/m.exec(text) ?? [];
  expect(values['cpu.user']).toBe(Number(user));
  expect(values['filesystem.used /']).toBe(Number(used) * 1_024);
  expect(values['network.rx_bytes eth0']).toBe(Number(rx));
  expect(values['disk.read_bytes vda']).toBe(Number(sectors) * 512);
  expect(Object.keys(values).filter((key) => key.startsWith('service'))).toEqual([]);
});

test('each number of a server stands under its metric, in the unit of the catalogue', () => {
  expect(known(read(SERVER))).toEqual({
    'system.uptime': 8_640_012_340,
    'cpu.user': 4_705,
    'cpu.nice': 356,
    'cpu.system': 584 + 277 + 133,
    'cpu.idle': 3_699_176,
    'cpu.iowait': 23_060,
    'cpu.steal': 12,
    'load.1': 0.52,
    'load.5': 0.58,
    'load.15': 12.59,
    'memory.total': 16_315_892 * 1_024,
    'memory.available': 9_876_543 * 1_024,
    'memory.cached': 2_130_000 * 1_024,
    'swap.total': 2_097_148 * 1_024,
    'swap.free': 2_097_100 * 1_024,
    'process.running': 2,
    'process.blocked': 1,
    'process.total': 602,
    'pressure.cpu': 111,
    'pressure.memory': 222,
    'pressure.io': 333,
    'service.failed': 3,
    'system.boot': 42,
    'filesystem.size /': 41_151_808 * 1_024,
    'filesystem.used /': 20_000_000 * 1_024,
    'filesystem.available /': 19_000_000 * 1_024,
    // df says less than nothing is available where root's reserve is in use: nothing is
    'filesystem.size /full': 1_024_000,
    'filesystem.used /full': 1_024_000,
    'filesystem.available /full': 0,
    'filesystem.size /mnt/with two  blanks': 2_048_000,
    'filesystem.used /mnt/with two  blanks': 512_000,
    'filesystem.available /mnt/with two  blanks': 1_536_000,
    'disk.read_bytes sda': 2_000 * 512,
    'disk.write_bytes sda': 4_000 * 512,
    'disk.reads sda': 100,
    'disk.writes sda': 200,
    'disk.busy sda': 777,
    'disk.queue_time sda': 888,
    // its read count is no number we can hold: that one is unknown, the others stand
    'disk.read_bytes nvme0n1': 8 * 512,
    'disk.write_bytes nvme0n1': 16 * 512,
    'disk.writes nvme0n1': 1,
    'disk.busy nvme0n1': 9,
    'disk.queue_time nvme0n1': 9,
    'disk.read_bytes cciss/c0d0': 2 * 512,
    'disk.write_bytes cciss/c0d0': 4 * 512,
    'disk.reads cciss/c0d0': 1,
    'disk.writes cciss/c0d0': 3,
    'disk.busy cciss/c0d0': 5,
    'disk.queue_time cciss/c0d0': 6,
    'network.rx_bytes eth0': 9_007_199_254_740_991,
    'network.tx_bytes eth0': 1_000,
    'network.rx_errors eth0': 1,
    'network.tx_errors eth0': 7,
    'network.rx_drops eth0': 2,
    'network.tx_drops eth0': 8,
    'network.rx_bytes br-lan:1': 5,
    'network.tx_bytes br-lan:1': 9,
    'network.rx_errors br-lan:1': 7,
    'network.tx_errors br-lan:1': 11,
    'network.rx_drops br-lan:1': 8,
    'network.tx_drops br-lan:1': 12,
  });
  expect(read(SERVER).wallClockMs).toBe(1_767_225_600_000 + 8_640_012_340);
});

test('what an old kernel does not tell is unknown, never zero', () => {
  const values = known(read(OLD));
  expect(values).toEqual({
    'system.uptime': 350_735_470,
    'cpu.user': 10,
    'cpu.nice': 20,
    'cpu.idle': 40,
    'memory.total': 1_020 * 1_024,
  });
  expect(read(OLD).wallClockMs).toBeUndefined();
});

test('the columns of the device are the same whatever it tells', () => {
  const own = (reading: HotReading) => reading.samples.filter((s) => s.instance === '').map((s) => s.metric);
  const expected = METRICS.filter((metric) => metric.scope === 'device').map((metric) => metric.id);
  expect(own(read(OLD))).toEqual(expected);
  expect(own(read(SERVER))).toEqual(expected);
});

test('without one section only its metrics are unknown', () => {
  const all = known(read(SERVER));
  const text = SERVER.toString();
  for (const name of ['uptime', 'stat', 'net', 'disks', 'loadavg', 'boot', 'meminfo', 'pressure', 'df', 'failed']) {
    const without = text.replace(new RegExp(`${NONCE} ${name}\n[^]*?(?=${NONCE})`), '');
    expect(without).not.toBe(text);
    const values = known(read(Buffer.from(without)));
    expect(Object.keys(values).length).toBeLessThan(Object.keys(all).length);
    for (const [key, value] of Object.entries(values)) expect(value, key).toBe(all[key]);
  }
});

test('an answer cut anywhere is a failure, never a part of the numbers', () => {
  for (let length = 0; length < DEBIAN.length; length += 1) {
    const outcome = sections(DEBIAN.subarray(0, length));
    expect(outcome.ok, `cut at ${length}`).toBe(false);
    if (!outcome.ok) expect(outcome.reason).toBe('malformed');
  }
  expect(sections(DEBIAN).ok).toBe(true);
});

test.each<[string, Uint8Array, RunEnd, boolean, string]>([
  [
    'another nonce',
    Buffer.from(DEBIAN.toString().replaceAll('00112233', '10112233')),
    { kind: 'exit', code: 0 },
    false,
    'malformed',
  ],
  [
    'another system',
    Buffer.from(DEBIAN.toString().replace('1 linux', '1 freebsd')),
    { kind: 'exit', code: 0 },
    false,
    'malformed',
  ],
  [
    'another form',
    Buffer.from(DEBIAN.toString().replace('1 linux', '2 linux')),
    { kind: 'exit', code: 0 },
    false,
    'malformed',
  ],
  ['an exit code', DEBIAN, { kind: 'exit', code: 1 }, false, 'malformed'],
  ['a signal', DEBIAN, { kind: 'signal', signal: 'KILL' }, false, 'malformed'],
  ['no status', DEBIAN, { kind: 'no-status' }, false, 'malformed'],
  ['truncation', DEBIAN, { kind: 'exit', code: 0 }, true, 'too-large'],
])('%s is a failure', (_what, stdout, end, isTruncated, reason) => {
  expect(sections(stdout, end, isTruncated)).toMatchObject({ ok: false, reason });
});

test('line ends of another world, login text and broken UTF-8 around the markers change no number', () => {
  const plain = known(read(SERVER));
  const crlf = Buffer.from(SERVER.toString().replaceAll('\n', '\r\n'));
  expect(known(read(crlf))).toEqual(plain);
  const noisy = Buffer.concat([
    Buffer.from([0xff, 0xfe, 0x80]),
    Buffer.from('motd\x1b[2J'),
    SERVER,
    Buffer.from('bye\n'),
  ]);
  expect(known(read(noisy))).toEqual(plain);
});

test('names of a device lose control characters and length, and equal names are one instance', () => {
  const line = (name: string) => `${name}: 1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0\n`;
  const names = ['\x1b[31mred', '\x1b[31mred', 'e'.repeat(300), `${'ü'.repeat(200)}`];
  const text = SERVER.toString().replace('wg0: 1 2 3\n', names.map(line).join(''));
  const instances = read(Buffer.from(text))
    .samples.filter((s) => s.metric === 50)
    .map((s) => s.instance);
  expect(instances).toEqual(['eth0', 'br-lan:1', '\ufffd[31mred', 'e'.repeat(255), 'ü'.repeat(127)]);
});

test('instances over the bound are left out and the reading says so', () => {
  const lines = Array.from({ length: 300 }, (_, i) => `eth${i}: 1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0\n`).join('');
  const reading = read(Buffer.from(SERVER.toString().replace('wg0: 1 2 3\n', lines)));
  expect(reading.samples.length).toBeLessThanOrEqual(1_024);
  expect(reading.notices).toEqual(['302 interfaces: the first 64 are kept']);
});

test('mutated answers never throw, and every value stays in its range', () => {
  const seed = 20_260_106;
  const random = seededRandom(seed);
  for (let round = 0; round < 2_000; round += 1) {
    const bytes = Buffer.from(SERVER);
    for (let i = 0; i < 8; i += 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    const outcome = sections(bytes);
    if (!outcome.ok) continue;
    const bad = parseLinuxHot(outcome.value).samples.filter(
      ({ metric, value }) =>
        metricById(metric) === undefined || (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)),
    );
    expect(bad, `seed ${seed} round ${round}`).toEqual([]);
  }
});

test('a line has a speed where its card knows one, and sensors of one name are told apart', () => {
  const net = ['eth0: 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0', 'wlan0: 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0'];
  const sensors = [
    '45500 coretemp Package id 0',
    '38850 nvme Composite',
    '41000 nvme Composite',
    '-5000 outside temp1_input',
    'x y',
  ];
  const { samples } = parseLinuxHot(
    new Map([
      ['net', net],
      ['speeds', ['eth0 1000', 'wlan0 -1', 'eth9']],
      ['sensors', sensors],
    ]),
  );
  const told = (name: string) =>
    samples.flatMap(({ metric, instance, value }) => {
      const known = metricById(metric);
      return known?.name === name && value !== undefined ? [[instance, fromStored(known, value)]] : [];
    });
  expect(told('network.speed')).toEqual([['eth0', 125_000_000]]);
  expect(told('sensor.temperature')).toEqual([
    ['coretemp Package id 0', 45.5],
    ['nvme Composite', 38.9],
    ['nvme Composite #2', 41],
  ]);
});

// What the relay's scripts print on a simulated Linux machine: the text of its /proc, between the markers of the script's nonce.
import { ANSI_BOMB, INVALID_UTF8 } from './bad-output.ts';
import type { Reading } from './device-load.ts';
import type { SimulatedMachine } from './machine.ts';

/** Hundredths as /proc prints them. */
const cents = (value: number): string => (value / 100).toFixed(2);

/** A name no honest device has, for those that misbehave; bytes, because it may be no text. */
function hostileMount(machine: SimulatedMachine): Buffer | undefined {
  const { output } = machine.behaviour;
  if (output === 'ansi-bomb') return Buffer.from(`/mnt/${ANSI_BOMB.replaceAll(/[\r\n]/g, '')}`);
  return output === 'invalid-utf8' ? Buffer.concat([Buffer.from('/mnt/'), INVALID_UTF8]) : undefined;
}

/** The answer to "who are you". */
export function identityAnswer(machine: SimulatedMachine, nonce: string): string {
  const { smbiosUuid, serial, machineId, nics } = machine.identify();
  const lines = [
    'begin 1',
    'system Linux',
    `hostname ${machine.hostname.replaceAll('\n', ' ')}`,
    `smbios-uuid ${smbiosUuid}`,
    `serial ${serial}`,
    `board-serial ${serial}-board`,
    `machine-id ${machineId}`,
    ...nics.map((nic) => `mac ${nic.mac}`),
    'leader 1',
    'setsid 1',
    'end',
  ];
  return lines.map((line) => (line === 'end' || line === 'begin 1' ? `${nonce} ${line}\n` : `${line}\n`)).join('');
}

function statLines({ cpu, processes }: Reading, bootTime: number): string[] {
  const { user, nice, system, idle, iowait, steal } = cpu;
  return [
    `cpu ${user} ${nice} ${system} ${idle} ${iowait} 0 0 ${steal} 0 0`,
    `btime ${bootTime}`,
    `procs_running ${processes.running}`,
    `procs_blocked ${processes.blocked}`,
  ];
}

const netLines = ({ nics }: Reading): string[] =>
  nics.map(
    (nic) =>
      `${nic.name}: ${nic.rxBytes} ${nic.rxPackets} ${nic.rxErrors} ${nic.rxDrops} 0 0 0 0 ` +
      `${nic.txBytes} ${nic.txPackets} ${nic.txErrors} ${nic.txDrops} 0 0 0 0`,
  );

const diskLines = ({ disks }: Reading): string[] =>
  disks.map(
    (disk) =>
      `${disk.device} ${disk.reads} 0 ${disk.readSectors} ${disk.reads} ` +
      `${disk.writes} 0 ${disk.writeSectors} ${disk.writes} 0 ${disk.busyMs} ${disk.queueMs}`,
  );

function memoryLines({ memory }: Reading): string[] {
  const kb = { MemTotal: memory.totalKb, MemFree: memory.freeKb, MemAvailable: memory.availableKb, Buffers: 0 };
  const rest = { Cached: memory.cachedKb, SwapTotal: memory.swapTotalKb, SwapFree: memory.swapFreeKb, SReclaimable: 0 };
  return Object.entries({ ...kb, ...rest }).map(([key, value]) => `${key}: ${value} kB`);
}

const pressureLines = ({ pressureUs }: Reading): string[] =>
  Object.entries(pressureUs).map(([what, total]) => `${what} avg10=0.00 avg60=0.00 avg300=0.00 total=${total}`);

function filesystemLines({ filesystems }: Reading, hostile: Buffer | undefined): Array<string | Buffer> {
  const rows = filesystems.map((row) => {
    const percent = row.sizeKb > 0 ? Math.ceil((100 * row.usedKb) / row.sizeKb) : 0;
    return `${row.device} ${row.sizeKb} ${row.usedKb} ${row.availableKb} ${percent}% ${row.mount}`;
  });
  const extra = hostile === undefined ? [] : [Buffer.concat([Buffer.from('/dev/sdz1 1000 10 990 1% '), hostile])];
  return ['Filesystem 1024-blocks Used Available Capacity Mounted on', ...rows, ...extra];
}

/** The answer to a poll. */
export function hotAnswer(machine: SimulatedMachine, nonce: string): Buffer {
  const reading = machine.poll();
  const [one, five, fifteen] = reading.load;
  const { running, total } = reading.processes;
  const bootTime = Math.floor((machine.wallMs - reading.uptimeCs * 10) / 1000);
  const sections: Record<string, ReadonlyArray<string | Buffer>> = {
    'begin 1 linux': [],
    uptime: [`${cents(reading.uptimeCs)} ${cents(reading.cpu.idle)}`],
    stat: statLines(reading, bootTime),
    net: netLines(reading),
    disks: diskLines(reading),
    loadavg: [`${cents(one)} ${cents(five)} ${cents(fifteen)} ${running}/${total} 4242`],
    boot: [machine.bootId],
    meminfo: memoryLines(reading),
    pressure: pressureLines(reading),
    df: filesystemLines(reading, hostileMount(machine)),
    failed: [`NFailedUnits=${reading.failedServices}`],
    end: [],
  };
  return framed(nonce, sections);
}

/** Each section's name behind the nonce, its lines below it; an empty line first, as scripts print one to end a greeting's last line. */
export function framed(nonce: string, sections: Readonly<Record<string, ReadonlyArray<string | Buffer>>>): Buffer {
  const lines = Object.entries(sections).flatMap(([name, body]) => [`${nonce} ${name}`, ...body]);
  return Buffer.concat(['', ...lines].flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));
}

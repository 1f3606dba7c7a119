// What the relay's inventory script prints on a simulated Linux machine: a small Debian server with what its role needs.
import type { DeviceModel } from './device-model.ts';
import { framed } from './linux-answers.ts';
import type { SimulatedMachine } from './machine.ts';

interface Software {
  packages: readonly string[];
  service: string;
  port: number;
}

const BASE_PACKAGES = ['base-files 12.4+deb12u11', 'bash 5.2.15-2+b8', 'coreutils 9.1-1', 'openssh-server 1:9.2p1-2'];
const ROLES: Readonly<Record<string, Software>> = {
  web: { packages: ['nginx 1.22.1-9'], service: 'nginx', port: 80 },
  db: { packages: ['postgresql-15 15.13-0'], service: 'postgresql', port: 5432 },
  file: { packages: ['samba 2:4.17.12'], service: 'smbd', port: 445 },
  mail: { packages: ['postfix 3.7.11-0'], service: 'postfix', port: 25 },
  build: { packages: ['gcc-12 12.2.0-14', 'make 4.3-4.1'], service: 'cron', port: 9000 },
  till: { packages: ['chromium 140.0-1'], service: 'till', port: 8443 },
};
const OTHER: Software = { packages: [], service: 'cron', port: 9000 };
const SECTORS_PER_KB = 2;

const roleOf = (model: DeviceModel): Software => ROLES[model.name.split('-')[1] ?? ''] ?? OTHER;

function cpuLines({ cpuCount }: DeviceModel): string[] {
  const cores = Array.from({ length: cpuCount }, (_, core) => `cpu 0 ${core}`);
  return [...cores, 'Model name:  Simulated CPU 2.4 GHz', 'Hypervisor vendor:  simulated'];
}

function dmiLines(serial: string, chassis: number): string[] {
  const dmi = { sys_vendor: 'Simulated', product_name: 'Lab Server', product_version: '1', product_serial: serial };
  return Object.entries({ ...dmi, chassis_type: `${chassis}`, bios_vendor: 'Simulated', bios_date: '01/01/2026' }).map(
    ([key, value]) => `${key} ${value}`,
  );
}

const diskLines = ({ disks, serial }: DeviceModel): string[] =>
  disks.flatMap((disk) => {
    const sectors = disk.sizeKb * SECTORS_PER_KB;
    return [
      `disk ${disk.device}`,
      `size ${sectors}`,
      'model Simulated Disk',
      `serial ${serial}-${disk.device}`,
      'rotational 0',
      'removable 0',
      'readonly 0',
      `partition ${disk.device}1`,
      `partsize ${sectors - 2_048}`,
    ];
  });

/** An address of documentation's own network per interface: stable, and nobody's. */
const addressLine = (name: string, index: number, nic: number): string =>
  `${nic + 2}: ${name}    inet 198.18.${(nic << 6) | (index >> 8)}.${index & 0xff}/16 scope global ${name}`;

function serviceLines({ service }: Software, failed: number): string[] {
  const unit = (name: string, state: string) => `${name}.service loaded ${state} Simulated ${name}`;
  const running = ['ssh', service].map((name) => unit(name, 'active running'));
  return failed > 0 ? [...running, unit('backup', 'failed failed')] : running;
}

/** The answer to an inventory. */
export function inventoryAnswer(machine: SimulatedMachine, nonce: string): Buffer {
  machine.counts.inventories += 1;
  const { model } = machine;
  const role = roleOf(model);
  const { serial, nics } = machine.face();
  const listen = (port: number, process: string) =>
    `tcp   LISTEN 0      128          0.0.0.0:${port}       0.0.0.0:*    users:(("${process}",pid=${port},fd=3))`;
  const packages = [...BASE_PACKAGES, ...role.packages].map((one) => `ii \t${one.replace(' ', '\t')}\tamd64`);
  return framed(nonce, {
    'begin 1 linux': [],
    'os-release': [
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
      'NAME="Debian GNU/Linux"',
      'VERSION_ID="12"',
      'ID=debian',
    ],
    kernel: ['Linux', model.kernel, 'x86_64'],
    host: [
      `hostname ${machine.hostname.replaceAll('\n', ' ')}`,
      'timezone Etc/UTC',
      'localtime /usr/share/zoneinfo/Etc/UTC',
    ],
    cpu: cpuLines(model),
    memory: [`MemTotal:       ${model.memoryKb} kB`],
    dmi: dmiLines(serial, machine.behaviour.chassis),
    disks: diskLines(model),
    links: nics.flatMap((nic) => [`link ${nic.name}`, `mac ${nic.mac}`, 'mtu 1500', 'state up']),
    addresses: nics.map((nic, i) => addressLine(nic.name, model.index, i)),
    routes: [`default via 198.18.0.1 dev ${nics[0]?.name ?? 'eth0'}`],
    dns: ['nameserver 198.18.0.53'],
    dpkg: packages,
    users: [
      'root:x:0:0:root:/root:/bin/bash',
      'daemon:x:1:1:daemon:/:/usr/sbin/nologin',
      'lab:x:1000:1000::/home/lab:/bin/sh',
    ],
    services: serviceLines(role, model.failedServices),
    ss: [listen(22, 'sshd'), listen(role.port, role.service)],
    end: [],
  });
}

// Reads what a Linux machine is: system, hardware, disks.
import type { Fact, FactValue } from '#relay/collect/collector.ts';
import { byKey, factFlag, factInteger, factText, firmwareText } from '#relay/collect/fact-text.ts';
import type { Sections } from '#relay/collect/framed-output.ts';
import { groupsOf, keyedLines } from '#relay/collect/keyed-lines.ts';

/** The kernel counts in these, whatever the disk's own sectors are. */
const SECTOR_BYTES = 512;
const KIB = 1_024;
/** A machine with more is a mistake or a storage array. */
const MAX_DISKS = 256;
const MAX_PARTITIONS = 128;

export function osFact(sections: Sections): Fact {
  const release = keyedLines(sections.get('os-release'), '=');
  const [kernelName, kernel, architecture] = sections.get('kernel') ?? [];
  const host = keyedLines(sections.get('host'), ' ');
  const value = (key: string) => factText(unquote(release.get(key)));
  return {
    kind: 'os',
    body: {
      family: 'linux',
      id: value('ID'),
      name: value('NAME'),
      version: value('VERSION_ID'),
      prettyName: value('PRETTY_NAME'),
      kernelName: factText(kernelName),
      kernel: factText(kernel),
      architecture: factText(architecture),
      hostname: factText(host.get('hostname')),
      timezone: factText(/zoneinfo\/(.+)$/.exec(host.get('localtime') ?? '')?.[1] ?? host.get('timezone')),
    },
  };
}

/** os-release is shell: NAME="Debian GNU/Linux". */
function unquote(text: string | undefined): string | undefined {
  const [, quoted] = /^"(.*)"$/.exec(text ?? '') ?? /^'(.*)'$/.exec(text ?? '') ?? [];
  return quoted === undefined ? text : quoted.replaceAll(/\\(.)/g, '$1');
}

export function hardwareFact(sections: Sections): Fact {
  const lines = sections.get('cpu') ?? [];
  const cpu = keyedLines(lines, ':');
  const topology = lines.flatMap((line) => {
    const [, socket, core] = /^cpu (-?\d+) (-?\d+)$/.exec(line) ?? [];
    return socket === undefined ? [] : [{ socket, core: `${socket} ${core}` }];
  });
  const count = (items: string[]) => (items.length === 0 ? null : new Set(items).size);
  const dmi = keyedLines(sections.get('dmi'), ' ');
  return {
    kind: 'hardware',
    body: {
      vendor: firmwareText(dmi.get('sys_vendor')),
      product: firmwareText(dmi.get('product_name') ?? dmi.get('board')),
      productVersion: firmwareText(dmi.get('product_version')),
      serial: firmwareText(dmi.get('product_serial')),
      chassisType: factInteger(dmi.get('chassis_type')),
      biosVendor: firmwareText(dmi.get('bios_vendor')),
      biosVersion: firmwareText(dmi.get('bios_version')),
      biosDate: firmwareText(dmi.get('bios_date')),
      cpuModel: firmwareText(cpu.get('Model name') ?? cpu.get('model name') ?? cpu.get('Hardware')),
      cpuSockets: count(topology.map(({ socket }) => socket)),
      cpuCores: count(topology.map(({ core }) => core)),
      cpuThreads: topology.length === 0 ? null : topology.length,
      hypervisor: factText(cpu.get('Hypervisor vendor')),
      memoryBytes: factInteger(
        /^(\d+) kB$/.exec(keyedLines(sections.get('memory'), ':').get('MemTotal') ?? '')?.[1],
        KIB,
      ),
    },
  };
}

export function disksFact(sections: Sections): Fact | undefined {
  if (!sections.has('disks')) return undefined;
  const disks = groupsOf(sections.get('disks'), 'disk')
    .map(({ name, lines }) => diskOf(name, lines))
    // An empty slot has no size.
    .filter(({ sizeBytes }) => sizeBytes !== 0)
    .sort(byKey(({ name }) => name))
    .slice(0, MAX_DISKS);
  return { kind: 'disks', body: { disks } };
}

function diskOf(name: string, lines: string[]) {
  const own = keyedLines(lines, ' ');
  const udev = keyedLines(lines, '=');
  const vendor = firmwareText(own.get('vendor'));
  return {
    name: factText(name) ?? '?',
    sizeBytes: factInteger(own.get('size'), SECTOR_BYTES),
    model: firmwareText(own.get('model')),
    // A virtio disk has the number of its PCI vendor here.
    vendor: vendor?.startsWith('0x') ? null : vendor,
    serial: firmwareText(own.get('serial') ?? udev.get('E:ID_SERIAL_SHORT')),
    isRotational: factFlag(own.get('rotational')),
    isRemovable: factFlag(own.get('removable')),
    isReadOnly: factFlag(own.get('readonly')),
    partitions: groupsOf(lines, 'partition')
      .map((partition): { [member: string]: FactValue } & { name: string } => ({
        name: factText(partition.name) ?? '?',
        sizeBytes: factInteger(keyedLines(partition.lines, ' ').get('partsize'), SECTOR_BYTES),
      }))
      .sort(byKey((partition) => partition.name))
      .slice(0, MAX_PARTITIONS),
  };
}

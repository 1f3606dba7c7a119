// Reads the inventory of FreeBSD and macOS into facts; what only one of them has is null or absent for the other.
import type { ColdReading, Fact } from './collector.ts';
import { byKey, factInteger, factText, firmwareText } from './fact-text.ts';
import type { Sections } from './framed-output.ts';
import { keyedLines } from './keyed-lines.ts';
import { parseIfconfig } from './parse-ifconfig.ts';
import { parseSysctl } from './parse-sysctl.ts';
import { usersFact } from './parse-users.ts';

const MAX_INTERFACES = 128;
const MAX_ADDRESSES = 64;
const MAX_PACKAGES = 5_000;
const MAX_USERS = 1_000;

export function parseBsdCold(sections: Sections, family: 'freebsd' | 'macos'): ColdReading {
  const facts = [
    osFact(sections, family),
    hardwareFact(sections),
    networkFact(sections),
    packagesFact(sections),
    usersFact(sections.get('users')) ?? directoryUsers(sections.get('dscl')),
  ];
  return { facts: facts.filter((fact) => fact !== undefined) };
}

function osFact(sections: Sections, family: string): Fact {
  const [kernelName, kernel, architecture] = sections.get('kernel') ?? [];
  const host = keyedLines(sections.get('host'), ' ');
  const mac = keyedLines(sections.get('sw_vers'), ':');
  const name = factText(mac.get('ProductName') ?? kernelName);
  const version = factText(mac.get('ProductVersion') ?? sections.get('freebsd-version')?.[0]);
  return {
    kind: 'os',
    body: {
      family,
      id: family,
      name,
      version,
      prettyName: name === null || version === null ? name : `${name} ${version}`,
      kernelName: factText(kernelName),
      kernel: factText(kernel),
      architecture: factText(architecture),
      hostname: factText(host.get('hostname')),
      timezone: factText(/zoneinfo(?:\.default)?\/(.+)$/.exec(host.get('localtime') ?? '')?.[1]),
    },
  };
}

function hardwareFact(sections: Sections): Fact {
  const values = parseSysctl(sections.get('sysctl'));
  const firmware = keyedLines(sections.get('kenv'), ':');
  const apple = keyedLines(sections.get('ioreg'), ' = ');
  const appleSerial = /^"(.+)"$/.exec(apple.get('"IOPlatformSerialNumber"') ?? '')?.[1];
  const isApple = values.has('hw.memsize');
  return {
    kind: 'hardware',
    body: {
      vendor: isApple ? 'Apple Inc.' : firmwareText(firmware.get('smbios.system.maker')),
      product: firmwareText(isApple ? values.get('hw.model') : firmware.get('smbios.system.product')),
      productVersion: null,
      serial: firmwareText(appleSerial ?? firmware.get('smbios.system.serial')),
      chassisType: null,
      biosVendor: firmwareText(firmware.get('smbios.bios.vendor')),
      biosVersion: firmwareText(firmware.get('smbios.bios.version')),
      biosDate: firmwareText(firmware.get('smbios.bios.reldate')),
      cpuModel: firmwareText(values.get('machdep.cpu.brand_string') ?? values.get('hw.model')),
      cpuSockets: null,
      cpuCores: factInteger(values.get('hw.physicalcpu')),
      cpuThreads: factInteger(values.get('hw.logicalcpu') ?? values.get('hw.ncpu')),
      hypervisor: null,
      memoryBytes: factInteger(values.get('hw.memsize') ?? values.get('hw.physmem')),
    },
  };
}

function networkFact(sections: Sections): Fact | undefined {
  const lines = sections.get('ifconfig');
  if (lines === undefined || lines.length === 0) return undefined;
  const interfaces = parseIfconfig(lines)
    .filter(({ name, mac, addresses }) => !/^lo\d/.test(name) && (mac !== null || addresses.length > 0))
    .map(({ addresses, ...rest }) => ({
      ...rest,
      name: factText(rest.name) ?? '?',
      addresses: addresses
        .map(({ address, prefix }) => `${address}/${prefix}`)
        .sort()
        .slice(0, MAX_ADDRESSES),
    }))
    .sort(byKey(({ name }) => name))
    .slice(0, MAX_INTERFACES);
  const gateways = sections
    .get('routes')
    ?.flatMap((line) => /^default\s+([0-9a-fA-F:.]{2,45})(?:%\S+)?\s/.exec(line)?.[1] ?? []);
  const servers = sections.get('dns')?.flatMap((line) => factText(/^nameserver\s+(\S{1,64})/.exec(line)?.[1]) ?? []);
  return {
    kind: 'network',
    body: {
      interfaces,
      gateways: gateways === undefined ? null : [...new Set(gateways)].sort(),
      nameServers: servers === undefined ? null : [...new Set(servers)],
    },
  };
}

/** "bash\t5.2.26\tFreeBSD:14:amd64" */
function packagesFact(sections: Sections): Fact | undefined {
  const lines = sections.get('pkg');
  if (lines === undefined || lines.length === 0) return undefined;
  const all = lines
    .flatMap((line) => {
      const [name, version, arch] = line.split('\t');
      const known = factText(name);
      return known === null ? [] : [{ name: known, version: factText(version), arch: factText(arch) }];
    })
    .sort(byKey(({ name, version }) => `${name} ${version}`));
  const packages = all.slice(0, MAX_PACKAGES);
  return { kind: 'packages', body: { manager: 'pkg', packages, isTruncated: all.length > packages.length } };
}

/** "carol    /bin/zsh"; macOS keeps its people in a directory, and the system's own begin with an underscore. */
function directoryUsers(lines: readonly string[] | undefined): Fact | undefined {
  if (lines === undefined) return undefined;
  const users = lines
    .flatMap((line) => {
      const [, name, shell] = /^([^_\s]\S*)\s+(\/\S+)$/.exec(line) ?? [];
      const known = factText(name);
      if (known === null || shell === undefined || /\/(?:false|nologin)$/.test(shell)) return [];
      return [{ name: known, uid: null, gid: null, home: null, shell: factText(shell) }];
    })
    .sort(byKey(({ name }) => name))
    .slice(0, MAX_USERS);
  return { kind: 'users', body: { users } };
}

// Reads what is installed on a Linux machine, and which services it has.
import type { Fact } from '#relay/collect/collector.ts';
import { byKey, factText } from '#relay/collect/fact-text.ts';
import type { Sections } from '#relay/collect/framed-output.ts';

/** A desktop has 3,000; 5,000 of usual length stay below the 512 KiB of a fact. */
const MAX_PACKAGES = 5_000;
const MAX_SERVICES = 1_000;

/** Members in the shortest names that still speak: they repeat thousands of times. */
interface Package {
  name: string;
  version: string | null;
  arch: string | null;
  [member: string]: string | null;
}

export function packagesFact(sections: Sections): Fact | undefined {
  const managers = { dpkg: fromDpkg, rpm: fromRpm, apk: fromApk, pacman: fromPacman };
  for (const [manager, read] of Object.entries(managers)) {
    const lines = sections.get(manager);
    if (lines === undefined || lines.length === 0) continue;
    const all = read(lines).sort(byKey(({ name, arch, version }) => `${name} ${arch} ${version}`));
    const packages = all.slice(0, MAX_PACKAGES);
    return { kind: 'packages', body: { manager, packages, isTruncated: all.length > packages.length } };
  }
  return undefined;
}

function packageOf(name: string | undefined, version: string | undefined, arch: string | undefined): Package[] {
  const known = factText(name);
  return known === null ? [] : [{ name: known, version: factText(version), arch: factText(arch) }];
}

/** "ii \tbash\t5.2.15-2+b8\tamd64"; only what is installed, not what was removed and left its configuration. */
const fromDpkg = (lines: readonly string[]): Package[] =>
  lines.flatMap((line) => {
    const [status = '', name, version, arch] = line.split('\t');
    return /^.i/.test(status) ? packageOf(name, version, arch) : [];
  });

/** "bash\t0:5.1.8-9.el9\tx86_64"; an epoch of 0 is not written by anybody else. */
const fromRpm = (lines: readonly string[]): Package[] =>
  lines.flatMap((line) => {
    const [name, version, arch] = line.split('\t');
    return packageOf(name, version?.replace(/^0:/, ''), arch);
  });

/** "P:musl", "V:1.2.4-r2", "A:x86_64": a package from one P: to the next. */
function fromApk(lines: readonly string[]): Package[] {
  const packages: Array<Map<string, string>> = [];
  for (const line of lines) {
    if (line.startsWith('P:')) packages.push(new Map());
    packages.at(-1)?.set(line.slice(0, 1), line.slice(2));
  }
  return packages.flatMap((one) => packageOf(one.get('P'), one.get('V'), one.get('A')));
}

const fromPacman = (lines: readonly string[]): Package[] =>
  lines.flatMap((line) => {
    const [name, version] = line.split(' ');
    return packageOf(name, version, undefined);
  });

/** "ssh.service loaded active running OpenBSD Secure Shell server"; old systemd marks failed ones with a dot in front. */
export function servicesFact(sections: Sections): Fact | undefined {
  const lines = sections.get('services');
  if (lines === undefined || lines.length === 0) return undefined;
  const services = lines
    .flatMap((line) => {
      const [, name, load, active, sub, description] =
        /^[●*\s]*(\S+)\.service\s+(\S+)\s+(\S+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
      const known = factText(name);
      // Named by another unit, but not installed: no service of this machine.
      if (known === null || load === 'not-found') return [];
      return [{ name: known, active: factText(active), state: factText(sub), description: factText(description) }];
    })
    .sort(byKey(({ name }) => name))
    .slice(0, MAX_SERVICES);
  return { kind: 'services', body: { services } };
}

// Reads what a Linux machine says of its upkeep: ends of certificates, updates that wait and when the last ones came, a restart that waits.
import type { Fact } from '#relay/collect/collector.ts';
import { byKey, factInteger, factText } from '#relay/collect/fact-text.ts';
import type { Sections } from '#relay/collect/framed-output.ts';
import type { CertificatesFact, RebootFact, UpdatesFact } from '#shared/model/windows-facts.ts';

/** The script looks at fewer. */
const MAX_CERTIFICATES = 100;
/** Of a machine that was forgotten for years; the rest is counted by its package manager. */
const MAX_UPDATES = 1_000;
/** A kernel that was put there while the machine was being set up came with the boot. */
const AFTER_BOOT_MS = 600_000;

type Certificate = CertificatesFact['certificates'][number];

const secondsOf = (text: string | undefined): number | null => factInteger(text, 1_000);

/** What openssl says of each file and port; one certificate that lies in two places is one. */
export function certificatesFact(sections: Sections): Fact | undefined {
  const lines = sections.get('certificates');
  if (lines === undefined) return undefined;
  const found = new Map<string, Certificate>();
  let [place, words]: [string | null, Map<string, string>] = [null, new Map()];
  const put = () => {
    const one = certificateOf(words, place);
    if (one !== undefined)
      found.set(`${one.subject} ${one.thumbprint}`, found.get(`${one.subject} ${one.thumbprint}`) ?? one);
  };
  for (const line of lines) {
    const [, kind, where] = /^(file|port) (.+)$/.exec(line) ?? [];
    if (where !== undefined) {
      put();
      [place, words] = [factText(kind === 'port' ? `port ${where}` : where), new Map()];
      continue;
    }
    const [, key = '', value = ''] = /^(subject|issuer|notAfter|sha1 Fingerprint) ?= ?(.*)$/i.exec(line) ?? [];
    words.set(key.toLowerCase(), value);
  }
  put();
  const certificates = [...found.values()].sort(byKey(({ subject, thumbprint }) => `${subject} ${thumbprint}`));
  return { kind: 'certificates', body: { certificates: certificates.slice(0, MAX_CERTIFICATES) } };
}

function certificateOf(words: ReadonlyMap<string, string>, place: string | null): Certificate | undefined {
  const expiresAt = opensslTime(words.get('notafter'));
  const thumbprint = words.get('sha1 fingerprint')?.replaceAll(':', '').toLowerCase() ?? '';
  if (expiresAt === null || !/^[0-9a-f]{40}$/.test(thumbprint)) return undefined;
  // One without a subject is named by where it lies.
  const subject = factText(words.get('subject')) ?? place ?? thumbprint;
  return { subject, issuer: factText(words.get('issuer')), expiresAt, thumbprint, place };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Nov  5 10:00:00 2026 GMT" */
function opensslTime(text: string | undefined): number | null {
  const read = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4}) GMT$/.exec(text?.trim() ?? '');
  const month = MONTHS.indexOf(read?.[1] ?? '');
  if (read === null || month < 0) return null;
  const [day = 0, hour = 0, minute = 0, second = 0, year = 0] = read.slice(2).map(Number);
  const at = Date.UTC(year, month, day, hour, minute, second);
  // Before 1970 is long over too.
  return Math.max(0, at);
}

type Pending = UpdatesFact['pending'][number];
const pendingOf = (title: string, isSecurity: boolean): Pending => ({
  ...{ title, kb: [], severity: null, isSecurity, isDriver: false, isDownloaded: null },
});

export function updatesFact(sections: Sections): Fact | undefined {
  const apt = sections.get('apt');
  const dnf = sections.get('dnf');
  if (apt !== undefined) return updatesOf(apt, fromApt);
  if (dnf === undefined) return undefined;
  const urgent = new Set((sections.get('dnf-security') ?? []).map((line) => line.trim().split(/\s+/).at(-1) ?? ''));
  return updatesOf(dnf, (line) => fromDnf(line, urgent));
}

/** Without a list of what waits nothing is said: an empty one would say that nothing waits. */
function updatesOf(lines: readonly string[], read: (line: string) => Pending[]): Fact | undefined {
  const known = lines.indexOf('known');
  if (known < 0) return undefined;
  const newest = (key: string) => {
    const times = lines.slice(0, known).flatMap((line) => {
      const [name, seconds] = line.split(' ');
      return name === key ? (secondsOf(seconds) ?? []) : [];
    });
    return times.length === 0 ? null : Math.max(...times);
  };
  const all = lines
    .slice(known + 1)
    .flatMap(read)
    .sort(byKey(({ title }) => title));
  const pending = all.slice(0, MAX_UPDATES);
  const body: UpdatesFact = {
    ...{ pending, isTruncated: all.length > pending.length },
    ...{ lastSearchAt: newest('searched'), lastInstallAt: newest('installed') },
  };
  return { kind: 'updates', body };
}

/** "Inst bash [5.2.15-2+b7] (5.2.15-2+b8 Debian:12.4/stable, Debian-Security:12/stable-security [amd64])" */
function fromApt(line: string): Pending[] {
  const [, name, version, origins = ''] = /^Inst (\S+) \[[^\]]*\] \((\S+) ([^)]*)\)/.exec(line) ?? [];
  const title = factText(name === undefined ? undefined : `${name} ${version}`);
  return title === null ? [] : [pendingOf(title, /security/i.test(origins))];
}

/** "bash.x86_64   5.1.8-9.el9   baseos"; what takes the place of others stands below "Obsoleting Packages" and is named before. */
function fromDnf(line: string, urgent: ReadonlySet<string>): Pending[] {
  const [, name, arch, version] = /^(\S+)\.([a-z0-9_]+)\s+(\S+)\s+\S+\s*$/.exec(line) ?? [];
  const title = factText(name === undefined ? undefined : `${name} ${version}`);
  if (title === null) return [];
  const plain = version?.replace(/^\d+:/, '');
  return [pendingOf(title, urgent.has(`${name}-${version}.${arch}`) || urgent.has(`${name}-${plain}.${arch}`))];
}

/** Absent where the machine has no way to know: a container has neither a kernel of its own nor anybody who asks for a restart. */
export function restartFact(sections: Sections): Fact | undefined {
  const lines = sections.get('restart') ?? [];
  const running = sections.get('kernel')?.[1];
  const reasons: string[] = [];
  const since: number[] = [];
  let boot: number | null = null;
  let isKnown = false;
  for (const line of lines) {
    const [key, first, second] = line.split(' ');
    if (key === 'none' || key === 'services' || key === 'required' || key === 'kernel') isKnown = true;
    if (key === 'required') reasons.push('updates');
    if (key === 'services') reasons.push('services');
    if (key === 'required') since.push(secondsOf(first) ?? Number.NaN);
    if (key === 'boot') boot = secondsOf(first);
    const came = key === 'kernel' ? secondsOf(second) : null;
    if (came === null || boot === null || first === running || came < boot + AFTER_BOOT_MS) continue;
    if (!reasons.includes('kernel')) reasons.push('kernel');
    since.push(came);
  }
  if (!isKnown) return undefined;
  const known = since.filter((at) => !Number.isNaN(at));
  const body: RebootFact = { isPending: reasons.length > 0, reasons: reasons.sort(byKey((one) => one)) };
  return { kind: 'reboot', body: known.length === 0 ? body : { ...body, since: Math.min(...known) } };
}

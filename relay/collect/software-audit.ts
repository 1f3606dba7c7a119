// Holds a device's programs to the rules: what must not be there, what is missing, what is of a wrong version. Pure.
import type { DeviceSystem } from '#shared/model/device.ts';
import type { SecurityCheck } from '#shared/model/security-scan.ts';
import type { SoftwareAudit, SoftwareRules } from '#shared/model/software-rules.ts';
import type { Fact, FactValue } from './collector.ts';
import { fitsPattern } from './name-pattern.ts';
import { securityCheck } from './security-check.ts';
import { compareVersions } from './version-order.ts';

interface Program {
  name: string;
  version: string | null;
  publisher: string | null;
}

type Finding = SoftwareAudit['findings'][number];

/** A finding takes up to 900 characters: 300 of them stay below the bound of a fact. */
const MAX_FINDINGS = 300;

/** The fact `software-audit`, of Windows' programs and Linux' packages alike; none where there is no rule for the system or no list of programs. */
export function softwareAudit(system: DeviceSystem, facts: readonly Fact[], rules: SoftwareRules): Fact[] {
  const own = rulesFor(system, rules);
  const count = own.forbidden.length + own.required.length + own.versions.length;
  const packages = facts.find(({ kind }) => kind === 'packages')?.body;
  if (count === 0 || packages === undefined) return [];
  if (packages['unknown'] !== undefined)
    return [{ kind: 'software-audit', body: { unknown: packages['unknown'] ?? null } }];
  const programs = programsIn(packages['packages']);
  const all = [...forbiddenIn(programs, own), ...missingIn(programs, own), ...wrongVersionsIn(programs, own)];
  const numberOf = (rule: Finding['rule']) => all.filter((finding) => finding.rule === rule).length;
  const body: SoftwareAudit = {
    findings: all.slice(0, MAX_FINDINGS),
    checks: checksOf(own, all, packages['isTruncated'] === true),
    forbidden: numberOf('forbidden'),
    missing: numberOf('required'),
    versions: numberOf('version'),
    rules: count,
    // A list of programs that was cut may hide what is looked for.
    isTruncated: all.length > MAX_FINDINGS || packages['isTruncated'] === true,
  };
  return [{ kind: 'software-audit', body }];
}

const SENTENCES = {
  forbidden: ['No program of the black list is there.', 'On the black list'],
  required: ['Each program that must be there is there.', 'Missing'],
  version: ['Each program is of a version that may be.', 'Of a wrong version'],
} as const;

/** A list that was cut proves what is on it, and not what is missing from it. */
function checksOf(rules: SoftwareRules, findings: readonly Finding[], isCut: boolean): SecurityCheck[] {
  const counts = { forbidden: rules.forbidden, required: rules.required, version: rules.versions };
  return (['forbidden', 'required', 'version'] as const).flatMap((rule) => {
    if (counts[rule].length === 0) return [];
    const own = findings.filter((finding) => finding.rule === rule);
    const id = `software-${rule}`;
    if (isCut && (own.length === 0 || rule === 'required'))
      return [securityCheck(id, 'unknown', 'Not known: the list of programs was too long to be read whole.')];
    const [good, bad] = SENTENCES[rule];
    const names = own
      .slice(0, 5)
      .map(({ software, name, version }) => [software ?? name, version].filter(Boolean).join(' '));
    return [
      securityCheck(id, own.length === 0 ? 'yes' : 'no', own.length === 0 ? good : `${bad}: ${names.join(', ')}.`),
    ];
  });
}

function rulesFor(system: DeviceSystem, { forbidden, required, versions }: SoftwareRules): SoftwareRules {
  const isMeant = ({ systems }: { systems?: readonly DeviceSystem[] | undefined }) =>
    systems === undefined || systems.includes(system);
  return {
    forbidden: forbidden.filter(isMeant),
    required: required.filter(isMeant),
    versions: versions.filter(isMeant),
  };
}

const textOf = (value: FactValue | undefined): string | null => (typeof value === 'string' ? value : null);

const programsIn = (list: FactValue | undefined): Program[] =>
  (Array.isArray(list) ? list : []).flatMap((one) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return [];
    const name = textOf(one['name']);
    return name === null ? [] : [{ name, version: textOf(one['version']), publisher: textOf(one['publisher']) }];
  });

const forbiddenIn = (programs: readonly Program[], { forbidden }: SoftwareRules): Finding[] =>
  forbidden.flatMap(({ name, publisher, reason }) =>
    programs
      .filter((one) => fitsPattern(name, one.name))
      .filter((one) => publisher === undefined || fitsPattern(publisher, one.publisher ?? ''))
      .map((one) => ({ rule: 'forbidden', name, software: one.name, version: one.version, wanted: reason ?? null })),
  );

const missingIn = (programs: readonly Program[], { required }: SoftwareRules): Finding[] =>
  required
    .filter(({ name }) => !programs.some((one) => fitsPattern(name, one.name)))
    .map(({ name }) => ({ rule: 'required', name, software: null, version: null, wanted: null }));

const wrongVersionsIn = (programs: readonly Program[], { versions }: SoftwareRules): Finding[] =>
  versions.flatMap(({ name, min, max }) =>
    programs
      .filter((one) => fitsPattern(name, one.name) && !isWithin(one.version, min, max))
      .map((one) => ({
        rule: 'version',
        name,
        software: one.name,
        version: one.version,
        wanted: [min && `>= ${min}`, max && `<= ${max}`].filter(Boolean).join(', '),
      })),
  );

/** A version that nobody can read is not proven to be within. */
function isWithin(version: string | null, min: string | undefined, max: string | undefined): boolean {
  if (version === null) return false;
  const least = min === undefined ? 0 : compareVersions(version, min);
  const most = max === undefined ? 0 : compareVersions(version, max);
  return least !== undefined && most !== undefined && least >= 0 && most <= 0;
}

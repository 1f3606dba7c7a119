// Ten questions about how a Windows machine is guarded, answered from its facts: yes, no or unknown, with what it rests on.
import type { Fact } from '#relay/collect/collector.ts';
import { openPortsCheck } from '#relay/collect/open-ports-check.ts';
import { securityCheck, verdictOf } from '#relay/collect/security-check.ts';
import { type SecurityCheck, securityScan } from '#shared/model/security-scan.ts';
import type { UnknownFact, WindowsFacts } from '#shared/model/windows-facts.ts';
import { dayOf } from './fact-of.ts';

const DAY_MS = 86_400_000;
/** Windows looks every day; two weeks without is a machine that cannot. */
const MAX_SEARCH_AGE_DAYS = 14;
/** Defender warns after seven days. */
const MAX_DEFINITIONS_AGE_DAYS = 7;
const MIN_PASSWORD_LENGTH = 8;
/** CIS and Microsoft's baseline both end at ten. */
const MAX_LOCKOUT = 10;
/** The built-in account, the domain's administrators and one more. */
const MAX_ADMINS = 3;
const WARN_CERTIFICATE_DAYS = 21;
/** What Windows gives the log of itself; a smaller one holds an hour. */
const MIN_SECURITY_LOG_BYTES = 20 * 1_048_576;
/** Everyone, authenticated users, users, and each user of the domain. */
const EVERYBODY = /^(?:S-1-1-0|S-1-5-11|S-1-5-32-545|S-1-5-21-\d+-\d+-\d+-513)$/;
/** Logon (subcategory). */
const AUDIT_LOGON = '0cce9215-69ae-11d9-bed3-505054503030';

class Facts {
  readonly #bodies: ReadonlyMap<string, Fact['body']>;

  constructor(facts: readonly Fact[]) {
    this.#bodies = new Map(facts.map(({ kind, body }) => [kind, body]));
  }

  /** Undefined: not answered in time, or refused; `why` says which. */
  get<K extends keyof WindowsFacts>(kind: K): WindowsFacts[K] | undefined {
    const body = this.#bodies.get(kind);
    // Bodies of these kinds are made by windowsFact, which types them.
    return body === undefined || 'unknown' in body ? undefined : (body as WindowsFacts[K]);
  }

  why(kind: keyof WindowsFacts): string {
    const body = this.#bodies.get(kind) as UnknownFact | undefined; // read for one member alone
    const words: Readonly<Record<string, string>> = {
      denied: 'this login may not read it',
      unsupported: 'this Windows does not have it',
    };
    return words[body?.unknown ?? ''] ?? 'the machine did not tell';
  }
}

/** `nowMs` is the machine's own time; without it what has an age is unknown. */
export function windowsSecurityScan(facts: readonly Fact[], nowMs: number | undefined): Fact {
  const known = new Facts(facts);
  const checks = [
    updatesCheck(known, nowMs),
    antivirusCheck(known, nowMs),
    firewallCheck(known),
    encryptionCheck(known),
    adminsCheck(known),
    passwordCheck(known),
    openPortsCheck(facts),
    certificatesCheck(known, nowMs),
    rebootCheck(known),
    logCheck(known),
  ];
  return { kind: 'security-scan', body: securityScan(checks) };
}

const unknown = (id: string, facts: Facts, kind: keyof WindowsFacts): SecurityCheck =>
  securityCheck(id, 'unknown', `Not known: ${facts.why(kind)}.`);

const isOlder = (at: number, days: number, nowMs: number): boolean => nowMs - at > days * DAY_MS;

function updatesCheck(facts: Facts, nowMs: number | undefined): SecurityCheck {
  const updates = facts.get('updates');
  if (updates === undefined) return unknown('updates', facts, 'updates');
  const missing = updates.pending.filter(({ isSecurity }) => isSecurity);
  if (missing.length > 0)
    return securityCheck(
      'updates',
      'no',
      `${missing.length} security updates are missing, such as ${missing[0]?.title}.`,
    );
  const at = updates.lastSearchAt;
  if (at === null || nowMs === undefined)
    return securityCheck(
      'updates',
      'unknown',
      'No security update is missing, and nobody knows when Windows last looked.',
    );
  const isLongAgo = isOlder(at, MAX_SEARCH_AGE_DAYS, nowMs);
  return securityCheck(
    'updates',
    isLongAgo ? 'no' : 'yes',
    isLongAgo
      ? `Windows last looked for updates on ${dayOf(at)}.`
      : `No security update is missing; ${updates.pending.length} others wait.`,
  );
}

function antivirusCheck(facts: Facts, nowMs: number | undefined): SecurityCheck {
  const id = 'antivirus';
  const product = facts.get('antivirus')?.products.find(({ isOn, isCurrent }) => isOn === true && isCurrent === true);
  if (product !== undefined) return securityCheck(id, 'yes', `${product.name} is on, its definitions are current.`);
  const defender = facts.get('defender');
  if (defender === undefined) return unknown(id, facts, 'defender');
  if (defender.isEnabled === false || defender.isRealTime === false)
    return securityCheck(id, 'no', 'Microsoft Defender does not watch, and nothing else that Windows knows of does.');
  const at = defender.definitionsAt;
  if (defender.isEnabled === null || defender.isRealTime === null || at === null || nowMs === undefined)
    return securityCheck(
      id,
      'unknown',
      'Microsoft Defender does not say whether it watches, or of when its definitions are.',
    );
  const isOld = isOlder(at, MAX_DEFINITIONS_AGE_DAYS, nowMs);
  return securityCheck(id, isOld ? 'no' : 'yes', `Microsoft Defender is on; its definitions are of ${dayOf(at)}.`);
}

function firewallCheck(facts: Facts): SecurityCheck {
  const profiles = facts.get('firewall')?.profiles;
  if (profiles === undefined || profiles.length === 0) return unknown('firewall', facts, 'firewall');
  const off = profiles.filter(({ isOn }) => isOn === false).map(({ name }) => name);
  if (off.length > 0) return securityCheck('firewall', 'no', `The firewall is off for: ${off.join(', ')}.`);
  const isKnown = profiles.every(({ isOn }) => isOn === true);
  return securityCheck(
    'firewall',
    isKnown ? 'yes' : 'unknown',
    isKnown
      ? `The firewall is on for: ${profiles.map(({ name }) => name).join(', ')}.`
      : 'A policy decides, and it was not told.',
  );
}

function encryptionCheck(facts: Facts): SecurityCheck {
  const volumes = facts.get('bitlocker')?.volumes;
  const system = volumes?.find(({ isSystem }) => isSystem === true) ?? volumes?.find(({ name }) => name === 'C:');
  if (system === undefined || system.isProtected === null) return unknown('disk-encryption', facts, 'bitlocker');
  const how = system.isProtected
    ? `is protected by BitLocker (${system.method ?? 'method not told'})`
    : 'is not protected by BitLocker';
  return securityCheck('disk-encryption', verdictOf(system.isProtected), `${system.name} ${how}.`);
}

function adminsCheck(facts: Facts): SecurityCheck {
  const members = facts.get('local-admins')?.members;
  if (members === undefined) return unknown('local-admins', facts, 'local-admins');
  const everybody = members.find(({ sid }) => EVERYBODY.test(sid ?? ''));
  const isGood = everybody === undefined && members.length <= MAX_ADMINS;
  const names = members.slice(0, 8).map(({ name }) => name);
  return securityCheck('local-admins', verdictOf(isGood), `${members.length} administrators: ${names.join(', ')}.`);
}

function passwordCheck(facts: Facts): SecurityCheck {
  const policy = facts.get('password-policy');
  if (policy === undefined || policy.minLength === null || policy.lockoutAfter === null)
    return unknown('password-policy', facts, 'password-policy');
  const { minLength, lockoutAfter } = policy;
  const isGood = minLength >= MIN_PASSWORD_LENGTH && lockoutAfter > 0 && lockoutAfter <= MAX_LOCKOUT;
  const locks =
    lockoutAfter === 0 ? 'no account is ever locked' : `an account is locked after ${lockoutAfter} wrong tries`;
  return securityCheck(
    'password-policy',
    verdictOf(isGood),
    `Passwords have ${minLength} characters or more; ${locks}.`,
  );
}

function certificatesCheck(facts: Facts, nowMs: number | undefined): SecurityCheck {
  const certificates = facts.get('certificates')?.certificates;
  if (certificates === undefined || nowMs === undefined) return unknown('certificates', facts, 'certificates');
  const soon = certificates.filter(
    ({ expiresAt }) => expiresAt !== null && expiresAt < nowMs + WARN_CERTIFICATE_DAYS * DAY_MS,
  );
  const [first] = soon;
  return first === undefined
    ? securityCheck(
        'certificates',
        'yes',
        `None of ${certificates.length} certificates ends within ${WARN_CERTIFICATE_DAYS} days.`,
      )
    : securityCheck(
        'certificates',
        'no',
        `${soon.length} have ended or end soon: ${first.subject}, ${dayOf(first.expiresAt ?? undefined)}.`,
      );
}

function rebootCheck(facts: Facts): SecurityCheck {
  const reboot = facts.get('reboot');
  if (reboot === undefined) return unknown('reboot', facts, 'reboot');
  return securityCheck(
    'reboot',
    verdictOf(!reboot.isPending),
    reboot.isPending
      ? `Windows waits to be started anew: ${reboot.reasons.join(', ')}.`
      : 'Nothing waits for a restart.',
  );
}

function logCheck(facts: Facts): SecurityCheck {
  const log = facts.get('security-log');
  const logon = facts.get('audit-policy')?.categories.find(({ id }) => id === AUDIT_LOGON);
  if (logon?.failure === false) return securityCheck('security-log', 'no', 'Refused logons are not recorded.');
  const maxBytes = log?.maxBytes ?? undefined;
  if (maxBytes !== undefined && maxBytes < MIN_SECURITY_LOG_BYTES)
    return securityCheck(
      'security-log',
      'no',
      `The security log keeps ${Math.floor(maxBytes / 1_048_576)} MiB, fewer than 20.`,
    );
  if (maxBytes === undefined) return unknown('security-log', facts, 'security-log');
  if (logon === undefined) return unknown('security-log', facts, 'audit-policy');
  return securityCheck(
    'security-log',
    'yes',
    `Refused logons are recorded; the log keeps ${Math.floor(maxBytes / 1_048_576)} MiB.`,
  );
}

// Windows machines of the made-up fleet: how they are reached or why not, their facts in the shapes relays send, and their event logs.
import type { DeviceDetail } from '#shared/contract/device-contract.ts';
import { type LogEntry, readLevels } from '#shared/contract/device-log.ts';
import { HOSTILE, HOSTILE_DEVICE } from './fixture-fleet.ts';

export const WINDOWS_DEVICE = 6;

const HOSTILE_TEXT = Object.values(HOSTILE).join(' ');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Three that are not well, each for another reason. */
const FAILURES: Readonly<Record<number, Pick<DeviceDetail, 'statusReason' | 'statusDetail'>>> = {
  26: { statusReason: 'refused', statusDetail: 'mail-4: port 5986 refused, port 5985 refused' },
  43: { statusReason: 'host-key-changed', statusDetail: 'files-6: key SHA256:new is not the pinned SHA256:old' },
  60: { statusReason: 'denied', statusDetail: 'credential windows: denied by this device, not tried again yet' },
};

/** What a Windows machine says in place of what the others say; nothing for those. */
export function windowsParts(n: number, now: number): Partial<DeviceDetail> {
  const failure = FAILURES[n];
  if (n !== WINDOWS_DEVICE && failure === undefined) return {};
  return {
    ...{ system: 'windows', transport: 'winrm', port: null, credential: 'windows' },
    ...{ os: 'Microsoft Windows Server 2022 Standard', realm: 'EXAMPLE.TEST' },
    way: {
      ...{ transport: 'winrm', port: 5_986, auth: 'kerberos', seal: 'tls', detail: 'TLSv1.3' },
      ...{ since: now - 9 * DAY_MS, toldAt: now - HOUR_MS },
    },
    ...failure,
  };
}

const hasWindowsFacts = (n: number) => n === WINDOWS_DEVICE || n === HOSTILE_DEVICE;

export function windowsFacts(n: number, now: number) {
  if (!hasWindowsFacts(n)) return [];
  const maker = makerOf(n, now);
  return [...guardFacts(maker), ...placeFacts(maker)];
}

type Maker = ReturnType<typeof makerOf>;

function makerOf(n: number, now: number) {
  const text = (usual: string) => (n === HOSTILE_DEVICE ? `${usual} ${HOSTILE_TEXT}` : usual);
  const fact = (kind: string, body: unknown) => ({
    ...{ kind, hash: '2'.repeat(64), seenAt: now - HOUR_MS, firstSeenAt: now - 3 * DAY_MS, body },
  });
  const check = (id: string, verdict: string, evidence: string) => ({ id, verdict, evidence: text(evidence) });
  return { now, text, fact, check };
}

function guardFacts({ now, text, fact, check }: Maker) {
  return [
    fact('security-scan', {
      checks: [
        check('updates', 'no', '3 security updates are pending; the last search was 2 days ago'),
        check('antivirus', 'yes', 'Microsoft Defender runs; its definitions are from today'),
        check('firewall', 'yes', 'on for domain, private and public'),
        check('disk-encryption', 'unknown', 'the login may not ask BitLocker'),
        check('local-admins', 'no', '5 members, of which 2 are people: EXAMPLE\\ada, EXAMPLE\\ben'),
        check('made-up', 'perhaps', 'of a later release'),
      ],
      ...{ score: 50, known: 4, unknown: 2 },
    }),
    fact('smb-posture', {
      checks: [
        check('smb1', 'yes', 'SMB 1 is not offered'),
        check('smb-signing', 'no', 'signing is offered and not required'),
      ],
    }),
    fact('updates', {
      pending: [
        {
          title: text('Cumulative Update 2026-11'),
          kb: ['KB5050001'],
          severity: 'Critical',
          isSecurity: true,
          isDriver: false,
          isDownloaded: true,
        },
        { title: 'Contoso - Display', kb: [], severity: null, isSecurity: false, isDriver: true, isDownloaded: null },
      ],
      ...{ isTruncated: false, lastSearchAt: now - 2 * DAY_MS, lastInstallAt: null },
    }),
    fact('reboot', { isPending: true, reasons: ['windows-update'] }),
    fact('hotfixes', {
      hotfixes: [
        { id: 'KB5049999', kind: 'Security Update', installedOn: '10/15/2026', installedBy: 'NT AUTHORITY\\SYSTEM' },
      ],
    }),
    fact('store-apps', { unknown: 'unsupported' }),
    fact('local-admins', {
      members: [
        { name: text('Administrator'), sid: 'S-1-5-21-1-2-3-500', kind: 'User', isLocal: true },
        { name: 'EXAMPLE\\ada', sid: 'S-1-5-21-9-9-9-1104', kind: 'User', isLocal: false },
      ],
    }),
    fact('bitlocker', { unknown: 'denied' }),
    fact('event-logs', {
      logs: [
        { name: 'System', unknown: null },
        { name: 'Security', unknown: 'denied' },
      ],
    }),
    fact('firewall', {
      profiles: ['domain', 'private', 'public'].map((name) => ({
        name,
        isOn: true,
        inbound: 'block',
        outbound: 'allow',
      })),
    }),
    fact('defender', {
      ...{
        isEnabled: true,
        isRealTime: true,
        isTamperProtected: null,
        mode: 'Normal',
        version: '4.18.26',
        engine: '1.1.26',
      },
      ...{ definitions: '1.431.7', definitionsAt: now - 5 * HOUR_MS },
    }),
  ];
}

function placeFacts({ text, fact }: Maker) {
  return [
    fact('tasks', {
      tasks: [{ path: text('\\Microsoft\\Windows\\Defrag\\ScheduledDefrag'), author: null, isEnabled: true }],
      isTruncated: true,
    }),
    fact('startup', { entries: [] }),
    fact('volumes', {
      volumes: [
        { name: 'C:', label: 'System', filesystem: 'NTFS', sizeBytes: 250e9, isRemovable: false, isDirty: false },
      ],
    }),
    fact('shares', { shares: [{ name: 'C$', path: 'C:\\', description: null, kind: 'disk', isHidden: true }] }),
    fact('memory-modules', {
      modules: [
        {
          slot: 'DIMM A1',
          sizeBytes: 17_179_869_184,
          mhz: 4_800,
          type: 'DDR5',
          vendor: null,
          part: null,
          serial: null,
        },
      ],
    }),
  ];
}

const LEVELS = ['information', 'warning', 'error', 'critical', 'audit-failure', 'audit-success', 'verbose'] as const;
/** Three pages of them. */
const ENTRIES = 250;

function logEntries(n: number, now: number): LogEntry[] {
  if (!hasWindowsFacts(n)) return [];
  const text = (usual: string) => (n === HOSTILE_DEVICE ? `${usual} ${HOSTILE_TEXT}` : usual);
  return Array.from({ length: ENTRIES }, (_, i): LogEntry => {
    const level = LEVELS[i % LEVELS.length] ?? 'information';
    const isAudit = level.startsWith('audit');
    return {
      ...{ seq: 10_000 - i, at: now - i * 7 * 60_000, entry: 90_000 - i, level },
      log: isAudit ? 'Security' : i % 3 === 0 ? 'Application' : 'System',
      source: text(isAudit ? 'Microsoft-Windows-Security-Auditing' : 'Service Control Manager'),
      code: isAudit ? 4_625 : 7_036,
      message: text(
        isAudit
          ? `An account failed to log on.\n\nSubject:\n\tSecurity ID:\t\tS-1-5-18`
          : `Service ${i} entered the stopped state.`,
      ),
      dropped: i === 2 ? 1_200 : null,
    };
  });
}

interface LogAsk {
  level?: string | undefined;
  log?: string | undefined;
  source?: string | undefined;
  code?: number | undefined;
  text?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
  cursor?: string | undefined;
  limit: number;
}

export function logPage(n: number, now: number, ask: LogAsk) {
  const levels = readLevels(ask.level);
  const fitting = logEntries(n, now).filter(
    ({ level, log, source, code, message, at }) =>
      levels?.includes(level) !== false &&
      (ask.log === undefined || ask.log === log) &&
      (ask.source === undefined || ask.source === source) &&
      (ask.code === undefined || ask.code === code) &&
      (ask.text === undefined || `${message} ${source}`.toLowerCase().includes(ask.text.toLowerCase())) &&
      at >= (ask.from ?? 0) &&
      at < (ask.to ?? Number.POSITIVE_INFINITY),
  );
  const from = Number(ask.cursor ?? 0);
  const to = from + ask.limit;
  return { items: fitting.slice(from, to), nextCursor: to < fitting.length ? String(to) : null };
}

export function logNames(n: number, now: number) {
  const counts = new Map<string, number>();
  for (const { log } of logEntries(n, now)) counts.set(log, (counts.get(log) ?? 0) + 1);
  return { logs: [...counts].sort().map(([log, entries]) => ({ log, entries })) };
}

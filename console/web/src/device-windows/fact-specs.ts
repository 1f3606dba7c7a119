// Which facts of a Windows machine stand in which view, and what of each is shown. Pure: words are looked up while it is drawn.
import type { en } from './text.en.ts';

type Key = keyof typeof en;
type WordOf<Prefix extends string> = Key extends infer One
  ? One extends `${Prefix}${infer Word}`
    ? Word
    : never
  : never;

/** How a member is read: `words` are texts of ours where there is a word for them, else the machine's own. */
export type MemberType = 'text' | 'texts' | 'count' | 'bytes' | 'ratio' | 'flag' | 'time' | 'day';

export interface MemberSpec {
  name: string;
  title: WordOf<'m_'>;
  type?: MemberType;
  /** Left out where there is little room. */
  isMinor?: boolean;
}

export interface FactSpec {
  kind: WordOf<'kind_'>;
  /** The member that holds a list; absent: the members of the fact itself are shown. */
  list?: string;
  members: readonly MemberSpec[];
  /** Where an empty list is said to be one: nothing waits, nothing is there. */
  isGoodEmpty?: boolean;
}

const of = (name: string, title: MemberSpec['title'], type: MemberType = 'text'): MemberSpec => ({ name, title, type });
const minor = (name: string, title: MemberSpec['title'], type: MemberType = 'text'): MemberSpec => ({
  ...of(name, title, type),
  isMinor: true,
});

const STARTUP: FactSpec = {
  ...{ kind: 'startup', list: 'entries' },
  members: [of('name', 'name'), of('command', 'command'), minor('location', 'location'), minor('user', 'user')],
};
const TASKS: FactSpec = {
  ...{ kind: 'tasks', list: 'tasks' },
  members: [of('path', 'path'), of('isEnabled', 'enabled', 'flag'), minor('author', 'author')],
};
const VOLUMES: FactSpec = {
  ...{ kind: 'volumes', list: 'volumes' },
  members: [
    ...[of('name', 'name'), of('label', 'label'), minor('filesystem', 'filesystem'), of('sizeBytes', 'size', 'bytes')],
    ...[minor('isRemovable', 'removable', 'flag'), of('isDirty', 'wantsCheck', 'flag')],
  ],
};
const DNS: FactSpec = {
  kind: 'dns',
  list: 'interfaces',
  members: [of('name', 'name'), of('servers', 'servers', 'texts')],
};
const ROUTES: FactSpec = {
  ...{ kind: 'routes', list: 'routes' },
  members: [of('to', 'to'), of('via', 'via'), of('interface', 'interface'), minor('metric', 'metric', 'count')],
};
const SHARES: FactSpec = {
  ...{ kind: 'shares', list: 'shares' },
  members: [
    ...[of('name', 'name'), of('path', 'path'), minor('description', 'description')],
    ...[of('kind', 'type'), minor('isHidden', 'hidden', 'flag')],
  ],
};
const CONNECTIONS: FactSpec = {
  ...{ kind: 'connections', list: 'connections' },
  members: [of('process', 'program'), of('remoteAddress', 'address'), of('remotePort', 'port', 'count')],
};
const FIREWALL_RULES: FactSpec = {
  ...{ kind: 'firewall-rules', list: 'rules' },
  members: [of('name', 'name'), of('action', 'action'), of('profiles', 'profiles', 'texts'), minor('group', 'group')],
};
const REBOOT: FactSpec = {
  kind: 'reboot',
  members: [of('isPending', 'pending', 'flag'), of('reasons', 'reasons', 'texts')],
};
const UPDATES: FactSpec = {
  ...{ kind: 'updates', list: 'pending', isGoodEmpty: true },
  members: [
    ...[of('title', 'name'), of('kb', 'kb', 'texts'), of('isSecurity', 'security', 'flag'), of('severity', 'severity')],
    ...[minor('isDriver', 'driver', 'flag'), minor('isDownloaded', 'downloaded', 'flag')],
  ],
};
const UPDATE_TIMES: readonly MemberSpec[] = [
  of('lastSearchAt', 'lastSearch', 'time'),
  of('lastInstallAt', 'lastInstall', 'time'),
];
const HOTFIXES: FactSpec = {
  ...{ kind: 'hotfixes', list: 'hotfixes' },
  members: [of('id', 'kb'), of('kind', 'type'), of('installedOn', 'installedOn'), minor('installedBy', 'installedBy')],
};
const STORE_APPS: FactSpec = {
  ...{ kind: 'store-apps', list: 'apps' },
  members: [of('name', 'name'), of('version', 'version'), minor('vendor', 'vendor'), minor('arch', 'architecture')],
};
const EXTENSIONS: FactSpec = {
  ...{ kind: 'browser-extensions', list: 'extensions' },
  members: [of('browser', 'browser'), of('id', 'id'), of('version', 'version'), of('user', 'user')],
};
const LOCAL_ADMINS: FactSpec = {
  ...{ kind: 'local-admins', list: 'members' },
  members: [of('name', 'name'), of('kind', 'type'), of('isLocal', 'local', 'flag'), minor('sid', 'sid')],
};
const PROCESSORS: FactSpec = {
  ...{ kind: 'processors', list: 'processors' },
  members: [
    ...[of('name', 'name'), of('socket', 'socket'), of('cores', 'cores', 'count'), of('threads', 'threads', 'count')],
    ...[of('mhz', 'mhz', 'count'), minor('l2Bytes', 'l2', 'bytes'), minor('l3Bytes', 'l3', 'bytes')],
  ],
};
const MODULES: FactSpec = {
  ...{ kind: 'memory-modules', list: 'modules' },
  members: [
    ...[of('slot', 'slot'), of('sizeBytes', 'size', 'bytes'), of('type', 'type'), of('mhz', 'mhz', 'count')],
    ...[minor('vendor', 'vendor'), minor('part', 'part'), minor('serial', 'serial')],
  ],
};
const BIOS: FactSpec = {
  kind: 'bios',
  members: [
    of('vendor', 'vendor'),
    of('version', 'version'),
    of('date', 'date'),
    of('serial', 'serial'),
    of('smbios', 'smbios'),
  ],
};
const BOARD: FactSpec = {
  kind: 'board',
  members: [of('vendor', 'vendor'), of('product', 'product'), of('version', 'version'), of('serial', 'serial')],
};
const GPU: FactSpec = {
  ...{ kind: 'gpu', list: 'gpus' },
  members: [
    ...[
      of('name', 'name'),
      of('vendor', 'vendor'),
      of('memoryBytes', 'memory', 'bytes'),
      of('driver', 'driverVersion'),
    ],
    minor('driverDate', 'date', 'day'),
  ],
};
const USB: FactSpec = {
  ...{ kind: 'usb', list: 'controllers' },
  members: [of('name', 'name'), of('vendor', 'vendor'), of('status', 'state')],
};
const MONITORS: FactSpec = {
  ...{ kind: 'monitors', list: 'monitors' },
  members: [
    ...[of('name', 'name'), of('vendor', 'vendor'), minor('product', 'product'), minor('serial', 'serial')],
    ...[of('year', 'year'), of('isActive', 'active', 'flag')],
  ],
};
const BATTERY: FactSpec = {
  ...{ kind: 'battery', list: 'batteries' },
  members: [
    of('name', 'name'),
    of('chemistry', 'type'),
    of('designedMwh', 'designed', 'count'),
    of('fullMwh', 'full', 'count'),
    of('healthPercent', 'health', 'count'),
  ],
};
const DEFENDER: FactSpec = {
  kind: 'defender',
  members: [
    ...[
      of('isEnabled', 'enabled', 'flag'),
      of('isRealTime', 'realTime', 'flag'),
      of('isTamperProtected', 'tamper', 'flag'),
    ],
    ...[of('mode', 'mode'), of('version', 'version'), of('engine', 'engine'), of('definitions', 'definitions')],
    of('definitionsAt', 'definitionsAt', 'time'),
  ],
};
const ANTIVIRUS: FactSpec = {
  ...{ kind: 'antivirus', list: 'products' },
  members: [of('name', 'name'), of('isOn', 'on', 'flag'), of('isCurrent', 'current', 'flag')],
};
const FIREWALL: FactSpec = {
  ...{ kind: 'firewall', list: 'profiles' },
  members: [of('name', 'name'), of('isOn', 'on', 'flag'), of('inbound', 'inbound'), of('outbound', 'outbound')],
};
const BITLOCKER: FactSpec = {
  ...{ kind: 'bitlocker', list: 'volumes' },
  members: [
    ...[of('name', 'name'), of('isProtected', 'protected', 'flag'), of('state', 'state'), of('method', 'method')],
    minor('isSystem', 'systemVolume', 'flag'),
  ],
};
const TPM: FactSpec = {
  kind: 'tpm',
  members: [
    ...[of('isPresent', 'present', 'flag'), of('isEnabled', 'enabled', 'flag'), of('isActivated', 'active', 'flag')],
    ...[of('isOwned', 'owned', 'flag'), of('version', 'version'), of('vendor', 'vendor'), of('firmware', 'firmware')],
  ],
};
const PASSWORDS: FactSpec = {
  kind: 'password-policy',
  members: [
    ...[of('minLength', 'minLength', 'count'), of('history', 'history', 'count'), of('maxAgeDays', 'maxAge', 'count')],
    ...[of('minAgeDays', 'minAge', 'count'), of('lockoutAfter', 'lockoutAfter', 'count')],
    of('lockoutMinutes', 'lockoutMinutes', 'count'),
  ],
};
const AUDIT: FactSpec = {
  ...{ kind: 'audit-policy', list: 'categories' },
  members: [of('name', 'name'), of('success', 'success', 'flag'), of('failure', 'failure', 'flag'), minor('id', 'id')],
};
const CERTIFICATES: FactSpec = {
  ...{ kind: 'certificates', list: 'certificates' },
  members: [
    ...[of('subject', 'subject'), of('expiresAt', 'expires', 'day'), of('issuer', 'issuer')],
    ...[minor('thumbprint', 'thumbprint'), minor('place', 'path')],
  ],
};
const SECURITY_LOG: FactSpec = {
  kind: 'security-log',
  members: [
    ...[of('sizeBytes', 'size', 'bytes'), of('maxBytes', 'most', 'bytes'), of('records', 'entries', 'count')],
    of('overwrite', 'overwrite'),
  ],
};

/** By the view of a device's page, in the order in which they stand there. */
export const SPECS = {
  services: [STARTUP, TASKS],
  disks: [VOLUMES],
  network: [DNS, ROUTES, SHARES, CONNECTIONS, FIREWALL_RULES],
  software: [REBOOT, UPDATES, HOTFIXES, STORE_APPS, EXTENSIONS],
  users: [LOCAL_ADMINS],
  hardware: [BIOS, BOARD, PROCESSORS, MODULES, GPU, MONITORS, USB, BATTERY],
  security: [DEFENDER, ANTIVIRUS, FIREWALL, BITLOCKER, TPM, PASSWORDS, AUDIT, CERTIFICATES, SECURITY_LOG],
} as const satisfies Readonly<Record<string, readonly FactSpec[]>>;
export type WindowsView = keyof typeof SPECS;

/** What stands beside the list of a fact. */
export const BESIDE: Readonly<Record<string, readonly MemberSpec[] | undefined>> = { updates: UPDATE_TIMES };

/** Shown by views of their own. */
const WITH_OWN_VIEW = ['security-scan', 'smb-posture', 'software-audit', 'event-logs'];
const KINDS: ReadonlySet<string> = new Set([
  ...Object.values(SPECS).flatMap((specs: readonly FactSpec[]) => specs.map(({ kind }) => kind)),
  ...WITH_OWN_VIEW,
]);

/** Whether a view of Windows facts shows it: no other needs to. */
export const isWindowsKind = (kind: string): boolean => KINDS.has(kind);

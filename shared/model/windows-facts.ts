// The facts of a Windows machine beside those every system has: one body per kind, as relays send and pages show them.

/**
 * In place of a body: the machine refused the question (`denied`), does not have what was asked for (`unsupported`), or answered
 * nothing that may be kept (`malformed`, `too-large`, `refused`). A kind that was not answered in time is not sent: what was known stays.
 */
export type UnknownFact = { unknown: string };

/** A member is null where the machine did not tell. Lists are sorted and bounded; `isTruncated` says that a bound was met. */
type Text = string | null;
type Count = number | null;
type Flag = boolean | null;
/** Milliseconds UTC. */
type Time = number | null;

export type BiosFact = { vendor: Text; version: Text; date: Text; serial: Text; smbios: Text };
export type BoardFact = { vendor: Text; product: Text; version: Text; serial: Text };
export type ProcessorsFact = {
  processors: Array<{
    name: Text;
    vendor: Text;
    socket: Text;
    cores: Count;
    threads: Count;
    mhz: Count;
    l2Bytes: Count;
    l3Bytes: Count;
  }>;
};
export type MemoryModulesFact = {
  modules: Array<{
    slot: Text;
    sizeBytes: Count;
    mhz: Count;
    /** Such as "DDR4". */
    type: Text;
    vendor: Text;
    part: Text;
    serial: Text;
  }>;
};
export type VolumesFact = {
  volumes: Array<{
    /** "C:", or the path of its own where it has no letter. */
    name: string;
    label: Text;
    filesystem: Text;
    sizeBytes: Count;
    isRemovable: boolean;
    /** Windows wants to check it. */
    isDirty: Flag;
  }>;
};
export type GpusFact = {
  gpus: Array<{ name: string; vendor: Text; memoryBytes: Count; driver: Text; driverDate: Time }>;
};
export type UsbFact = { controllers: Array<{ name: string; vendor: Text; status: Text }> };
export type MonitorsFact = {
  monitors: Array<{ vendor: Text; name: Text; product: Text; serial: Text; year: Count; isActive: Flag }>;
};
export type BatteriesFact = {
  batteries: Array<{ name: string; chemistry: Text; designedMwh: Count; fullMwh: Count; healthPercent: Count }>;
};

export type HotfixesFact = { hotfixes: Array<{ id: string; kind: Text; installedOn: Text; installedBy: Text }> };
export type StoreAppsFact = {
  apps: Array<{ name: string; version: Text; vendor: Text; arch: Text }>;
  isTruncated: boolean;
};
export type StartupFact = { entries: Array<{ name: string; command: Text; location: Text; user: Text }> };
export type TasksFact = {
  tasks: Array<{ path: string; author: Text; isEnabled: Flag }>;
  isTruncated: boolean;
};
export type UpdatesFact = {
  /** As the machine's own last search found them. */
  pending: Array<{
    title: string;
    kb: string[];
    severity: Text;
    isSecurity: boolean;
    isDriver: boolean;
    isDownloaded: Flag;
  }>;
  isTruncated: boolean;
  lastSearchAt: Time;
  lastInstallAt: Time;
};
/** `reasons` such as "windows-update", "components", "renamed-files"; empty: nothing waits. */
export type RebootFact = {
  isPending: boolean;
  reasons: string[];
  /** Where the machine says since when; Linux does. */
  since?: number;
};

export type DefenderFact = {
  isEnabled: Flag;
  isRealTime: Flag;
  isTamperProtected: Flag;
  mode: Text;
  version: Text;
  engine: Text;
  definitions: Text;
  definitionsAt: Time;
};
/** Other products too; servers have no security centre, which is `unsupported`. */
export type AntivirusFact = { products: Array<{ name: string; isOn: Flag; isCurrent: Flag }> };
export type FirewallFact = {
  /** `domain`, `private`, `public`. */
  profiles: Array<{ name: string; isOn: Flag; inbound: Text; outbound: Text }>;
};
export type FirewallRulesFact = {
  /** Enabled inbound ones. */
  rules: Array<{ name: string; group: Text; action: 'allow' | 'block' | null; profiles: string[] }>;
  isTruncated: boolean;
};
export type BitlockerFact = {
  volumes: Array<{ name: string; isSystem: Flag; isProtected: Flag; state: Text; method: Text }>;
};
export type TpmFact = {
  isPresent: boolean;
  isEnabled: Flag;
  isActivated: Flag;
  isOwned: Flag;
  version: Text;
  vendor: Text;
  firmware: Text;
};
export type LocalAdminsFact = {
  members: Array<{ name: string; sid: Text; kind: Text; isLocal: Flag }>;
};
export type PasswordPolicyFact = {
  minLength: Count;
  history: Count;
  maxAgeDays: Count;
  minAgeDays: Count;
  /** Wrong tries until an account is locked; 0 is never. */
  lockoutAfter: Count;
  lockoutMinutes: Count;
};
export type AuditPolicyFact = {
  /** By the subcategory's own GUID; the name is in the machine's language. */
  categories: Array<{ id: string; name: Text; success: boolean; failure: boolean }>;
};
export type CertificatesFact = {
  /** Of Windows: of the machine's own store, with a private key. Of Linux: in `place`, a file or a port. */
  certificates: Array<{ subject: string; issuer: Text; expiresAt: Time; thumbprint: Text; place?: Text }>;
};
export type SecurityLogFact = { sizeBytes: Count; maxBytes: Count; records: Count; overwrite: Text };

/** Which logs the relay reads the entries of, and why not of one: a log that is denied has no entries to show and is not empty. */
export type EventLogsFact = { logs: Array<{ name: string; unknown: Text }> };

export type SharesFact = {
  shares: Array<{ name: string; path: Text; description: Text; kind: Text; isHidden: boolean }>;
};
export type RoutesFact = {
  routes: Array<{ to: string; via: Text; interface: Text; metric: Count }>;
  isTruncated: boolean;
};
export type DnsFact = { interfaces: Array<{ name: string; servers: string[] }> };
export type ConnectionsFact = {
  /** Who talks to whom now; each pair once, without the changing port of this side. */
  connections: Array<{ process: Text; remoteAddress: string; remotePort: number }>;
  isTruncated: boolean;
};
export type BrowserExtensionsFact = {
  /** Chrome, Edge and Brave keep an extension in a folder of its id; its name stands inside and is not read. */
  extensions: Array<{ browser: string; id: string; version: Text; user: Text }>;
  isTruncated: boolean;
};

/** Kind of fact -> its body, where it is not one of every system. */
export type WindowsFacts = {
  bios: BiosFact;
  board: BoardFact;
  processors: ProcessorsFact;
  'memory-modules': MemoryModulesFact;
  volumes: VolumesFact;
  gpu: GpusFact;
  usb: UsbFact;
  monitors: MonitorsFact;
  battery: BatteriesFact;
  hotfixes: HotfixesFact;
  'store-apps': StoreAppsFact;
  startup: StartupFact;
  tasks: TasksFact;
  updates: UpdatesFact;
  reboot: RebootFact;
  defender: DefenderFact;
  antivirus: AntivirusFact;
  firewall: FirewallFact;
  'firewall-rules': FirewallRulesFact;
  bitlocker: BitlockerFact;
  tpm: TpmFact;
  'local-admins': LocalAdminsFact;
  'password-policy': PasswordPolicyFact;
  'audit-policy': AuditPolicyFact;
  certificates: CertificatesFact;
  'security-log': SecurityLogFact;
  'event-logs': EventLogsFact;
  shares: SharesFact;
  routes: RoutesFact;
  dns: DnsFact;
  connections: ConnectionsFact;
  'browser-extensions': BrowserExtensionsFact;
};

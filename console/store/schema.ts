// The tables of the control plane, as Kysely sees them. The seed's tables stand under these names; one thing, one table.
import type { ColumnType, Generated } from 'kysely';
import type { AlertTables } from './alert-tables.ts';
import type { AuditTables } from './audit-tables.ts';
import type { DeviceLogTables } from './device-log-tables.ts';
import type { PersonGrantTable } from './grant-table.ts';
import type { HealthTables } from './health-tables.ts';
import type { MaintenanceTables } from './maintenance-tables.ts';
import type { NotifyTables } from './notify-tables.ts';
import type { OrderTables } from './order-tables.ts';
import type { PolicyTables } from './policy-tables.ts';
import type { ScriptTables } from './script-tables.ts';
import type { SealedTables } from './sealed-tables.ts';
import type { SignInTables } from './sign-in-tables.ts';

/** Integer milliseconds UTC. */
type Ms = number;
/** 0 or 1: the same on SQLite and PostgreSQL. */
type Flag = 0 | 1;
/** JSON text, parsed with a schema by the repository that reads it. */
type JsonText = string;
/** Text that an insert may leave out: it is empty then, or what the migration says. */
type Optional<T> = ColumnType<T, T | undefined, T>;

interface InstanceTable {
  /** Always 1: one row. */
  id: number;
  incarnation: string;
  created_at: Ms;
  /** The groups that come with the product were made then; once, so that who removes one does not meet it again. */
  groups_shipped_at: Optional<Ms | null>;
}
interface CustomerTable {
  id: string;
  name: string;
  notes: Optional<string>;
  created_at: Ms;
}
interface SiteTable {
  id: string;
  customer_id: string;
  name: string;
  time_zone: string;
  address: Optional<string>;
  contact_name: Optional<string>;
  contact_email: Optional<string>;
  contact_phone: Optional<string>;
  notes: Optional<string>;
  /** What a new device of the site begins with; see shared/model/site.ts. */
  defaults: Optional<JsonText>;
  is_simulated: Flag;
  created_at: Ms;
}
interface RelayTable {
  id: string;
  site_id: string;
  name: string;
  /** 'site' or 'leaf'. */
  kind: string;
  /** base64url SHA-256 of the SubjectPublicKeyInfo. */
  key_id: string;
  hostname: string;
  version: string;
  enrolled_at: Ms;
  certificate_serial: string;
  certificate_expires_at: Ms;
  revoked_at: Ms | null;
  last_seen_at: Ms | null;
  clock_skew_ms: number | null;
  /** Version of the roster this relay shall hold; rises with each change of it. */
  roster_version: number;
  /** What the relay said it holds, 0 for none. */
  held_roster_version: number;
  held_charter_version: number;
  /** Of the spool it last said hello with. */
  epoch: string | null;
}
interface EnrolmentTokenTable {
  id: string;
  /** Lower-case hex SHA-256 of the token's secret; the secret itself is shown once and never stored. */
  hash: string;
  site_id: string;
  /** 'site' or 'leaf'. */
  kind: string;
  /** The relay whose place the one that redeems it takes. */
  replaces_relay_id: Optional<string | null>;
  uses: number;
  uses_left: number;
  expires_at: Ms;
  created_at: Ms;
  created_by: string;
}
interface DeviceTable {
  id: string;
  site_id: string;
  /** The relay that polls it. */
  relay_id: string | null;
  name: string;
  transport: string;
  address: string;
  port: number | null;
  credential: string | null;
  interval_ms: number;
  is_simulated: Flag;
  status: string;
  status_reason: string | null;
  status_detail: string | null;
  status_at: Ms | null;
  system: string;
  hostname: string | null;
  /** Pinned at first contact and enriched since. */
  identity: JsonText | null;
  /** What another machine showed at this address; set while status is 'identity-changed'. */
  seen_identity: JsonText | null;
  /** Set by a person; null: as its facts say. */
  type: Optional<string | null>;
  notes: Optional<string>;
  links: Optional<JsonText>;
  /** Over WinRM: whom Kerberos is asked for, where it is not as the address and the login say. */
  spn: Optional<string | null>;
  realm: Optional<string | null>;
  /** Over SMB: where jobs are left. */
  share: Optional<string | null>;
  /** What it hangs on, a switch or a host, and who says so: 'hand', 'learnt', or null for nobody. */
  parent_id: Optional<string | null>;
  parent_by: Optional<string | null>;
  created_at: Ms;
}
interface DeviceTagTable {
  device_id: string;
  tag: string;
}
interface DeviceGroupTable {
  id: string;
  name: string;
  description: string;
  /** 'hand' or 'rule'. */
  kind: string;
  /** The filter of a rule group. */
  rule: string | null;
  /** The group it narrows: its members are members of that one too. */
  parent_id: string | null;
  is_shipped: Flag;
  created_at: Ms;
}
/** Members by hand; those of rules are computed. */
interface DeviceGroupMemberTable {
  group_id: string;
  device_id: string;
}
interface SavedViewTable {
  id: string;
  person_id: string;
  page: string;
  name: string;
  search: JsonText;
  is_shared: Flag;
  created_at: Ms;
}
/** What a request with an Idempotency-Key was answered; null while it runs. */
interface IdempotentRequestTable {
  actor: string;
  idempotency_key: string;
  fingerprint: string;
  status: number | null;
  body: string | null;
  created_at: Ms;
}
/** What each transaction of a running import made and changed. */
interface ImportUndoTable {
  import_id: string;
  seq: number;
  body: JsonText;
}
/** One row per identifier of a device, for finding the device a machine already is. */
interface DeviceIdentifierTable {
  device_id: string;
  kind: string;
  value: string;
}
interface FactTable {
  device_id: string;
  kind: string;
  hash: string;
  first_seen_at: Ms;
  seen_at: Ms;
  relay_id: string;
}
interface FactBodyTable {
  hash: string;
  body: JsonText;
}
interface FactHistoryTable {
  device_id: string;
  kind: string;
  at: Ms;
  hash: string;
}
interface EventTable {
  seq: Generated<number>;
  site_id: string;
  relay_id: string;
  device_id: string | null;
  at: Ms;
  received_at: Ms;
  type: string;
  severity: string;
  code: string | null;
  detail: string;
}
interface WatermarkTable {
  relay_id: string;
  epoch: string;
  lane: number;
  received: number;
  durable: number;
}
interface GapTable {
  relay_id: string;
  epoch: string;
  lane: number;
  from_seq: number;
  to_seq: number;
  n: number;
  reason: string;
  at: Ms;
}
interface QuarantineTable {
  relay_id: string;
  epoch: string;
  lane: number;
  seq: number;
  at: Ms;
  code: string;
  message: string;
  data: Uint8Array;
}
/** Frames as received, never a row per sample: the first metric engine behind ChunkStore. */
interface MetricFrameTable {
  relay_id: string;
  epoch: string;
  hour: number;
  lane: number;
  /** Of a bundle the last. */
  seq: number;
  /** How many numbers it covers. */
  batches: Generated<number>;
  site_id: string;
  samples: number;
  data: Uint8Array;
}
/** A sealed hour that a mirror has still to be told. */
interface MirrorHourTable {
  target: string;
  site_id: string;
  hour: number;
  round: number;
}
interface CharterTable {
  site_id: string;
  version: number;
  signed: JsonText;
  created_at: Ms;
}
interface PersonTable {
  id: string;
  name: string;
  created_at: Ms;
  /** Since when they may not sign in; null while they may. */
  disabled_at: Optional<Ms | null>;
}
interface AuditLogTable {
  /** 1, 2, 3 ... without a hole. */
  seq: number;
  at: Ms;
  actor: string;
  verb: string;
  resource: string;
  outcome: string;
  address: string | null;
  detail: JsonText;
  prev: string;
  hash: string;
  /** Which content its hash covers: 2 with the site, 1 before. */
  v: Optional<number>;
  site_id: Optional<string | null>;
}
/** One row: the newest link of the audit chain, locked while the next is made. */
interface AuditHeadTable {
  id: number;
  seq: number;
  hash: string;
}

export interface Tables
  extends SealedTables,
    ScriptTables,
    AuditTables,
    SignInTables,
    DeviceLogTables,
    HealthTables,
    MaintenanceTables,
    AlertTables,
    NotifyTables,
    OrderTables,
    PolicyTables {
  instance: InstanceTable;
  customer: CustomerTable;
  site: SiteTable;
  relay: RelayTable;
  enrolment_token: EnrolmentTokenTable;
  device: DeviceTable;
  device_identifier: DeviceIdentifierTable;
  device_tag: DeviceTagTable;
  device_group: DeviceGroupTable;
  device_group_member: DeviceGroupMemberTable;
  saved_view: SavedViewTable;
  idempotent_request: IdempotentRequestTable;
  import_undo: ImportUndoTable;
  fact: FactTable;
  fact_body: FactBodyTable;
  fact_history: FactHistoryTable;
  event: EventTable;
  watermark: WatermarkTable;
  gap: GapTable;
  quarantine: QuarantineTable;
  metric_frame: MetricFrameTable;
  mirror_hour: MirrorHourTable;
  charter: CharterTable;
  person: PersonTable;
  person_grant: PersonGrantTable;
  audit_log: AuditLogTable;
  audit_head: AuditHeadTable;
}

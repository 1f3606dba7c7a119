// Where the records of a batch go: one callback per kind, inside the transaction that moves the watermark.
import type { Tx } from '#console/store/engine.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { Finding } from '#shared/model/finding.ts';
import type {
  AuditRecord,
  EventRecord,
  FactRecord,
  FiringRecord,
  IdentityRecord,
  OutcomeRecord,
  RelayEventRecord,
  SpoolRecord,
  StateRecord,
  WayRecord,
} from '#shared/model/record.ts';
import type { Lane } from '#shared/protocol/lane.ts';

/** Whose stream it is: proven by the relay's certificate (relay, site) and said in its HELLO (epoch). */
export interface LinkIdentity {
  relay: RelayId;
  site: SiteId;
  epoch: string;
}

/** The stream itself lost or refused something; it becomes an event and an audit row. */
export interface StreamIncident {
  kind: 'gap' | 'quarantine';
  code: ErrorCode;
  lane: Lane;
  from: number;
  to: number;
  /** Samples or records. */
  n: number;
  detail: string;
}

/**
 * Records of one kind from one batch, in order. Await nothing but database calls; a throw undoes the batch. A relay may name
 * any device: each hook writes only to devices and actions of `link.site`, and passes over what it does not know.
 */
export interface RecordHooks {
  onFirings(tx: Tx, link: LinkIdentity, records: FiringRecord[]): Promise<void>;
  onOutcomes(tx: Tx, link: LinkIdentity, records: OutcomeRecord[]): Promise<void>;
  onAudits(tx: Tx, link: LinkIdentity, records: AuditRecord[]): Promise<void>;
  onStates(tx: Tx, link: LinkIdentity, records: StateRecord[]): Promise<void>;
  onIdentities(tx: Tx, link: LinkIdentity, records: IdentityRecord[]): Promise<void>;
  onRelayEvents(tx: Tx, link: LinkIdentity, records: RelayEventRecord[]): Promise<void>;
  onFacts(tx: Tx, link: LinkIdentity, records: FactRecord[]): Promise<void>;
  onEvents(tx: Tx, link: LinkIdentity, records: EventRecord[]): Promise<void>;
  onWays(tx: Tx, link: LinkIdentity, records: WayRecord[]): Promise<void>;
  onFindings(tx: Tx, link: LinkIdentity, records: Finding[]): Promise<void>;
  /** Called last in the transaction: the audit chain is locked from here to its end. */
  onIncidents(tx: Tx, link: LinkIdentity, incidents: StreamIncident[]): Promise<void>;
}

type RecordOf<T extends SpoolRecord['type']> = Extract<SpoolRecord, { type: T }>;

const only = <T extends SpoolRecord['type']>(records: readonly SpoolRecord[], type: T): RecordOf<T>[] =>
  records.filter((record): record is RecordOf<T> => record.type === type);

/** Identities go first: a state, a way or a fact may be of a device that the identity makes known; firings before their outcomes. Audit goes last, for its lock. */
export async function applyRecords(
  hooks: RecordHooks,
  tx: Tx,
  link: LinkIdentity,
  records: readonly SpoolRecord[],
): Promise<void> {
  await inOrder(only(records, 'identity'), (some) => hooks.onIdentities(tx, link, some));
  await inOrder(only(records, 'state'), (some) => hooks.onStates(tx, link, some));
  await inOrder(only(records, 'way'), (some) => hooks.onWays(tx, link, some));
  await inOrder(only(records, 'fact'), (some) => hooks.onFacts(tx, link, some));
  await inOrder(only(records, 'event'), (some) => hooks.onEvents(tx, link, some));
  await inOrder(only(records, 'finding'), (some) => hooks.onFindings(tx, link, some));
  await inOrder(only(records, 'firing'), (some) => hooks.onFirings(tx, link, some));
  await inOrder(only(records, 'outcome'), (some) => hooks.onOutcomes(tx, link, some));
  await inOrder(only(records, 'relay-event'), (some) => hooks.onRelayEvents(tx, link, some));
  await inOrder(only(records, 'audit'), (some) => hooks.onAudits(tx, link, some));
}

async function inOrder<T>(records: T[], apply: (records: T[]) => Promise<void>): Promise<void> {
  if (records.length > 0) await apply(records);
}

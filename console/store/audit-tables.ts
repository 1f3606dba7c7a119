// The tables that make the audit trail provable elsewhere: checkpoints, counter-signatures, and how far syslog has it.

/** One per checkpoint, for ever. */
interface AuditCheckpointTable {
  /** The newest row it speaks for. */
  seq: number;
  hash: string;
  at: number;
  /** Incarnation of the database that made it. */
  console: string;
  /** Fingerprint of the audit key, the key and its signature, base64url. */
  key_id: string;
  key: string;
  signature: string;
}
/** What a relay counter-signed; the newest hundred of each relay. */
interface AuditWitnessTable {
  relay_id: string;
  seq: number;
  hash: string;
  at: number;
  /** SubjectPublicKeyInfo of the relay's key, and its signature, base64url. */
  spki: string;
  signature: string;
}
interface SyslogCursorTable {
  /** Where to: "tls://host:6514". */
  target: string;
  /** The last row, and the last checkpoint, that was written to it. */
  seq: number;
  checkpoint_seq: number;
}

export interface AuditTables {
  audit_checkpoint: AuditCheckpointTable;
  audit_witness: AuditWitnessTable;
  syslog_cursor: SyslogCursorTable;
}

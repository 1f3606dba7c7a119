// The tables of sign-in: sessions, links, tokens, and what people prove themselves with. Secrets stand here as hashes or sealed.
import type { ColumnType } from 'kysely';

/** Integer milliseconds UTC. */
type Ms = number;
type Flag = 0 | 1;
type Optional<T> = ColumnType<T, T | undefined, T>;

interface SignInLinkTable {
  hash: string;
  person_id: string;
  expires_at: Ms;
  used_at: Ms | null;
  /** 'local', 'own' or 'invite'; see console/access/sign-in-link.ts. */
  kind: Optional<string>;
}
interface SessionTable {
  id: string;
  hash: string;
  /** The secret before the last rotation. */
  former_hash: string | null;
  person_id: string;
  created_at: Ms;
  /** At the latest. */
  expires_at: Ms;
  /** To the minute. */
  last_seen_at: Ms;
  rotated_at: Ms;
  /** When the newest secret was used first: from then on the former one has its grace; null before. */
  confirmed_at: Ms | null;
  stepped_up_at: Ms | null;
  must_enrol: Flag;
  via: string;
  address: string | null;
  agent: string | null;
}
interface ApiTokenTable {
  /** Null in no row; the migration that added it could not say so. */
  id: Optional<string | null>;
  hash: string;
  person_id: string;
  name: string;
  created_at: Ms;
  expires_at: Ms | null;
  /** To the minute. */
  last_used_at: Optional<Ms | null>;
  last_used_from: Optional<string | null>;
  /** JSON of { verbs, over }; null where it may do all that its person may. */
  limits: Optional<string | null>;
  /** JSON list of ranges. */
  addresses: Optional<string>;
  is_local: Optional<Flag>;
  stepped_up: Optional<Flag>;
}
interface PersonFactorTable {
  person_id: string;
  /** argon2id with its parameters and salt. */
  password_hash: string | null;
  /** Sealed with the key file of the data folder. */
  totp_sealed: string | null;
  /** The newest step that was used: none before it, and not itself, is taken again. */
  totp_last_step: Optional<number>;
  /** A new secret that waits for its first code. */
  totp_pending: string | null;
  totp_pending_until: Ms | null;
}
interface PersonPasskeyTable {
  id: string;
  person_id: string;
  name: string;
  credential: string;
  spki: string;
  algorithm: string;
  rp_id: string;
  counter: number;
  created_at: Ms;
  last_used_at: Ms | null;
}
interface RecoveryCodeTable {
  hash: string;
  person_id: string;
  used_at: Ms | null;
}
/** Who a person is at an identity provider. */
interface PersonIdentityTable {
  issuer: string;
  subject: string;
  person_id: string;
  created_at: Ms;
  /** JSON list of the ids of the grants that its claims gave. */
  grants: string;
}

export interface SignInTables {
  sign_in_link: SignInLinkTable;
  session: SessionTable;
  api_token: ApiTokenTable;
  person_factor: PersonFactorTable;
  person_passkey: PersonPasskeyTable;
  recovery_code: RecoveryCodeTable;
  person_identity: PersonIdentityTable;
}

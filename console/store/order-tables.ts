// The tables of signed orders, what came of them, standing orders, and brakes of sites. Times are integer milliseconds UTC; `signed` is JSON.

interface ActionTable {
  /** The manifest's id. */
  id: string;
  site_id: string;
  relay_id: string;
  name: string;
  manifest: string;
  signed: string;
  signer: string;
  reason: string;
  created_by: string;
  created_at: number;
  expires_at: number;
  /** 'waiting-for-signature' until enough people signed, 'queued' until a relay took it, then 'sent', then 'settled' when each device has a final state. */
  state: string;
  targets: number;
  /** Somebody wants it stopped; relays are told until it is settled. */
  cancel_asked_at: number | null;
  /** The action whose relay goes first: until that went well, no relay hears of this one. */
  waits_for: string | null;
  /** Share of failures up to which the first one went well. */
  halt_percent: number | null;
  /** What a relay ran of itself: 'standing:<id>' or 'break-glass:<id>'; null for what was handed in here. */
  origin: string | null;
}
interface StandingOrderTable {
  id: string;
  site_id: string;
  relay_id: string;
  signed: string;
  signer: string;
  created_by: string;
  created_at: number;
  expires_at: number;
  /** 'waiting-for-signature', 'active' or 'withdrawn'. */
  state: string;
  withdrawal: string | null;
}
interface SiteThawTable {
  site_id: string;
  signed: string;
  created_at: number;
}

interface SiteBrakeTable {
  site_id: string;
  /** 'freeze' or 'thaw'. */
  kind: string;
  id: string;
  at: number;
  signed: string;
  created_at: number;
}
interface ActionOutcomeTable {
  action_id: string;
  device_id: string;
  state: string;
  at: number;
  started_at: number | null;
  finished_at: number | null;
  exit_code: number | null;
  signal: string | null;
  reason: string | null;
  detail: string | null;
  is_truncated: 0 | 1;
  stdout: Uint8Array | null;
  stderr: Uint8Array | null;
}

/** A try that began nothing on its device. */
interface ActionAttemptTable {
  action_id: string;
  device_id: string;
  /** From 1. */
  n: number;
  at: number;
  /** 'transient', 'device', 'configuration' or 'fatal'. */
  class: string;
  reason: string | null;
  detail: string | null;
  next_at: number | null;
}

export interface OrderTables {
  action: ActionTable;
  action_attempt: ActionAttemptTable;
  action_outcome: ActionOutcomeTable;
  standing_order: StandingOrderTable;
  site_brake: SiteBrakeTable;
  site_thaw: SiteThawTable;
}

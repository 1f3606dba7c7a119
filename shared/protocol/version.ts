// The protocol number and its dated history. A change of the wire bumps the number and adds a line here.

export interface ProtocolVersion {
  number: number;
  /** ISO date of the change. */
  date: string;
  change: string;
}

export const PROTOCOL_HISTORY: readonly ProtocolVersion[] = [
  { number: 1, date: '2026-11-22', change: 'first protocol: eleven message families, four lanes, two watermarks' },
  { number: 2, date: '2026-11-22', change: 'PROBE and PROBED: what is at an address; HEALTH: how a relay is' },
  {
    number: 3,
    date: '2026-11-22',
    change:
      'several signatures on an order, passkeys among them; FREEZE: the brake of a site; CREDENTIAL and VAULT: sealed logins',
  },
  {
    number: 4,
    date: '2026-11-22',
    change:
      'halted orders; STANDING: orders that wait for a trigger, and firing records of what a relay ran of itself; break-glass in HEALTH; sealed logins that a passkey signed',
  },
  {
    number: 5,
    date: '2026-11-23',
    change:
      'standing orders that name a signed rule in the place of devices; a freeze of every site under one signature; sealed variables in CREDENTIAL and VAULT',
  },
  {
    number: 6,
    date: '2026-11-23',
    change:
      'CHECKPOINT and WITNESS: signed checkpoints of the audit trail, which relays keep, counter-sign and tell on demand',
  },
  {
    number: 7,
    date: '2026-11-23',
    change:
      'transports winrm and smb, systems called windows; records of event logs and of the way a device is reached',
  },
  {
    number: 8,
    date: '2026-11-23',
    change: 'HISTORY and CHUNKS: sealed hours that a relay keeps of its own site, asked by the console',
  },
  {
    number: 9,
    date: '2026-11-23',
    change:
      'records of findings: what a relay judged of its devices; WATCH: signed layers, windows and local routes of watching, and which devices they are for; bundles: batches of one hour that wait at a relay travel as one',
  },
  {
    number: 10,
    date: '2026-11-23',
    change:
      'orders that open a session, and orders of the action catalogue; STREAM: the bytes of sessions, sealed between signer and relay, with credit both ways',
  },
  {
    number: 11,
    date: '2026-11-24',
    change:
      'outcomes of devices that are away: the state waiting, and of each try that began nothing its number, its class and when the next one is',
  },
  { number: 12, date: '2026-11-24', change: 'orders that run a script of the library, reviewed or for once' },
];

/** Newest protocol this build speaks. */
export const PROTOCOL = 12;
/** Oldest protocol this build still speaks. */
export const PROTOCOL_MIN = 1;

/** WebSocket subprotocol name; a peer without it is no relay of ours. */
export const SUBPROTOCOL = 'rmm.relay';

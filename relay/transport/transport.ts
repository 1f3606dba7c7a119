// The port every transport stands behind: how to talk to a device, whatever its protocol.
import type { ManifestId } from '#shared/base/id.ts';
import type { Outcome } from '#shared/base/outcome.ts';
import type { Purpose } from '#shared/model/credential.ts';
import type { DeviceSystem, RosterEntry } from '#shared/model/device.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { WayRecord } from '#shared/model/record.ts';
import type { CimSource } from './cim.ts';
import type { OpenShell } from './device-shell.ts';
import type { RemoteFiles } from './remote-files.ts';
import type { Variables } from './script-wrap.ts';

export interface RunRequest {
  /**
   * Given on stdin so that it never appears in a process list: to `/bin/sh -s` as POSIX shell text, or to PowerShell where
   * the session's system is windows.
   */
  script: string;
  timeoutMs: number;
  /** Bytes kept of stdout and of stderr, each; more ends in `too-large` unless `keepTruncated`. */
  maxOutputBytes: number;
  /** Job mode: keep what fits, mark it truncated and let the script go on. Polls leave this off. */
  keepTruncated?: boolean;
  /** In the script's environment, and hidden in all that comes back. */
  variables?: Variables;
  /** The verified order it belongs to, for transports that keep orders apart from polls. */
  order?: ManifestId;
  /** Told what the device calls this run, before the command begins: by this it can be ended in a later life of the relay. */
  onHandle?: (handle: string) => void;
}

/** How a script ended; five distinct ends, because "no exit code" is never a success. */
export type RunEnd =
  | { kind: 'exit'; code: number }
  | { kind: 'signal'; signal: string }
  /** The peer closed the channel without a status. */
  | { kind: 'no-status' };

export interface RunResult {
  end: RunEnd;
  stdout: Uint8Array;
  stderr: Uint8Array;
  isTruncated: boolean;
  /** A background child still held the output when the script had ended. */
  hasOpenChild: boolean;
  durationMs: number;
}

/** What a session rests on: a later one may not rest on less. */
export type SessionWay = Pick<WayRecord, 'transport' | 'port' | 'auth' | 'seal' | 'detail'>;

/** A login on one device. One exists per device; polls and commands share it. */
export interface Session {
  /** Read when the session began, before anything else ran. */
  readonly identity: DeviceIdentity;
  readonly system: DeviceSystem;
  readonly hostname: string | undefined;
  /** Of the machine that answered; absent where no network lies between. */
  readonly address?: string | undefined;
  readonly isOpen: boolean;
  /** How the login came about; absent where no network lies between. */
  readonly way?: SessionWay | undefined;
  /** The machine's CIM repository, where the transport leads to one. */
  readonly cim?: CimSource | undefined;
  /** Aborting kills the remote process group before it resolves with `cancelled`. */
  run(request: RunRequest, signal: AbortSignal): Promise<Outcome<RunResult>>;
  read(path: string, maxBytes: number, signal: AbortSignal): Promise<Outcome<Uint8Array>>;
  /** Writes a temporary file beside `path`, compares its SHA-256, renames it into place. */
  write(path: string, content: Uint8Array, signal: AbortSignal): Promise<Outcome<void>>;
  /**
   * The device's files for somebody who browses; absent where the transport leads to none. They count as something that runs
   * until they are closed, and then `onClose` is called, once; the signal ends the opening alone.
   */
  files?(signal: AbortSignal, onClose: () => void): Promise<Outcome<RemoteFiles>>;
  /** A shell for a person who types; absent where the transport knows none. */
  readonly openShell?: OpenShell | undefined;
  /**
   * Ends what an order began in an earlier life of this relay; true when something of it still ran. Absent where the transport ends
   * it by itself, or knows no way.
   */
  endRun?(run: { order: ManifestId; handle: string | undefined }, signal: AbortSignal): Promise<Outcome<boolean>>;
  close(): void;
}

/** Why a session is asked for. An order names its manifest, whose signature was verified before anybody asks. */
export type SessionAsk = { purpose: 'monitor' } | { purpose: 'act'; order: ManifestId };

/** What a session would log in with, as far as one may know before it is open. */
export interface Login {
  /** A session of this login may be used for these. */
  readonly serves: readonly Purpose[];
  /** Another login has another stamp: a session of the former one is not lent any more. */
  readonly stamp: string;
}

export interface Transport {
  readonly kind: RosterEntry['transport'];
  /** Answers at once, without a packet; a failure says why no session may be lent. */
  login(entry: RosterEntry, purpose: Purpose): Outcome<Login>;
  /** Connects, authenticates, reads the identity. Fails without offering a credential where it is not allowed. */
  open(entry: RosterEntry, signal: AbortSignal, purpose: Purpose): Promise<Outcome<Session>>;
}

/** What rooms to the right use: a pooled, identity-checked session per device. */
export interface SessionPool {
  /**
   * A live session whose identity matches the device's pin (or was just pinned at first contact).
   * `identity-changed` closes the session, stores nothing, runs nothing and tells `onIdentity`.
   * Who says nothing asks to monitor; a session for that is never lent to an order, unless its login is for both.
   */
  session(entry: RosterEntry, signal: AbortSignal, ask?: SessionAsk): Promise<Outcome<Session>>;
  /** Forgets a device's session (roster changed, time-out left it unclean). */
  drop(device: RosterEntry['device']): void;
  stop(): Promise<void>;
}

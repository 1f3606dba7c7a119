// The port of the SMB client: what a connection, a share and its files can do, for rooms that never see a packet.
import type { Hash } from 'node:crypto';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import type { Outcome } from '#shared/base/outcome.ts';
import type { SmbOutcome } from './smb-fault.ts';
import type { UploadSource } from './upload-source.ts';

/** 2.0.2 and 2.1 are known by the probe alone: no login goes to them. */
export type SmbDialect = '2.0.2' | '2.1' | '3.0' | '3.0.2' | '3.1.1';
export type SmbCipher = 'AES-128-CCM' | 'AES-128-GCM' | 'AES-256-CCM' | 'AES-256-GCM';
export type SmbSigning = 'HMAC-SHA256' | 'AES-CMAC' | 'AES-GMAC';

export interface SmbTarget {
  /** For messages: how people call the machine. */
  name: string;
  /** The address that was judged; the server cannot send us elsewhere. */
  host: string;
  /** Default 445. */
  port?: number;
}

export interface SmbLogin {
  user: string;
  /** Empty or absent for an account of the machine itself, and for a user principal name. */
  domain?: string;
  password: string;
}

export interface SmbPolicy {
  /** Default 3.0: older dialects cannot prove afterwards that nobody weakened them. */
  minimumDialect: '3.0' | '3.0.2' | '3.1.1';
  /** Encrypt also where neither server nor share asks for it; a server that cannot is refused. Default false. */
  isEncrypted: boolean;
}

export interface SmbDeps {
  clock: Clock;
  random: RandomBytes;
  policy?: Partial<SmbPolicy>;
  /** To connect. Default 10 s. */
  connectMs?: number;
  /** From a request to its answer or to word that it takes longer. Default 30 s. */
  replyMs?: number;
  /** Awaited when the proof of the password is about to leave; what it throws keeps it here. From then on a failure may count as a try. */
  onOffer?: () => void | Promise<void>;
}

/** What the connection rests on. */
export interface SmbFacts {
  dialect: SmbDialect;
  signing: SmbSigning;
  /** Agreed on; used where server, share or policy ask for it. */
  cipher: SmbCipher | undefined;
  /** Everything of the session is encrypted, whatever the share. */
  isEncrypted: boolean;
  isSigningRequired: boolean;
}

/** One authenticated connection. A failure that leaves it in doubt closes it. */
export interface SmbConnection {
  readonly facts: SmbFacts;
  readonly isOpen: boolean;
  /** A share such as "C$" or "jobs". */
  tree(share: string, signal: AbortSignal): Promise<SmbOutcome<SmbFiles>>;
  close(): void;
}

export interface SmbEntry {
  /** Without folders; a hostile text like all of a device. */
  name: string;
  isFolder: boolean;
  /** A reparse point: a link or mount point. It is never followed by us. */
  isLink: boolean;
  sizeBytes: number;
  createdAt: EpochMs;
  changedAt: EpochMs;
}

export type SmbChangeKind = 'added' | 'removed' | 'changed' | 'renamed-from' | 'renamed-to';

export interface SmbChange {
  kind: SmbChangeKind;
  /** Below the watched folder, with "/". */
  name: string;
}

export interface SmbProgress {
  doneBytes: number;
  /** Undefined where the source does not say. */
  totalBytes: number | undefined;
}

export interface SmbTransfer {
  sizeBytes: number;
  /** Of the whole content, lower-case hexadecimal. */
  sha256: string;
}

export interface UploadOptions {
  sizeBytes?: number;
  /** What the content must hash to; another hash puts nothing in place. */
  sha256?: string;
  /**
   * Keeps what arrived under `<path>.part` when the transfer breaks, and goes on from there: the source is read from its
   * beginning for the hash, and only what is missing is sent.
   */
  isResumable?: boolean;
  /** Reads the file back and compares before it is put in place. Default true; what was resumed is always read back. */
  isReadBack?: boolean;
  onProgress?: (progress: SmbProgress) => void;
}

export interface DownloadOptions {
  /** More ends in `too-large`. */
  maxBytes: number;
  /** Goes on behind this many bytes, which `hash` has already been fed. */
  from?: { offset: number; hash: Hash };
  sha256?: string;
  onProgress?: (progress: SmbProgress) => void;
}

/**
 * Files of one share. Paths are relative to it, with "/" or "\"; the empty path is the share itself. A path with "..", a
 * stream (":"), a wildcard or a control character is `bad-name` and never sent.
 */
export interface SmbFiles {
  readonly isOpen: boolean;
  /** Everything said about this share is encrypted. */
  readonly isEncrypted: boolean;
  /** The entries as they come, without "." and ".."; the generator's return value says how it ended. */
  list(
    folder: string,
    options: { pattern?: string; maxEntries: number },
    signal: AbortSignal,
  ): AsyncGenerator<SmbEntry, SmbOutcome<void>>;
  stat(path: string, signal: AbortSignal): Promise<SmbOutcome<SmbEntry>>;
  /** The whole file; more than `maxBytes` is `too-large`. */
  read(path: string, maxBytes: number, signal: AbortSignal): Promise<SmbOutcome<Uint8Array>>;
  /** Writes a temporary file beside `path`, compares its SHA-256, renames it into place. */
  write(
    path: string,
    content: Uint8Array,
    options: { isReplacing: boolean },
    signal: AbortSignal,
  ): Promise<SmbOutcome<void>>;
  /** Without `isReplacing`, `already-there` says that somebody else was first: of many claimants one wins. */
  rename(from: string, to: string, options: { isReplacing: boolean }, signal: AbortSignal): Promise<SmbOutcome<void>>;
  /** A file, or an empty folder. */
  remove(path: string, signal: AbortSignal): Promise<SmbOutcome<void>>;
  /** A folder that stands already is no failure. */
  makeFolder(path: string, signal: AbortSignal): Promise<SmbOutcome<void>>;
  /**
   * Changes in a folder as they happen. An empty list means that too much happened at once: list the folder. The return
   * value says why it ended; aborting the signal ends it with `cancelled`.
   */
  watch(
    folder: string,
    options: { isDeep: boolean },
    signal: AbortSignal,
  ): AsyncGenerator<readonly SmbChange[], SmbOutcome<void>>;
  /** Streams up into a temporary name, then renames over `path`. */
  upload(
    path: string,
    source: UploadSource,
    options: UploadOptions,
    signal: AbortSignal,
  ): Promise<SmbOutcome<SmbTransfer>>;
  /** Streams down, in order; a chunk is the sink's until what it returns is settled, and not any longer. */
  download(
    path: string,
    sink: (chunk: Uint8Array) => Promise<void> | undefined,
    options: DownloadOptions,
    signal: AbortSignal,
  ): Promise<SmbOutcome<SmbTransfer>>;
}

/** `connect` of connect.ts: no credential leaves before dialect and protection are what the policy asks for. */
export type ConnectSmb = (
  target: SmbTarget,
  login: SmbLogin,
  deps: SmbDeps,
  signal: AbortSignal,
) => Promise<SmbOutcome<SmbConnection>>;

/** What a server says to somebody who shows no login. */
export interface SmbPosture {
  /** Each that it takes when it is the only one offered. */
  dialects: readonly SmbDialect[];
  isSigningRequired: boolean;
  /** What it picks of all that we know; undefined where it encrypts nothing. */
  cipher: SmbCipher | undefined;
  signing: SmbSigning;
  /** It speaks SMB 1 (CIFS), which nothing protects. */
  hasSmb1: boolean;
}

/** `probePosture` of posture.ts: negotiates and hangs up; offers no login. */
export type ProbeSmbPosture = (
  target: SmbTarget,
  deps: Pick<SmbDeps, 'clock' | 'random' | 'connectMs' | 'replyMs'>,
  signal: AbortSignal,
) => Promise<Outcome<SmbPosture>>;

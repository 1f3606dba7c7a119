// A shell on a device for a person who types: the port that SSH and WinRM stand behind.
import type { Outcome } from '#shared/base/outcome.ts';
import type { WindowSize } from '#shared/model/session.ts';
import type { RunEnd } from './transport.ts';

export interface ShellRequest extends WindowSize {
  /** On Windows. */
  program?: 'powershell' | 'cmd' | undefined;
}

export interface DeviceShell {
  /** A terminal of the device's own: it echoes, redraws and knows the size of the window. */
  readonly hasTty: boolean;
  /** Resolves when the device has taken it. */
  write(bytes: Uint8Array): Promise<Outcome<void>>;
  resize(size: WindowSize): void;
  /** To be read once. Back-pressure: what nobody reads the device holds back. The return value is how it ended. */
  output(): AsyncGenerator<Uint8Array, RunEnd>;
  /** Ends it; may be called again. */
  close(): void;
}

export type OpenShell = (request: ShellRequest, signal: AbortSignal) => Promise<Outcome<DeviceShell>>;

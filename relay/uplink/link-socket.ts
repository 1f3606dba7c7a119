// The port to one connection with the console: bytes both ways, whatever carries them.

export interface LinkHandlers {
  onMessage: (bytes: Uint8Array) => void;
  onPong: () => void;
  /** Called once, last. `detail` names the reason in words; it holds no secret. */
  onClose: (detail: string) => void;
}

export interface LinkSocket {
  /** Bytes accepted and not yet given to the network. */
  readonly bufferedAmount: number;
  /** Bytes on the socket so far, framing and TLS counted where the carrier knows. */
  readonly traffic: { sent: number; received: number };
  /** `onGone` is told once the network has the bytes, or never will. */
  send(bytes: Uint8Array, onGone?: () => void): void;
  ping(): void;
  /** Orderly; `onClose` follows. */
  close(): void;
  /** At once; `onClose` follows. */
  terminate(): void;
}

/**
 * Connects, or rejects with an AppError that names the peer. Handlers are given before the first byte can come.
 * The signal ends the attempt; a connection that stands does not heed it.
 */
export type Dial = (handlers: LinkHandlers, signal: AbortSignal) => Promise<LinkSocket>;

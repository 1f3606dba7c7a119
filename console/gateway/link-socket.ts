// The port of a WebSocket as a relay link needs it: whole binary messages, pings, and a brake.

export interface LinkSocket {
  send(bytes: Uint8Array): void;
  ping(): void;
  /** Polite end; `reason` is at most 123 bytes. The socket is gone at the latest a second later. */
  close(code: number, reason: string): void;
  /** Stops reading from the network until `resume`; a few messages may still arrive. */
  pause(): void;
  resume(): void;
  /** Bytes that `send` took and the network did not. */
  readonly bufferedBytes: number;
}

export interface LinkSocketEvents {
  /** A text message arrives as `undefined`: no frame of ours is text. */
  onMessage(bytes: Uint8Array | undefined): void;
  onPong(): void;
  onClose(): void;
}

/** Close codes of the private range: the reason holds the code of errors.ts or the reason of a GOAWAY. */
export const CLOSE_REFUSED = 4000;
/** The link ends in order: the console stops, or another session took over. */
export const CLOSE_LEAVING = 4001;

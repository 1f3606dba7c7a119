// LinkSocket over the ws library.
import type { WebSocket } from 'ws';
import type { LinkSocket, LinkSocketEvents } from './link-socket.ts';

/** A peer that does not answer a close is cut off after this; ws itself would wait 30 s. */
const CLOSE_WAIT_MS = 1_000;

/** Nothing reads the message until `attach`; ws buffers nothing before, because frames come only after the upgrade. */
export class WsSocket implements LinkSocket {
  readonly #ws: WebSocket;

  constructor(ws: WebSocket) {
    this.#ws = ws;
    // Too large, bad UTF-8, protocol errors: ws closes by itself with the right code; 'close' follows.
    ws.on('error', () => undefined);
  }

  attach(events: LinkSocketEvents): void {
    this.#ws.on('message', (data, isBinary) => {
      // With the default binaryType ws hands over one Buffer.
      events.onMessage(isBinary && Buffer.isBuffer(data) ? data : undefined);
    });
    this.#ws.on('pong', () => events.onPong());
    this.#ws.on('close', () => events.onClose());
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  send(bytes: Uint8Array): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.send(bytes);
  }

  ping(): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
  }

  close(code: number, reason: string): void {
    // A paused socket would never see the peer's answer.
    if (this.#ws.isPaused) this.#ws.resume();
    this.#ws.close(code, reason);
    const timer = setTimeout(() => this.#ws.terminate(), CLOSE_WAIT_MS);
    this.#ws.once('close', () => clearTimeout(timer));
  }

  pause(): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.pause();
  }

  resume(): void {
    if (this.#ws.isPaused) this.#ws.resume();
  }
}

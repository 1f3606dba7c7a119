// A line to a peer that can freeze: nothing passes any more, and neither end hears of it, as when a relay's machine loses its power.
import { once } from 'node:events';
import { createServer, type Server, Socket } from 'node:net';

export class FrozenLine {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(port: number): Promise<FrozenLine> {
    const server = createServer();
    const line = new FrozenLine(server);
    server.on('connection', (near) => {
      const far = new Socket().connect(port, '127.0.0.1');
      line.#pairs.add([near, far]);
      for (const socket of [near, far]) socket.on('error', () => undefined); // a killed process resets its end
      near.pipe(far);
      far.pipe(near);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the line has no port');
    return address.port;
  }

  /** What is connected stays so at both ends; what connects later passes. */
  freeze(): void {
    for (const [near, far] of this.#pairs) {
      near.unpipe(far);
      far.unpipe(near);
    }
  }

  async stop(): Promise<void> {
    this.#server.close();
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    await once(this.#server, 'close');
  }
}

// Opens tunnels: connections of a technician's machine to one port, which the order names, at the site.
import { connect, type Socket } from 'node:net';
import { resolveAddress } from '#relay/transport/probe/dns.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Outcome, succeed } from '#shared/base/outcome.ts';
import { TunnelMux } from '#shared/runtime/tunnel-mux.ts';
import { ByteSession } from './byte-session.ts';
import type { SessionEnd, SessionKindOpener, SessionRequest } from './session-end.ts';
import { tunnelTarget } from './tunnel-target.ts';

// 10 s: three lost SYNs on a slow line; who waits longer would rather hear of it.
const CONNECT_MS = 10_000;

export interface TunnelDeps {
  clock: Clock;
  /** As for probes: devices of a simulated site are on loopback. */
  allowLoopback: boolean;
}

export class TunnelOpener implements SessionKindOpener<'tunnel'> {
  readonly #deps: TunnelDeps;

  constructor(deps: TunnelDeps) {
    this.#deps = deps;
  }

  async open({ args, entry, device, charter, signal }: SessionRequest<'tunnel'>): Promise<Outcome<SessionEnd>> {
    const { clock, allowLoopback } = this.#deps;
    const ask = {
      ...{ name: entry.name, host: args.host, deviceAddress: device.address, allowLoopback },
      networks: charter().networks ?? [],
    };
    const target = await tunnelTarget(ask, async (host) => (await resolveAddress(host, { clock, signal })).addresses);
    if (!target.ok) return target;
    const counts = { opened: 0, closed: 0, refused: 0 };
    const onOpen = () => connectTo(target.value, args.port);
    return succeed(
      new ByteSession({
        serve: async (stream, stop) => {
          const onConnection = (news: keyof typeof counts) => {
            counts[news] += 1;
          };
          const mux = new TunnelMux({ stream, onOpen, onConnection });
          const onStop = () => mux.stop();
          stop.addEventListener('abort', onStop, { once: true });
          return await mux.run().finally(() => stop.removeEventListener('abort', onStop));
        },
        release: () => undefined,
        summary: () => `to ${target.value} port ${args.port}, ${counts.opened} connections, ${counts.refused} refused`,
      }),
    );
  }
}

function connectTo(host: string, port: number): Socket {
  const socket = connect({ host, port, allowHalfOpen: true });
  socket.setTimeout(CONNECT_MS, () => socket.destroy());
  socket.once('connect', () => socket.setTimeout(0));
  return socket;
}

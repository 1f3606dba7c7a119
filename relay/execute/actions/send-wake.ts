// Sends magic packets from this machine to all its networks.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { broadcastAddresses, wakePacket } from './wake-packet.ts';

/** "discard": nobody answers there; network cards look at the bytes alone. */
const WAKE_PORT = 9;
/** A packet may be lost, and nobody says so: three, a breath apart. */
const ROUNDS = 3;
const BETWEEN_MS = 100;

export interface WakeNetwork {
  port: number;
  addresses: readonly string[];
}

/** All networks of this machine. */
const ownNetworks = (): WakeNetwork => ({
  port: WAKE_PORT,
  addresses: broadcastAddresses(Object.values(networkInterfaces()).flatMap((one) => one ?? [])),
});

/** How many packets left; a network that cannot be reached costs only its own. */
export async function sendWake(
  macs: readonly string[],
  clock: Pick<Clock, 'sleep'>,
  { port, addresses }: WakeNetwork = ownNetworks(),
): Promise<Outcome<number>> {
  const socket = createSocket('udp4');
  let sent = 0;
  let fault = '';
  try {
    socket.bind(0);
    await once(socket, 'listening');
    socket.setBroadcast(true);
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round > 0) await clock.sleep(BETWEEN_MS);
      for (const packet of macs.map(wakePacket))
        for (const address of addresses) {
          const error = await sendOne((done) => socket.send(packet, port, address, done));
          if (error === undefined) sent += 1;
          else fault = error;
        }
    }
  } catch (error) {
    return fail('unreachable', `no packet could be sent: ${describeError(error).message}`);
  } finally {
    socket.close();
  }
  return sent > 0 ? succeed(sent) : fail('unreachable', `no packet could be sent: ${fault}`);
}

const sendOne = (send: (done: (error: Error | null) => void) => void): Promise<string | undefined> =>
  new Promise((resolve) => send((error) => resolve(error === null ? undefined : error.message)));

// Where a tunnel may lead: to the machine that showed the identity of the order, or to a host inside the networks that owners signed.
import { refusedKind } from '#relay/transport/probe/address-rule.ts';
import { isInRange } from '#shared/base/ip-range.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';

export interface TunnelAsk {
  /** For messages. */
  name: string;
  /** Absent: the device itself. */
  host: string | undefined;
  /** Of the machine that answered and showed who it is; absent where no network lies between. */
  deviceAddress: string | undefined;
  networks: readonly string[];
  /** Devices of a simulated site live on this machine. */
  allowLoopback: boolean;
}

/** An address, never a name: what it means cannot change between this and the connection. */
export async function tunnelTarget(
  ask: TunnelAsk,
  resolve: (host: string) => Promise<readonly string[]>,
): Promise<Outcome<string>> {
  const { name, host, networks, allowLoopback } = ask;
  if (host === undefined) return succeed(ask.deviceAddress ?? '127.0.0.1');
  if (networks.length === 0)
    return fail('refused', `${name}: the site's charter names no networks, so no host beside the device`);
  const [address] = await resolve(host);
  if (address === undefined) return fail('unreachable', `${name}: the name of the host was not found`);
  if (!networks.some((network) => isInRange(address, network)))
    return fail('refused', `${name}: ${address} is outside the networks of the site's charter`);
  const kind = refusedKind(address, { allowLoopback });
  return kind === undefined ? succeed(address) : fail('refused', `${name}: ${address} is ${kind}`);
}

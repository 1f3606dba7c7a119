// Which device of the roster a look at an address means: its pin and its floor count, and no other's.
import { WINRM_PORTS } from '#relay/transport/winrm/winrm-ways.ts';
import type { RosterEntry } from '#shared/model/device.ts';

interface Looked {
  /** A name or an address. */
  address: string;
  port: number | undefined;
}

const isUsual = (port: number | undefined): boolean =>
  port === undefined || port === WINRM_PORTS.tls || port === WINRM_PORTS.plain;

/** Behind one address stand several machines where ports are forwarded: another port is another machine. */
export function probedDevice(devices: readonly RosterEntry[], { address, port }: Looked): RosterEntry | undefined {
  const named = devices.find(({ name }) => name === address);
  if (named !== undefined) return named;
  const there = devices.filter((one) => one.transport === 'winrm' && one.address === address);
  return there.find((one) => one.port === port) ?? there.find((one) => isUsual(one.port) && isUsual(port));
}

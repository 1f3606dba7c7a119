// `rmm relay probe`: each step on the way to a machine, as lines to paste. Without a login it shows what anybody sees.
import path from 'node:path';
import type { RelayConfig } from '#relay/config/relay-config.ts';
import { printable } from '#relay/transport/script-output.ts';
import { systemClock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { ProbeAddress } from '#shared/model/probe.ts';
import type { ProbeFlags } from './probe-options.ts';

/** A minute: five seconds for each port, and a login. */
const PROBE_MS = 60_000;

function portOf({ port }: ProbeFlags): number | undefined {
  if (port === undefined) return undefined;
  const number = Number(port);
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
  throw new AppError('bad-request', `--port ${port}: expected a number from 1 to 65535`);
}

/** Prints as it goes: what hangs is the line that does not come. */
export async function probeAtTerminal(host: string, flags: ProbeFlags, config: RelayConfig): Promise<void> {
  const address = ProbeAddress.safeParse(host);
  if (!address.success) throw new AppError('bad-request', `${printable(host)}: ${address.error.issues[0]?.message}`);
  const port = portOf(flags);
  const tell = (step: string, said: string) => process.stdout.write(`${step.padEnd(24)} ${printable(said, 400)}\n`);
  const { lookAtMachine } = await import('./probe-machine.ts');
  const signal = AbortSignal.timeout(PROBE_MS);
  const isThere = await lookAtMachine({ address: address.data, port }, { clock: systemClock, tell }, signal);
  if (!isThere) return;
  if (flags.credential === undefined) {
    tell('login', 'not tried: name one of this relay with --credential');
    return;
  }
  const { logInForProbe } = await import('./probe-login.ts');
  const { becomeOwnerOf } = await import('./folder-owner.ts');
  await becomeOwnerOf(path.resolve(config.data));
  await logInForProbe({ ...flags, credential: flags.credential, address: address.data, port }, config, tell, signal);
}

// A fake Windows host on ports of loopback: what a default one enforces, from the specifications and from recordings. It is no Windows.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { type Clock, systemClock } from '#shared/base/clock.ts';
import type { HostAccount } from './accounts.ts';
import { FakeWindows, type FakeWindowsOptions } from './fake-windows.ts';
import type { HostCertificate } from './host-certificate.ts';
import { runPowerShell } from './powershell.ts';
import { programFor } from './programs.ts';
import { WindowsMachine } from './windows-machine.ts';

export interface WindowsHostOptions
  extends Partial<Omit<FakeWindowsOptions, 'accounts' | 'cim' | 'programFor' | 'clock'>> {
  accounts?: readonly HostAccount[];
  /** Which of all simulated machines it is. */
  seed?: number;
  index?: number;
  clock?: Clock;
}

export interface WindowsHost {
  readonly address: string;
  /** Of HTTP and of HTTPS. */
  readonly port: number;
  readonly tlsPort: number;
  /** An account that is let in. */
  readonly user: string;
  readonly password: string;
  readonly certificate: HostCertificate;
  readonly model: WindowsMachine;
  /** Its switches, its counts, its shells. */
  readonly host: FakeWindows;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const DEFAULT_ACCOUNT: HostAccount = { user: 'monitor', password: 'Sim-Pass-9 ü' };

export async function listenFor(host: FakeWindows, isTls: boolean, address = '127.0.0.1'): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => host.accept(socket, isTls));
  server.listen(0, address);
  await once(server, 'listening');
  return server;
}

export function portOf(server: Server): number {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no TCP port');
  return bound.port;
}

async function closed(server: Server): Promise<void> {
  const over = once(server, 'close');
  server.close();
  await over;
}

/** Starts one; who starts it stops it. */
export async function startWindowsHost(options: WindowsHostOptions = {}): Promise<WindowsHost> {
  const { accounts = [DEFAULT_ACCOUNT], seed = 1, index = 0, clock = systemClock, ...rest } = options;
  const [account = DEFAULT_ACCOUNT] = accounts;
  const address = '127.0.0.1';
  const model = new WindowsMachine({ seed, index, clock, address });
  const host = new FakeWindows({
    machine: model.name,
    keySeed: model.base.hostKeySeed,
    ...rest,
    accounts,
    clock,
    cim: model.cim,
    programFor: (line) => programFor(line, { powershell: (script, io) => runPowerShell(script, io, model), address }),
  });
  model.sees = () => host.mode;
  const certificate = await host.renewCertificate('own');
  const [http, https] = [await listenFor(host, false, address), await listenFor(host, true, address)];
  const stop = async () => {
    const over = Promise.all([closed(http), closed(https)]);
    host.stop();
    await over;
  };
  const { user, password } = account;
  return {
    address,
    port: portOf(http),
    tlsPort: portOf(https),
    user,
    password,
    certificate,
    model,
    host,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

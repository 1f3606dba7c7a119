// The part of `rmm relay probe` that logs in: by the relay's own gate, with what it has pinned, and without changing any of it.
import path from 'node:path';
import type { RelayConfig } from '#relay/config/relay-config.ts';
import { CharterStore } from '#relay/pin/charter-store.ts';
import { StoredDevicePins } from '#relay/pin/device-pins.ts';
import { IdentityStore } from '#relay/pin/identity.ts';
import { openSealingKey } from '#relay/pin/sealing-key.ts';
import { RosterKeeper } from '#relay/poll/roster.ts';
import { allInstances } from '#relay/transport/cim.ts';
import { CredentialBreaker } from '#relay/transport/credential-breaker.ts';
import { CredentialGate } from '#relay/transport/credential-gate.ts';
import { credentialSources } from '#relay/transport/credential-sources.ts';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { HandshakeGate } from '#relay/transport/handshake-gate.ts';
import { KerberosLogins } from '#relay/transport/kerberos/kerberos-logins.ts';
import type { Tell } from '#relay/transport/probe/winrm-steps.ts';
import type { Session } from '#relay/transport/transport.ts';
import { Vault } from '#relay/transport/vault.ts';
import { WayKeeper } from '#relay/transport/way-keeper.ts';
import { wayWords } from '#relay/transport/way-rank.ts';
import { WinrmSession } from '#relay/transport/winrm/winrm-session.ts';
import { WinrmTransport } from '#relay/transport/winrm/winrm-transport.ts';
import { systemClock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId, newId, systemRandom } from '#shared/base/id.ts';
import { RosterEntry } from '#shared/model/device.ts';
import { probedDevice } from './probed-device.ts';

export interface LoginAsk {
  address: string;
  port: number | undefined;
  credential: string;
  realm?: string;
  spn?: string;
}

const clock = systemClock;
const random = systemRandom;

/** The device of that name or address where the relay knows one: its pin and its floor count. */
function entryFor(ask: LoginAsk, data: string): RosterEntry {
  const roster = new RosterKeeper(path.join(data, 'roster.json'), () => undefined);
  const known = probedDevice(roster.devices, ask);
  const { address, port, credential, realm, spn } = ask;
  const asked = {
    credential,
    ...(port === undefined ? {} : { port }),
    ...(realm === undefined ? {} : { realm }),
    ...(spn === undefined ? {} : { spn }),
  };
  const fresh = { device: DeviceId.parse(newId(clock.now())), name: address, address, intervalMs: 60_000 };
  const parsed = RosterEntry.safeParse({ ...(known ?? fresh), ...asked, transport: 'winrm' });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('bad-request', `--${issue?.path.join('.')}: ${issue?.message}`);
}

/** Reads what is pinned; what a look shows is kept by nobody. */
function readingWays(pins: StoredDevicePins): WayKeeper {
  const store = { floor: (id: DeviceId) => pins.floor(id), toldWay: (id: DeviceId) => pins.toldWay(id) };
  return new WayKeeper({
    store: { ...store, setWays: () => undefined },
    pins,
    onWay: () => undefined,
    onLost: () => undefined,
  });
}

async function sourcesOf(data: string) {
  const { enrolment } = new IdentityStore(data);
  if (enrolment === undefined) throw new AppError('certificate-unknown', `${data}: not enrolled`);
  const key = await openSealingKey(data);
  const { site, relay } = enrolment;
  const vault = await Vault.open({
    folder: path.join(data, 'vault'),
    ...{ clock, key, place: { site, relay }, onBadFile: () => undefined },
  });
  return credentialSources(vault, new CredentialStore(path.join(data, 'credentials')));
}

export async function logInForProbe(ask: LoginAsk, config: RelayConfig, tell: Tell, signal: AbortSignal) {
  const { data, kerberos } = config;
  const kerberosFile = kerberos.config;
  const entry = entryFor(ask, data);
  const { charter } = await CharterStore.open(data);
  const credentials = await sourcesOf(data);
  const pins = new StoredDevicePins(data);
  try {
    const site = () => ({ networks: charter.networks ?? [], isFirstUseAllowed: charter.profile === 'solo' });
    const transport = new WinrmTransport({
      ...{ clock, random, pins, ways: readingWays(pins), breaker: new CredentialBreaker(clock) },
      logins: new CredentialGate({ clock, pins, credentials, site }),
      gate: new HandshakeGate({ clock, random }),
      kerberos: new KerberosLogins({ clock, configFile: kerberosFile === '' ? undefined : path.resolve(kerberosFile) }),
      // Whoever sits at the relay's own machine may name one; the roster's counts as ever.
      realms: ask.realm === undefined ? kerberos.realms : [...kerberos.realms, ask.realm],
      hostKeyPolicy: config.ssh.unknownHostKey,
    });
    const opened = await transport.open(entry, signal, 'monitor');
    if (!opened.ok) return tell('login', `${opened.reason}: ${opened.detail}`);
    await tellSession(opened.value, tell, signal).finally(() => opened.value.close());
  } finally {
    pins.stop();
  }
}

const LIMITS = { timeoutMs: 10_000, maxInstances: 4, maxBytes: 65_536 };
const SYSTEM = { from: 'Win32_OperatingSystem', select: { Caption: 'text', Version: 'text' } } as const;
const SHELL = { script: '"$($PSVersionTable.PSVersion)"\nexit 0', timeoutMs: 20_000, maxOutputBytes: 1_024 };

async function tellSession(session: Session, tell: Tell, signal: AbortSignal): Promise<void> {
  const { way, identity, hostname, cim } = session;
  if (way !== undefined) tell('login', `${wayWords(way)} at port ${way.port}`);
  const bound = 'bound to the certificate, nothing sealed twice';
  tell('sealing', way?.seal === 'tls' ? bound : 'every body is sealed and was opened');
  const { product, vendor, protocol } = (session instanceof WinrmSession ? session.service : undefined) ?? {};
  tell('Identify', `${product || 'no product'}, ${vendor || 'no vendor'}, ${protocol || 'no protocol'}`);
  tell('who it is', `${hostname ?? 'no name'}, ${Object.keys(identity).join(' ')}`);
  if (cim !== undefined) {
    const asked = await allInstances(cim, SYSTEM, LIMITS, signal);
    const [system] = asked.ok ? asked.value : [];
    tell('WQL', asked.ok ? `${system?.Caption ?? '-'} ${system?.Version ?? ''}` : `${asked.reason}: ${asked.detail}`);
  }
  const ran = await session.run(SHELL, signal);
  if (!ran.ok) return tell('shell', `${ran.reason}: ${ran.detail}`);
  const { end, stdout } = ran.value;
  const code = end.kind === 'exit' ? `exit code ${end.code}` : end.kind;
  tell('shell', `PowerShell ${Buffer.from(stdout).toString('utf8').trim()}, ${code}`);
}

// Joins the ways to a device: one breaker, one gate of logins and one of handshakes before all of them.
import path from 'node:path';
import type { RelayConfig } from '#relay/config/relay-config.ts';
import type { RefusalLog } from '#relay/execute/refusal-log.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import type { StoredDevicePins } from '#relay/pin/device-pins.ts';
import { type JobKey, openJobKey } from '#relay/pin/job-key.ts';
import type { Spool } from '#relay/spool/spool.ts';
import { CredentialBreaker } from '#relay/transport/credential-breaker.ts';
import { CredentialGate } from '#relay/transport/credential-gate.ts';
import { credentialSources } from '#relay/transport/credential-sources.ts';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { HandshakeGate } from '#relay/transport/handshake-gate.ts';
import { KerberosLogins } from '#relay/transport/kerberos/kerberos-logins.ts';
import { LocalTransport } from '#relay/transport/local/local-transport.ts';
import { loginAsker } from '#relay/transport/login-authority.ts';
import { LoginHooks } from '#relay/transport/login-hooks.ts';
import { connectSmb } from '#relay/transport/smb/connect.ts';
import { SmbQueueTransport } from '#relay/transport/smb-queue/queue-transport.ts';
import { SshTransport } from '#relay/transport/ssh/ssh-transport.ts';
import type { Transport } from '#relay/transport/transport.ts';
import type { Vault } from '#relay/transport/vault.ts';
import { WayKeeper } from '#relay/transport/way-keeper.ts';
import { WinrmTransport } from '#relay/transport/winrm/winrm-transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { systemRandom } from '#shared/base/id.ts';
import type { Logger } from '#shared/runtime/logger.ts';

export interface TransportParts {
  clock: Clock;
  log: Logger;
  spool: Spool;
  pins: StoredDevicePins;
  charters: Pick<CharterStore, 'charter'>;
  vault: Pick<Vault, 'get' | 'list' | 'spare'>;
  refusals: Pick<RefusalLog, 'tell'>;
}

function hooksOf({ hooks, data }: RelayConfig, clock: Clock): LoginHooks {
  const folder = path.resolve(hooks.folder === '' ? path.join(data, 'hooks') : hooks.folder);
  return new LoginHooks({ clock, folder, uid: process.getuid?.() ?? 0 });
}

/** A login that stops everywhere is for a person, at once. */
function breakerOf({ clock, log, spool }: TransportParts): CredentialBreaker {
  return new CredentialBreaker(clock, ({ credential, isSpare, why }) => {
    const transport = log.room('transport');
    transport.error({ credential, isSpare }, 'a login was stopped everywhere');
    // Verdicts come about while connections are let go of, too: a disk that is full must not end what lets go of them.
    try {
      spool.addRecord(1, { type: 'relay-event', at: clock.now(), code: 'denied', severity: 'critical', detail: why });
    } catch (error) {
      transport.error(describeError(error), 'that a login was stopped was not written down');
    }
  });
}

/** Who is reached by less than before may have somebody in between: it is told where people look, and kept. */
function wayKeeperOf({ clock, spool, pins, refusals }: TransportParts): WayKeeper {
  return new WayKeeper({
    store: pins,
    pins,
    onWay: (device, way) => spool.addRecord(1, { type: 'way', device, at: clock.now(), ...way }),
    onLost: ({ device, detail: said }) => {
      const detail = said.slice(0, 1_000);
      const lost = { at: clock.now(), code: 'denied', detail } as const;
      spool.addRecord(1, { type: 'relay-event', severity: 'critical', ...lost });
      refusals.tell({ type: 'audit', verb: 'way.refuse', device, ...lost });
    },
  });
}

function jobKeyOf({ data }: RelayConfig): () => JobKey {
  let key: JobKey | undefined;
  return () => {
    key ??= openJobKey(data);
    return key;
  };
}

/** All the ways to a device that this release knows, and what holds a device to the way it was reached by. */
export interface Ways {
  transports: Transport[];
  ways: WayKeeper;
}

export function composeTransports(config: RelayConfig, parts: TransportParts): Ways {
  const { clock, pins, charters, vault } = parts;
  const ways = wayKeeperOf(parts);
  const random = systemRandom;
  const breaker = breakerOf(parts);
  const logins = new CredentialGate({
    clock,
    pins,
    prefersSpare: (login, spare, entry) =>
      breaker.prefersSpare(login, spare, loginAsker(login.user, entry), loginAsker(spare.user, entry)),
    credentials: credentialSources(vault, new CredentialStore(path.join(config.data, 'credentials'))),
    site: () => ({
      networks: charters.charter.networks ?? [],
      isFirstUseAllowed: charters.charter.profile === 'solo',
    }),
  });
  const gate = new HandshakeGate({ clock, random });
  const hooks = hooksOf(config, clock);
  const { config: file, realms } = config.kerberos;
  const kerberos = new KerberosLogins({ clock, configFile: file === '' ? undefined : path.resolve(file) });
  const meeting = { clock, random, pins, logins, breaker, gate, hooks };
  const ssh = new SshTransport({ ...meeting, hostKeyPolicy: config.ssh.unknownHostKey });
  const transports = [
    new LocalTransport({ clock, random }),
    ssh,
    new WinrmTransport({ ...meeting, ssh, ways, kerberos, realms, hostKeyPolicy: config.ssh.unknownHostKey }),
    new SmbQueueTransport({ ...meeting, ways, connect: connectSmb, jobKey: jobKeyOf(config) }),
  ];
  return { transports, ways };
}

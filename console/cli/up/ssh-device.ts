// A real SSH host that `rmm up` was told of: its key goes to the relay's credentials, its address to the roster.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId } from '#shared/base/id.ts';
import { isRange } from '#shared/base/ip-range.ts';
import type { CredentialBinding } from '#shared/model/credential.ts';
import { CredentialName } from '#shared/model/device.ts';
import { ensureDevices, type RelaySetup } from './relay-setup.ts';

export interface SshTarget {
  user: string;
  host: string;
  port: number;
  keyFile: string;
}

/** "user@host:port" with the port optional; throws `bad-request` naming what is missing. */
export function parseSshTarget(text: string, keyFile: string): SshTarget {
  const match = /^(?<user>[^@\s]+)@(?<host>\[[^\]]+\]|[^:\s]+)(?::(?<port>\d+))?$/.exec(text);
  const { user, host, port } = match?.groups ?? {};
  if (user === undefined || host === undefined)
    throw new AppError('bad-request', `--ssh ${text}: expected user@host or user@host:port`);
  return { user, host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? 22), keyFile };
}

/** Secrets live only at the relay: the credential is a 0600 file in its folder, the console learns its name. */
export async function writeCredential(folder: string, name: string, credential: object): Promise<void> {
  const place = path.join(folder, 'credentials');
  await mkdir(place, { recursive: true, mode: 0o700 });
  await writeFile(path.join(place, `${CredentialName.parse(name)}.json`), JSON.stringify(credential), { mode: 0o600 });
}

/** A key for this one address. A name may lead elsewhere tomorrow, so its key is bound to none. */
const bindingFor = (host: string) =>
  isRange(host) ? { binding: { purpose: 'both', ranges: [host], weakest: 'key' } satisfies CredentialBinding } : {};

export async function addSshDevice(setup: RelaySetup, relayId: RelayId, target: SshTarget): Promise<void> {
  const privateKey = await readFile(target.keyFile, 'utf8');
  await writeCredential(setup.folder, 'start-ssh', { user: target.user, privateKey, ...bindingFor(target.host) });
  await ensureDevices(setup.api, [
    {
      relayId,
      name: target.host,
      transport: 'ssh',
      address: target.host,
      port: target.port,
      credential: 'start-ssh',
      intervalMs: 60_000,
      isSimulated: false,
    },
  ]);
}

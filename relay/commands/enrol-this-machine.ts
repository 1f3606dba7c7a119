// Enrols the machine this runs on: reads who it is, then asks the console with the pasted token.
import os from 'node:os';
import { enrol } from '#relay/pin/enrol.ts';
import { type Enrolment, IdentityStore } from '#relay/pin/identity.ts';
import { LocalTransport } from '#relay/transport/local/local-transport.ts';
import { agentFor } from '#relay/uplink/proxy.ts';
import { systemClock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId, newId, systemRandom } from '#shared/base/id.ts';
import type { RelayKind } from '#shared/crypto/enrolment-messages.ts';
import { parseToken } from '#shared/crypto/token.ts';
import { VERSION } from '#shared/runtime/version.ts';

interface Request {
  data: string;
  token: string;
  owner: string;
  kind: RelayKind;
}

/** 30 s: reading the machine takes one, asking a console across the world a few. */
const DEADLINE_MS = 30_000;

export async function enrolThisMachine({ data, token, owner, kind }: Request): Promise<Enrolment> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const transport = new LocalTransport({ clock: systemClock, random: systemRandom });
  const entry = {
    device: DeviceId.parse(newId(systemClock.now())),
    name: os.hostname(),
    transport: 'local' as const,
    address: 'localhost',
    intervalMs: 60_000,
  };
  const session = await transport.open(entry, signal);
  if (!session.ok) throw new AppError('unavailable', `this machine could not be read: ${session.detail}`);
  const { identity, system } = session.value;
  session.value.close();
  const store = new IdentityStore(data);
  const agent = agentFor(new URL(parseToken(token).url), process.env);
  const asked = { data, store, token, owner, kind, version: VERSION, identity, system, agent, signal };
  const { enrolment } = await enrol(asked);
  return enrolment;
}

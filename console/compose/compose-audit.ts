// Joins the audit trail with those who watch over it: its key, its checkpoints, and the relays as witnesses.
import os from 'node:os';
import path from 'node:path';
import { Checkpoints } from '#console/audit/checkpoints.ts';
import { CounterSignatures } from '#console/audit/counter-signatures.ts';
import type { SyslogTarget } from '#console/audit/syslog-connection.ts';
import { SyslogForwarder } from '#console/audit/syslog-forwarder.ts';
import { Trail } from '#console/audit/trail-verdict.ts';
import type { ConsoleDesk } from '#console/gateway/console-desk.ts';
import type { LinkRegistry } from '#console/gateway/link-registry.ts';
import { WitnessDesk } from '#console/gateway/witness-desk.ts';
import type { Store } from '#console/store/database.ts';
import { createKeyFile, readKeyFile } from '#console/trust/key-file.ts';
import { describeError } from '#shared/base/errors.ts';
import { systemRandom } from '#shared/base/id.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import type { ConsoleDeps } from './console-deps.ts';

/** The way out to a syslog receiver, where the configuration names one; until the signal aborts. */
async function forwardTrail(
  { clock, log }: Pick<ConsoleDeps, 'clock' | 'log'>,
  { store, target }: { store: Store; target: SyslogTarget | undefined },
  signal: AbortSignal,
): Promise<void> {
  if (target === undefined) return;
  const sender = { hostname: os.hostname(), processId: process.pid };
  const deps = { store, clock, target, sender, random: Math.random, log: log.room('audit') };
  await new SyslogForwarder(deps).run(signal);
}

/** Counter-signatures are written at most this often. */
const WRITE_MS = 1_000;

const auditKeyFile = (data: string): string => path.join(data, 'audit', 'audit.key');

/** The key of the checkpoints, made at first start. Relays pin its public half: another one is an alarm at each of them. */
export async function openAuditKey(data: string): Promise<SigningKey> {
  const file = auditKeyFile(data);
  return (await readKeyFile(file)) ?? (await createKeyFile(file));
}

interface Parts {
  store: Store;
  auditKey: SigningKey;
  syslog?: SyslogTarget | undefined;
  registry: LinkRegistry;
  desk: Pick<ConsoleDesk, 'onIncident'>;
}

export function composeWitnesses({ clock, log }: Pick<ConsoleDeps, 'clock' | 'log'>, parts: Parts) {
  const { store, auditKey: key, registry, desk } = parts;
  const signatures = new CounterSignatures({ store });
  const room = log.room('audit');
  const checkpoints: Checkpoints = new Checkpoints({
    ...{ store, clock, key, log: room },
    onMade: (offer) => witnesses.publish(offer),
  });
  const witnesses: WitnessDesk = new WitnessDesk({
    ...{ clock, registry, log: room },
    newest: () => checkpoints.newest(),
    onCounterSigned: (signed) => signatures.add(signed),
    onIncident: (peer, incident) => desk.onIncident(peer, incident),
  });
  const trail = new Trail({ store, random: systemRandom, keyId: key.publicKey.id, door: witnesses });
  /** Until the signal aborts. */
  async function run(signal: AbortSignal): Promise<void> {
    const sides = [checkpoints.run(signal), forwardTrail({ clock, log }, { store, target: parts.syslog }, signal)];
    while (!signal.aborted) {
      await clock.sleep(WRITE_MS, signal).catch(() => undefined); // stopped
      await signatures
        .flush()
        .catch((error: unknown) => room.error(describeError(error), 'counter-signatures could not be written'));
    }
    await Promise.all(sides);
  }
  return { checkpoints, witnesses, signatures, trail, run };
}

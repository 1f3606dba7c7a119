// `fuzz winrm`, drops: a whole fake Windows host whose connections break at each point of an exchange, and what ran on it counted there.
import { allInstances } from '#relay/transport/cim.ts';
import { FAILURE_REASONS } from '#shared/base/outcome.ts';
import { clientOf } from '#test/fixtures/winrm-client.ts';
import { DropPoint } from '#test/peers/windows-host/host-mode.ts';
import { startWindowsHost, type WindowsHost } from '#test/peers/windows-host/windows-host.ts';
import { below, pick, type Random } from './mutate.ts';

/** Shells whose creation was answered into a dead connection stay until they are idle: they must not end the fuzz. */
export const startDropHost = (): Promise<WindowsHost> =>
  startWindowsHost({ limits: { maxShellsPerUser: 1_000_000, maxOperationsPerUser: 10_000_000 } });

const ACTIONS = ['Enumerate', 'Pull', 'Create', 'Command', 'Send', 'Receive', 'Signal', 'Delete'];
const never = new AbortController().signal;
const SERVICES = { from: 'Win32_Service', select: { Name: 'text', State: 'text' } } as const;

export interface DropTally {
  /** More than one command begun, or a script run twice or with its input sent twice. */
  twice: number;
  /** Logins beyond those that the lanes of a client need. */
  extraLogins: number;
  /** Shells that are left although their creation was answered. */
  leftShells: number;
  answered: number;
}

export async function dropCase(host: WindowsHost, random: Random, n: number): Promise<DropTally> {
  const point = pick(random, DropPoint.options);
  const action = random() < 0.6 ? pick(random, ACTIONS) : undefined;
  const before = {
    shells: host.host.shells.size,
    logins: host.host.counts.logins,
    begun: host.host.shells.begun.length,
    ran: host.model.ran.length,
  };
  host.host.set({
    drop: {
      point,
      times: 1,
      after: action === undefined ? below(random, 10) : 0,
      ...(action === undefined ? {} : { action }),
    },
  });
  const client = clientOf(host, { silenceMs: 200, connectMs: 1_000 });
  const outcomes = [];
  const script = `Write-Output 'case-${n}'`;
  const isQuery = random() < 0.4;
  if (isQuery)
    outcomes.push(
      await allInstances(client.cim, SERVICES, { timeoutMs: 1_000, maxInstances: 500, maxBytes: 2_000_000 }, never),
    );
  else outcomes.push(await client.run({ script, timeoutMs: 1_000, maxOutputBytes: 10_000 }, never));
  await client.close();
  host.host.heal();
  for (const outcome of outcomes)
    if (!outcome.ok && !FAILURE_REASONS.includes(outcome.reason)) throw new Error(`${outcome.reason} is no reason`);
  const begun = host.host.shells.begun.length - before.begun;
  const ran = host.model.ran.slice(before.ran);
  // A command that is begun twice is given its input once: what ran alone would not show it.
  const isTwice = begun > 1 || ran.length > 1 || ran.some((each) => each !== script);
  const isCreateLost = action === undefined || action === 'Create';
  return {
    twice: isTwice ? 1 : 0,
    extraLogins: Math.max(0, client.logins - (isQuery ? 1 : 2)),
    leftShells: isCreateLost ? 0 : host.host.shells.size - before.shells,
    answered: outcomes.filter(({ ok }) => ok).length,
  };
}

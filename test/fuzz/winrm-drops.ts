// `fuzz winrm`, drops: a whole fake Windows host whose connections break at each point of an exchange, and what ran on it counted there.
import { allInstances } from '#relay/transport/cim.ts';
import type { RunResult } from '#relay/transport/transport.ts';
import { FAILURE_REASONS, type Outcome } from '#shared/base/outcome.ts';
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

type Client = ReturnType<typeof clientOf>;

const query = (client: Client) =>
  allInstances(client.cim, SERVICES, { timeoutMs: 1_000, maxInstances: 500, maxBytes: 2_000_000 }, never);
const run = (client: Client, script: string) => client.run({ script, timeoutMs: 1_000, maxOutputBytes: 10_000 }, never);

/** What has happened on the host so far. */
const seenOn = ({ host, model }: WindowsHost) => ({
  shells: host.shells.size,
  begun: host.shells.begun.length,
  ran: model.ran.length,
  creates: host.counts.requests['Create'] ?? 0,
});

export async function dropCase(host: WindowsHost, random: Random, n: number): Promise<DropTally> {
  const point = pick(random, DropPoint.options);
  const action = random() < 0.6 ? pick(random, ACTIONS) : undefined;
  const after = action === undefined ? below(random, 10) : 0;
  const script = `Write-Output 'case-${n}'`;
  const isQuery = random() < 0.4;
  const client = clientOf(host, { silenceMs: 200, connectMs: 1_000 });
  // A connection that has answered before is one that may be made anew; a fresh one is not tried again.
  if (random() < 0.5) await (isQuery ? query(client) : run(client, 'exit 0'));
  const before = seenOn(host);
  host.host.set({ drop: { point, times: 1, after, ...(action === undefined ? {} : { action }) } });
  const outcome = isQuery ? await query(client) : await run(client, script);
  await client.close();
  host.host.heal();
  const now = seenOn(host);
  if (!outcome.ok && !FAILURE_REASONS.includes(outcome.reason)) throw new Error(`${outcome.reason} is no reason`);
  if (!isQuery) checkOutput(outcome, `case-${n}\r\n`);
  const ran = host.model.ran.slice(before.ran);
  // A command that is begun twice is given its input once: what ran alone would not show it.
  const isTwice =
    now.creates - before.creates > 1 ||
    now.begun - before.begun > 1 ||
    ran.length > 1 ||
    ran.some((each) => each !== script);
  const isCreateLost = action === undefined || action === 'Create';
  return {
    twice: isTwice ? 1 : 0,
    extraLogins: Math.max(0, client.logins - (isQuery ? 1 : 2)),
    leftShells: isCreateLost ? 0 : now.shells - before.shells,
    answered: outcome.ok ? 1 : 0,
  };
}

/** An answer that was lost is a failure: output with a hole is never handed out as whole. */
function checkOutput(outcome: Outcome<unknown>, expected: string): void {
  const stdout = outcome.ok && isRun(outcome.value) ? Buffer.from(outcome.value.stdout).toString() : expected;
  if (stdout !== expected) throw new Error(`output with a hole: ${JSON.stringify(stdout)}`);
}

const isRun = (value: unknown): value is RunResult => typeof value === 'object' && value !== null && 'stdout' in value;

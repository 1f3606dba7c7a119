// `rmm doctor`: what is wrong with this console and its relays, and what to do about it.
import { statfs } from 'node:fs/promises';
import type { Command } from 'commander';
import { AppError, describeError } from '#shared/base/errors.ts';
import { nodeAdvice } from '#shared/base/fit-node.ts';
import type { RelaySummary } from '#shared/contract/relay-contract.ts';
import { checkCharters } from './charter-check.ts';
import type { Check } from './check.ts';
import { checkCredential } from './check-credential.ts';
import { toAppError } from './client.ts';
import { type CommandContext, contextOf, withConnection } from './command-context.ts';
import { bytes, duration, print, table } from './output.ts';

const ok = (name: string, detail: string): Check => ({ name, verdict: 'ok', detail, advice: '' });

/** Below this much room the databases of a day may not fit. */
const MIN_FREE_BYTES = 2 * 1024 ** 3;
/** Relays refuse orders when clocks differ by this. */
const MAX_SKEW_MS = 120_000;
/** Renewal begins in the last third of 14 days; less than this means that it fails. */
const MIN_CERTIFICATE_MS = 3 * 86_400_000;

export function checkNode(version: string): Check {
  const advice = nodeAdvice(version);
  return advice === undefined ? ok('node', version) : { name: 'node', verdict: 'failed', detail: version, advice };
}

export function checkRelay(relay: RelaySummary, now: number): Check[] {
  if (relay.isRevoked) return [];
  const name = `relay ${relay.name}`;
  const checks: Check[] = [];
  if (relay.isFenced)
    checks.push({
      name,
      verdict: 'failed',
      detail: 'fenced: two machines live with its identity',
      advice: 'end the copy, then `rmm relay release`; or revoke it and enrol it anew',
    });
  else if (!relay.isConnected) {
    const seen = relay.lastSeenAt === null ? 'never seen' : `last seen ${duration(now - relay.lastSeenAt)} ago`;
    checks.push({
      name,
      verdict: 'failed',
      detail: `away, ${seen}`,
      advice: 'look at its log; can it reach the relay port?',
    });
  }
  const skew = Math.abs(relay.clockSkewMs ?? 0);
  if (skew > MAX_SKEW_MS) {
    checks.push({
      name,
      verdict: 'failed',
      detail: `its clock is off by ${duration(skew)}`,
      advice: 'set the clock: orders are refused until then',
    });
  }
  const left = relay.certificateExpiresAt - now;
  if (left < MIN_CERTIFICATE_MS) {
    const detail = left < 0 ? 'its certificate expired' : `its certificate lasts ${duration(left)} more`;
    checks.push({
      name,
      verdict: left < 0 ? 'failed' : 'warning',
      detail,
      advice: 'a relay renews by itself: look at its log',
    });
  }
  return checks.length > 0 ? checks : [ok(name, 'connected')];
}

async function checkDisk(data: string): Promise<Check> {
  try {
    const { bavail, bsize } = await statfs(data);
    const free = bavail * bsize;
    if (free >= MIN_FREE_BYTES) return ok('disk', `${bytes(free)} free`);
    return { name: 'disk', verdict: 'warning', detail: `${bytes(free)} free`, advice: `make room below ${data}` };
  } catch (error) {
    return {
      name: 'disk',
      verdict: 'failed',
      detail: describeError(error).message,
      advice: 'does the data folder exist?',
    };
  }
}

async function checkConsole({ api, clock }: CommandContext): Promise<Check[]> {
  const [status, me, { items }, audit, sealed] = await Promise.all([
    api.system.status(),
    api.session.me(),
    api.relays.list(),
    api.audit.verify(),
    api.credentials.list(),
  ]);
  const loss = status.lost + status.quarantined;
  return [
    ok('console', `${status.version} on ${status.engine}`),
    loss === 0
      ? ok('stream', 'nothing lost, nothing set aside')
      : {
          name: 'stream',
          verdict: 'warning',
          detail: `${status.lost} lost, ${status.quarantined} set aside`,
          advice: 'the events of the relays say when and why',
        },
    audit.ok
      ? ok('audit', `${audit.rows} rows, the chain holds`)
      : {
          name: 'audit',
          verdict: 'failed',
          detail: `breaks at row ${audit.firstBadSeq}`,
          advice: 'somebody changed the database: compare with a backup',
        },
    me.hasUnexportedOwner
      ? {
          name: 'owner key',
          verdict: 'warning',
          detail: 'still on the console\u2019s disk',
          advice: 'rmm owner export <file>, and keep that file elsewhere',
        }
      : ok('owner key', 'not on this machine'),
    me.hasUnwrittenPaper
      ? {
          name: 'owner key on paper',
          verdict: 'warning',
          detail: 'the second owner key still lies on the console\u2019s disk',
          advice: 'rmm owner paper, and write it down',
        }
      : ok('owner key on paper', 'not on this machine'),
    ...items.flatMap((relay) => checkRelay(relay, clock.now())),
    ...sealed.items.flatMap((one) => checkCredential(one, clock.now()) ?? []),
    ...(await checkCharters(api, clock.now())),
  ];
}

async function diagnose(context: CommandContext): Promise<Check[]> {
  const local = [checkNode(process.version), await checkDisk(context.data)];
  try {
    return [...local, ...(await checkConsole(context))];
  } catch (error) {
    const { message } = toAppError(error);
    return [...local, { name: 'console', verdict: 'failed', detail: message, advice: 'is it running? npm start' }];
  }
}

export function addDoctorCommand(program: Command): void {
  withConnection(program.command('doctor').description('find what is wrong and say what to do')).action(
    async (_options, command: Command) => {
      const context = await contextOf(command);
      const checks = await diagnose(context);
      print(context.output, checks, () =>
        table(
          ['CHECK', 'VERDICT', 'DETAIL', 'DO'],
          checks.map((check) => [check.name, check.verdict, check.detail, check.advice]),
        ),
      );
      const failed = checks.filter((check) => check.verdict === 'failed').length;
      if (failed > 0) throw new AppError('conflict', `${failed} checks failed`);
    },
  );
}

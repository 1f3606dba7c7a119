// `rmm audit list, verify, checkpoints, export`: who did what, and whether anybody has altered it since.
import { type Command, InvalidArgumentError } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { AuditFilter, type AuditRow, type AuditVerdict, type CheckpointRow } from '#shared/contract/audit-contract.ts';
import { followExport, newNonce, type OwnCheck, pinFile, provenClaims, readPins, writePins } from './audit-check.ts';
import type { CommandContext } from './command-context.ts';
import { type SavedFile, savedText, saveFile } from './export-file.ts';
import { siteNamed } from './named.ts';
import { table } from './output.ts';
import { profileBookFile } from './profile-file.ts';
import { exportedRows, openExport } from './read-export.ts';
import { act, look, wholeNumber } from './verb.ts';

interface FilterOptions {
  actor?: string;
  verb?: string;
  resource?: string;
  outcome?: string;
  since?: number;
  until?: number;
  site?: string;
}

const time = (text: string): number => {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('a date or a time, such as 2026-11-23 or 2026-11-23T07:00Z');
  return at;
};

const withFilter = (command: Command): Command =>
  command
    .option('--actor <actor>', 'who, such as person:<id> or "relay:*"')
    .option('--verb <verb>', 'what, such as relay.revoke or "device.*"')
    .option('--resource <resource>', 'of what, such as device:<id>')
    .option('--outcome <outcome>', 'ok, denied, failed or refused')
    .option('--since <time>', 'from this time on', time)
    .option('--until <time>', 'before this time', time)
    .option('--site <site>', 'rows about a site, by name or id');

async function filterOf({ api }: CommandContext, options: FilterOptions): Promise<AuditFilter> {
  const { actor, verb, resource, outcome, since, until, site } = options;
  const wanted = { actor, verb, resource, outcome, from: since, to: until };
  const siteId = site === undefined ? undefined : (await siteNamed(api, site)).id;
  const filter = AuditFilter.safeParse({ ...wanted, site: siteId });
  if (!filter.success)
    throw new AppError(
      'bad-request',
      `--${filter.error.issues[0]?.path.join('.') ?? 'filter'}: ${filter.error.issues[0]?.message ?? 'does not fit'}`,
    );
  return filter.data;
}

const iso = (at: number): string => new Date(at).toISOString();

function addList(audit: Command): void {
  look<AuditRow[], FilterOptions & { limit: number }>(audit, 'list', {
    summary: 'newest rows',
    examples: ['audit list', 'audit list --verb "device.*" --since 2026-11-01', 'audit list --limit 500 --json'],
    options: (command) => withFilter(command).option('--limit <count>', 'at most so many', wholeNumber(1, 1_000), 50),
    run: async ({ context, options: { limit, ...options } }) =>
      (await context.api.audit.list({ limit, ...(await filterOf(context, options)) })).items,
    text: (items) =>
      table(
        ['SEQ', 'AT', 'ACTOR', 'VERB', 'RESOURCE', 'OUTCOME'],
        items.map((r) => [String(r.seq), iso(r.at), r.actor, r.verb, r.resource, r.outcome]),
      ),
  });
}

interface Checked extends AuditVerdict {
  /** What was checked on this machine; null without --witness. */
  own: OwnCheck | null;
}

/** The console's own verdict, and with --witness one that does not believe it. */
async function verify(context: CommandContext, isWitnessed: boolean): Promise<Checked> {
  if (!isWitnessed) return { ...(await context.api.audit.verify({})), own: null };
  const nonce = newNonce();
  const verdict = await context.api.audit.verify({ witness: true, nonce });
  const file = pinFile(profileBookFile(process.env));
  const { url } = context.console;
  const { claims, pins, ...proven } = provenClaims(verdict, nonce, readPins(file, url));
  const chain = await followExport(exportedRows(await openExport(context.console)), claims);
  const own = { ...proven, ...chain, faults: [...chain.faults, ...proven.faults] };
  if (own.faults.length === 0 && own.pinned.length > 0) writePins(file, url, pins);
  return { ...verdict, own };
}

/** Throws with the first bad row and what is wrong with it; a script goes by the exit code. */
function judged(checked: Checked): Checked {
  const { ok, firstBadSeq, faults, own } = checked;
  const said = [...faults.map(({ text }) => text), ...(own?.faults ?? [])];
  if (ok && said.length === 0) return checked;
  const seqs = [firstBadSeq, own?.firstBadSeq ?? null].filter((seq) => seq !== null);
  const row = seqs.length === 0 ? 'the trail was altered' : `the first bad row is ${Math.min(...seqs)}`;
  throw new AppError('conflict', `audit: ${row}: ${[...new Set(said)].join('; ')}`);
}

function verdictText({ rows, keyId, checkpoints, witnesses, own }: Checked): string {
  const head = [
    `${rows} rows, the chain holds; ${checkpoints.count} checkpoints, the newest at row ${checkpoints.newestSeq ?? 0}`,
    `audit key ${keyId}`,
  ];
  const said = table(
    ['RELAY', 'SITE', 'STATE', 'ROW', 'HELD', 'KEY'],
    witnesses.map((one) => [
      one.relayName,
      one.siteName,
      one.isLive ? one.state : `${one.state} (not asked)`,
      String(one.seq ?? '-'),
      String(one.held),
      one.keyId ?? '-',
    ]),
  );
  if (own === null) return [...head, ...(witnesses.length === 0 ? [] : [said])].join('\n');
  const here = `checked on this machine: ${own.rows} rows followed, ${own.proven} of ${witnesses.length} relays proven by their keys`;
  return [...head, said, here, ...own.pinned.map((key) => `seen for the first time: ${key}`)].join('\n');
}

function addVerify(audit: Command): void {
  look<Checked, { witness?: boolean }>(audit, 'verify', {
    summary: 'check the chain, its checkpoints and its witnesses; names the first bad row',
    examples: ['audit verify', 'audit verify --witness'],
    options: (command) =>
      command.option('--witness', 'ask every linked relay now, and follow the whole chain on this machine'),
    run: async ({ context, options }) => judged(await verify(context, options.witness === true)),
    text: verdictText,
  });
}

function addCheckpoints(audit: Command): void {
  look<CheckpointRow[], { limit: number }>(audit, 'checkpoints', {
    summary: 'signed checkpoints, and which relays counter-signed them',
    examples: ['audit checkpoints', 'audit checkpoints --limit 5 --json'],
    options: (command) => command.option('--limit <count>', 'at most so many', wholeNumber(1, 1_000), 20),
    run: async ({ context: { api }, options: { limit } }) => (await api.audit.checkpoints({ limit })).items,
    text: (items) =>
      table(
        ['ROW', 'AT', 'HASH', 'KEY', 'COUNTER-SIGNED BY'],
        items.map((one) => [
          String(one.seq),
          iso(one.at),
          one.hash.slice(0, 16),
          one.keyId.slice(0, 12),
          one.relays.map(({ relayName }) => relayName).join(', '),
        ]),
      ),
  });
}

function addExport(audit: Command): void {
  act<SavedFile, FilterOptions>(audit, 'export <file>', {
    summary: 'write the trail as JSON lines, oldest first; "-" is standard output',
    examples: ['audit export trail.jsonl', 'audit export - --site Main --since 2026-11-01'],
    options: withFilter,
    run: async ({ context, args: [file = '-'], options }) => {
      return await saveFile(await openExport(context.console, await filterOf(context, options)), file);
    },
    text: savedText,
  });
}

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('the audit trail: who did what');
  addList(audit);
  addVerify(audit);
  addCheckpoints(audit);
  addExport(audit);
}

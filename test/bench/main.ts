// `npm run bench -- <name> [--quick]`: runs one bench and prints its line; the exit code says whether its limits hold.
import { printResult } from '#test/result-line.ts';
import type { Bench } from './bench.ts';

/** Loaded when asked for: a bench's own imports must not weigh on another's. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  poll: async () => (await import('./poll.ts')).benchPoll,
  winrm: async () => (await import('./winrm.ts')).benchWinrm,
  codec: async () => (await import('./codec.ts')).benchCodec,
  ingest: async () => (await import('./ingest.ts')).benchIngest,
  scale: async () => (await import('./scale.ts')).benchScale,
  ratio: async () => (await import('./ratio.ts')).benchRatio,
  files: async () => (await import('./files.ts')).benchFiles,
  fleet: async () => (await import('./fleet.ts')).benchFleet,
  health: async () => (await import('./health.ts')).benchHealth,
  fanout: async () => (await import('./fanout.ts')).benchFanout,
  spool: async () => (await import('./spool.ts')).benchSpool,
  wire: async () => (await import('./wire.ts')).benchWire,
  import: async () => (await import('./import.ts')).benchImport,
  lab: async () => (await import('./lab.ts')).benchLab,
  web: async () => (await import('./web.ts')).benchWeb,
  viewers: async () => (await import('./viewers.ts')).benchViewers,
  seal: async () => (await import('./seal.ts')).benchSeal,
  unlink: async () => (await import('./unlink.ts')).benchUnlink,
  query: async () => (await import('./query.ts')).benchQuery,
  backtest: async () => (await import('./backtest.ts')).benchBacktest,
  backfill: async () => (await import('./backfill.ts')).benchBackfill,
  smb: async () => (await import('./smb.ts')).benchSmb,
  terminal: async () => (await import('./terminal.ts')).benchTerminal,
  tunnel: async () => (await import('./tunnel.ts')).benchTunnel,
  watch: async () => (await import('./watch.ts')).benchWatch,
};

async function main(args: readonly string[]): Promise<boolean> {
  const [name = '', ...flags] = args;
  const load = BENCHES[name];
  if (load === undefined || flags.some((flag) => flag !== '--quick')) {
    process.stderr.write(`usage: npm run bench -- <${Object.keys(BENCHES).join('|')}> [--quick]\n`);
    return false;
  }
  const isQuick = flags.includes('--quick');
  const bench = await load();
  const run = await bench({ isQuick, say: (line) => void process.stderr.write(`${name}: ${line}\n`) });
  return printResult({ ...run, isQuick }).pass;
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;

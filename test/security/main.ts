// `npm run security -- <name> [--quick]`: attacks in one way and prints its line; the exit code says whether the house held.
import { printResult } from '#test/result-line.ts';
import type { Attack } from './security.ts';

/** Loaded when asked for: an attack's own imports must not weigh on another's. */
const ATTACKS: Readonly<Record<string, () => Promise<Attack>>> = {
  'audit-tamper': async () => (await import('./audit-tamper.ts')).attackAuditTamper,
  asvs: async () => (await import('./asvs.ts')).checkAsvs,
  authz: async () => (await import('./authz.ts')).attackAuthz,
  blast: async () => (await import('./blast.ts')).attackBlast,
  clone: async () => (await import('./clone.ts')).attackClone,
  'cmd-injection': async () => (await import('./cmd-injection.ts')).attackCmdInjection,
  'console-owned': async () => (await import('./console-owned.ts')).attackConsoleOwned,
  csrf: async () => (await import('./csrf.ts')).attackCsrf,
  freeze: async () => (await import('./freeze.ts')).attackFreeze,
  'enrol-race': async () => (await import('./enrol-race.ts')).attackEnrolRace,
  login: async () => (await import('./login.ts')).attackLogin,
  mtls: async () => (await import('./mtls.ts')).attackMtls,
  'owned-roster': async () => (await import('./owned-roster.ts')).attackOwnedRoster,
  'hostile-device': async () => (await import('./hostile-device.ts')).attackHostileDevice,
  paths: async () => (await import('./paths.ts')).attackPaths,
  routes: async () => (await import('./routes.ts')).attackRoutes,
  ssrf: async () => (await import('./ssrf.ts')).attackSsrf,
  variables: async () => (await import('./variables.ts')).attackVariables,
  vault: async () => (await import('./vault.ts')).attackVault,
  'rogue-host': async () => (await import('./rogue-host.ts')).attackRogueHost,
};

async function main(args: readonly string[]): Promise<boolean> {
  const [name = '', ...flags] = args;
  const load = ATTACKS[name];
  if (load === undefined || flags.some((flag) => flag !== '--quick')) {
    process.stderr.write(`usage: npm run security -- <${Object.keys(ATTACKS).join('|')}> [--quick]\n`);
    return false;
  }
  const isQuick = flags.includes('--quick');
  const attack = await load();
  const run = await attack({ isQuick, say: (line) => void process.stderr.write(`${name}: ${line}\n`) });
  return printResult({ ...run, isQuick }).pass;
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;

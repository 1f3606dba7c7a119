// The short form of each chaos, fuzz, bench and security command: `npm test` runs them all, in this order.

export interface QuickCommand {
  /** "command subcommand", as in test/limits.ts. */
  name: string;
  argv: readonly [string, ...string[]];
}

/** What `npm run <command> -- <args> --quick` runs; without npm, which costs each of them most of a second. */
const quickForm = (command: string, ...args: string[]): QuickCommand => ({
  name: [command, ...args].join(' '),
  argv: [process.execPath, '--import', 'tsx', `test/${command}/main.ts`, ...args, '--quick'],
});

/** Add a line when a command is made; each takes at most 20 s. */
export const QUICK_COMMANDS: readonly QuickCommand[] = [
  quickForm('chaos', 'alerts'),
  quickForm('chaos', 'cancel'),
  quickForm('chaos', 'command'),
  quickForm('chaos', 'kill'),
  quickForm('chaos', 'metrics'),
  quickForm('chaos', 'offline'),
  quickForm('chaos', 'queue'),
  quickForm('chaos', 'selfcheck'),
  quickForm('chaos', 'shells'),
  quickForm('e2e', 'queue'),
  quickForm('fuzz', 'frames'),
  quickForm('fuzz', 'chunks'),
  quickForm('fuzz', 'jws'),
  quickForm('fuzz', 'manifest'),
  quickForm('fuzz', 'winrm'),
  quickForm('security', 'audit-tamper'),
  quickForm('fuzz', 'api'),
  quickForm('security', 'asvs'),
  quickForm('security', 'authz'),
  quickForm('security', 'blast'),
  quickForm('security', 'cmd-injection'),
  quickForm('security', 'console-owned'),
  quickForm('security', 'freeze'),
  quickForm('security', 'login'),
  quickForm('security', 'mtls'),
  quickForm('security', 'enrol-race'),
  quickForm('security', 'clone'),
  quickForm('security', 'rogue-host'),
  quickForm('security', 'owned-roster'),
  quickForm('security', 'vault'),
  quickForm('security', 'variables'),
  quickForm('security', 'ssrf'),
  quickForm('security', 'csrf'),
  quickForm('security', 'routes'),
  quickForm('security', 'hostile-device'),
  quickForm('security', 'paths'),
  quickForm('chaos', 'smb'),
  quickForm('fuzz', 'smb'),
  quickForm('bench', 'smb'),
  quickForm('bench', 'codec'),
  quickForm('bench', 'ingest'),
  quickForm('bench', 'scale'),
  quickForm('bench', 'seal'),
  quickForm('bench', 'unlink'),
  quickForm('bench', 'spool'),
  quickForm('bench', 'watch'),
  quickForm('bench', 'backfill'),
  quickForm('bench', 'query'),
  quickForm('bench', 'backtest'),
  quickForm('bench', 'health'),
  quickForm('bench', 'wire'),
  quickForm('bench', 'lab'),
  quickForm('bench', 'poll'),
  quickForm('bench', 'winrm'),
  quickForm('bench', 'fanout'),
  quickForm('bench', 'terminal'),
  quickForm('bench', 'import'),
  quickForm('bench', 'viewers'),
  quickForm('bench', 'fleet'),
  quickForm('bench', 'web'),
];

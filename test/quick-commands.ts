// The short form of each chaos, fuzz, bench and security command: `npm test` runs them all, in this order.

export interface QuickCommand {
  /** "command subcommand", as in test/limits.ts. */
  name: string;
  argv: readonly [string, ...string[]];
}

const npmRun = (command: string, ...args: string[]): QuickCommand => ({
  name: [command, ...args].join(' '),
  argv: ['npm', 'run', '--silent', command, '--', ...args, '--quick'],
});

/** Add a line when a command is made; each takes at most 20 s. */
export const QUICK_COMMANDS: readonly QuickCommand[] = [
  npmRun('chaos', 'kill'),
  npmRun('chaos', 'offline'),
  npmRun('chaos', 'queue'),
  npmRun('chaos', 'selfcheck'),
  npmRun('chaos', 'shells'),
  npmRun('fuzz', 'frames'),
  npmRun('fuzz', 'chunks'),
  npmRun('fuzz', 'jws'),
  npmRun('fuzz', 'manifest'),
  npmRun('fuzz', 'winrm'),
  npmRun('security', 'audit-tamper'),
  npmRun('fuzz', 'api'),
  npmRun('security', 'asvs'),
  npmRun('security', 'authz'),
  npmRun('security', 'blast'),
  npmRun('security', 'console-owned'),
  npmRun('security', 'freeze'),
  npmRun('security', 'login'),
  npmRun('security', 'mtls'),
  npmRun('security', 'enrol-race'),
  npmRun('security', 'clone'),
  npmRun('security', 'rogue-host'),
  npmRun('security', 'owned-roster'),
  npmRun('security', 'vault'),
  npmRun('security', 'variables'),
  npmRun('security', 'ssrf'),
  npmRun('security', 'csrf'),
  npmRun('security', 'routes'),
  npmRun('security', 'hostile-device'),
  npmRun('security', 'paths'),
  npmRun('chaos', 'smb'),
  npmRun('fuzz', 'smb'),
  npmRun('bench', 'smb'),
  npmRun('bench', 'codec'),
  npmRun('bench', 'spool'),
  npmRun('bench', 'wire'),
  npmRun('bench', 'lab'),
  npmRun('bench', 'poll'),
  npmRun('bench', 'winrm'),
  npmRun('bench', 'fanout'),
  npmRun('bench', 'import'),
  npmRun('bench', 'viewers'),
  npmRun('bench', 'fleet'),
  npmRun('bench', 'web'),
];

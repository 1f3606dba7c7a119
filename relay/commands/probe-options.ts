// The flags of `rmm relay probe`, apart from what it does, which is loaded when it runs.
import type { Command } from 'commander';

export interface ProbeFlags {
  port?: string | number;
  credential?: string;
  realm?: string;
  spn?: string;
}

export const probeOptions = (command: Command): Command =>
  command
    .option('--credential <name>', 'log in with a login that this relay holds; what it is bound to counts as ever')
    .option('--realm <realm>', 'realm for Kerberos, such as EXAMPLE.TEST')
    .option('--spn <principal>', 'whom Kerberos is asked for, such as HTTP/fs01.example.test');

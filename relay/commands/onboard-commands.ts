// `rmm onboard windows`: writes the kit that makes Windows machines ready to be monitored. It asks no console and no device.
import type { Command } from 'commander';
import type { WindowsKitFlags } from '#relay/service/windows-kit/write-kit.ts';

export function addOnboardCommands(program: Command): void {
  program
    .command('onboard')
    .description('scripts that make machines ready to be monitored')
    .command('windows')
    .description('GPO and Intune scripts for Windows: HTTPS listener, firewall, rights to read; each with its undo')
    .requiredOption('--site <name>', 'name of the site, for the folder and the comments')
    .requiredOption('--relay-address <addresses...>', "the relay's addresses: the firewall opens to them alone")
    .option('--account <name>', 'DOMAIN\\group or DOMAIN\\user that monitors; people add it by hand when absent')
    .option('--service <names...>', 'services whose state the monitors may read too')
    .option('--job-key <text>', 'with a file queue: the key that "rmm relay job-key" prints at the relay')
    .option('--queue-account <name>', 'DOMAIN\\user of the relay that writes jobs')
    .option('--out <folder>', 'where to write; rmm-windows-<site> here when absent')
    .action(async (flags: WindowsKitFlags) => {
      const { writeKit } = await import('#relay/service/windows-kit/write-kit.ts');
      process.stdout.write(writeKit(flags));
    });
}

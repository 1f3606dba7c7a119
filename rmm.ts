#!/usr/bin/env -S node --disable-proto=delete --disallow-code-generation-from-strings
// The one command of the product: `up`, the two programs, and every administrator's noun. What a verb needs is loaded when it runs.
import { Command, CommanderError } from 'commander';
import { toAppError } from '#console/cli/client.ts';
import { EXIT_CODES, exitCodeOf } from '#console/cli/exit-codes.ts';
import { addNouns } from '#console/cli/nouns.ts';
import { addUpCommand } from '#console/cli/up/up-command.ts';
import { addConsoleCommands } from '#console/main.ts';
import { addRelayCommands, probeHere } from '#relay/commands/relay-commands.ts';
import { describeError } from '#shared/base/errors.ts';
import { inertLines } from '#shared/base/inert-text.ts';
import { VERSION } from '#shared/runtime/version.ts';

async function main(): Promise<void> {
  const program = new Command('rmm')
    .description('Open remote monitoring and management: a console, and one relay per site')
    .version(VERSION)
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      `\nExit codes: ${Object.entries(EXIT_CODES)
        .map(([name, code]) => `${code} ${name}`)
        .join(', ')}`,
    );
  addUpCommand(program);
  addConsoleCommands(program);
  addNouns(program, addRelayCommands(program), probeHere);
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODES.usage;
      return;
    }
    const { code, message } = describeError(toAppError(error));
    // It may quote what a device or a stolen console says: nothing of it may move the cursor.
    process.stderr.write(`rmm: ${inertLines(message)} [${code}]\n`);
    process.exitCode = exitCodeOf(code);
  }
}

// The bundle is CommonJS, which has no await at its top level.
main().catch((error: unknown) => {
  process.stderr.write(`rmm: ${inertLines(describeError(error).message)}\n`);
  process.exitCode = EXIT_CODES.failed;
});

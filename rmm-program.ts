// Every word of the command line: `up`, the two programs, and every administrator's noun. What a verb needs is loaded when it runs.
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

/** `argv` as a process has it. Writes to this process's standard output and error; gives the exit code. */
export async function runRmm(argv: readonly string[]): Promise<number> {
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
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage;
    const { code, message } = describeError(toAppError(error));
    // It may quote what a device or a stolen console says: nothing of it may move the cursor.
    process.stderr.write(`rmm: ${inertLines(message)} [${code}]\n`);
    return exitCodeOf(code);
  }
}

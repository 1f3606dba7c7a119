#!/usr/bin/env -S node --disable-proto=delete --disallow-code-generation-from-strings
// The relay's own program, the entry of its archive: the same verbs as `rmm relay ...`, and nothing of the console.
import { Command, CommanderError } from 'commander';
import { addProbe, addRelayCommands } from '#relay/commands/relay-commands.ts';
import { describeError } from '#shared/base/errors.ts';
import { VERSION } from '#shared/runtime/version.ts';

async function main(): Promise<void> {
  const program = new Command('rmm').description('The relay of an RMM site').version(VERSION).exitOverride();
  addProbe(addRelayCommands(program));
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    const { code, message } = describeError(error);
    process.stderr.write(`rmm: ${message} [${code}]\n`);
    process.exitCode = 1;
  }
}

// The bundle is CommonJS, which has no await at its top level.
main().catch((error: unknown) => {
  process.stderr.write(`rmm: ${describeError(error).message}\n`);
  process.exitCode = 1;
});

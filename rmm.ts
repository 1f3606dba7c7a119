#!/usr/bin/env -S node --disable-proto=delete --disallow-code-generation-from-strings
// The one command of the product.
import { EXIT_CODES } from '#console/cli/exit-codes.ts';
import { describeError } from '#shared/base/errors.ts';
import { inertLines } from '#shared/base/inert-text.ts';
import { runRmm } from './rmm-program.ts';

/** A reader that went away, as `head` does, ends a program as it ends all others; one that runs for long stops in order. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.kill(process.pid, 'SIGTERM');
}

async function main(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endWithReader);
  const code = await runRmm(process.argv);
  // A program that goes on, as a console does, says nothing yet.
  if (code !== 0) process.exitCode = code;
}

// The bundle is CommonJS, which has no await at its top level.
main().catch((error: unknown) => {
  process.stderr.write(`rmm: ${inertLines(describeError(error).message)}\n`);
  process.exitCode = EXIT_CODES.failed;
});

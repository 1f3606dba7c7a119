// What every command of the administrator shares: where its console is, how it prints, when it must stop.
import type { Command } from 'commander';
import { systemClock } from '#shared/base/clock.ts';
import { type Api, apiClient, type ConsoleAddress } from './client.ts';
import type { Output } from './output.ts';
import { loadProfile } from './profile.ts';

export interface CommandContext {
  api: Api;
  /** For the one answer that is read as it is written: the export of the trail. */
  console: ConsoleAddress;
  data: string;
  output: Output;
  clock: typeof systemClock;
  /** Progress for people: standard error, and only on a terminal. */
  progress: (text: string) => void;
}

/** The options every noun has. */
export function withConnection(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder of the console on this machine', process.env['RMM_DATA'] ?? './data')
    .option('--url <url>', 'address of the console (or RMM_URL, with RMM_TOKEN)')
    .option('--profile <name>', 'a console known by `rmm profile add` (or RMM_PROFILE)')
    .option('--json', 'print one JSON value');
}

export async function contextOf(command: Command): Promise<CommandContext> {
  const options: { data: string; url?: string; profile?: string; json?: boolean } = command.opts();
  const profile = await loadProfile(options, process.env);
  return {
    api: apiClient(profile),
    console: profile,
    data: options.data,
    output: { isJson: options.json === true, write: (text) => process.stdout.write(text) },
    clock: systemClock,
    progress: (text) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${text}\u001b[K`);
    },
  };
}

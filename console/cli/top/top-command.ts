// `rmm top`: the fleet live in a terminal.
import type { Command } from 'commander';
import { contextOf, withConnection } from '#console/cli/command-context.ts';
import { AppError } from '#shared/base/errors.ts';
import { type Terminal, Top } from './top.ts';

/** The smallest terminal it is made for; a smaller one still shows the upper left part. */
const FALLBACK = { columns: 80, rows: 24 };

function terminal(): Terminal {
  const { stdin, stdout } = process;
  return {
    size: () => ({ columns: stdout.columns ?? FALLBACK.columns, rows: stdout.rows ?? FALLBACK.rows }),
    write: (text) => stdout.write(text),
    isPlain: (process.env['NO_COLOR'] ?? '') !== '',
    onInput: (take) => {
      const onData = (text: string) => take(text);
      stdin.setEncoding('utf8').setRawMode(true).resume().on('data', onData);
      return () => stdin.off('data', onData).setRawMode(false).pause();
    },
    onResize: (take) => {
      stdout.on('resize', take);
      return () => stdout.off('resize', take);
    },
  };
}

export function addTopCommand(program: Command): void {
  withConnection(
    program
      .command('top')
      .description('the fleet live in this terminal: lists, filter, one device; 80x24 is enough')
      .addHelpText('after', '\nExamples:\n  rmm top\n  ssh console rmm top'),
  ).action(async (_options, command: Command) => {
    if (!process.stdin.isTTY || !process.stdout.isTTY)
      throw new AppError('bad-request', 'rmm top needs a terminal; for programs there is rmm overview --json');
    const { api, clock } = await contextOf(command);
    const top = new Top({ api, clock, terminal: terminal() });
    // A connection that breaks or a kill must not leave the terminal raw.
    const stop = () => top.stop();
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
    await top.run();
  });
}

// How every verb is declared: its options and examples, what it asks of the console, and how the answer looks to people.
import { type Command, InvalidArgumentError } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { type CommandContext, contextOf, withConnection } from './command-context.ts';
import { print } from './output.ts';

export interface Invocation<O> {
  context: CommandContext;
  args: readonly string[];
  options: O;
  now: number;
}

interface Declared<T, O> {
  summary: string;
  examples: readonly string[];
  /** Adds options; the shared ones are there already. */
  options?: (command: Command) => Command;
  /** What is done in its place without a console; undefined: nothing. */
  instead?: (command: Command) => Promise<void> | undefined;
  run: (invocation: Invocation<O>) => Promise<T>;
  /** For people; `--json` prints the value as it is. */
  text: (value: T, invocation: Invocation<O>) => string;
}

function declared<T, O extends object>(parent: Command, usage: string, verb: Declared<T, O>): Command {
  const command = withConnection(parent.command(usage).description(verb.summary));
  verb.options?.(command);
  const examples = verb.examples.map((example) => `  rmm ${example}`).join('\n');
  return command.addHelpText('after', `\nExamples:\n${examples}`);
}

/** Commander hands over the arguments, the options and at last the command itself. */
async function invocationOf<O extends object>(command: Command): Promise<Invocation<O>> {
  const context = await contextOf(command);
  return {
    context,
    args: command.processedArgs.flat().filter(isText),
    options: command.opts<O>(),
    now: context.clock.now(),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** A verb that changes something, or whose answer is told once. */
export function act<T, O extends object = object>(parent: Command, usage: string, verb: Declared<T, O>): Command {
  const command = declared(parent, usage, verb);
  return command.action(async () => {
    const instead = verb.instead?.(command);
    if (instead !== undefined) return await instead;
    const invocation = await invocationOf<O>(command);
    const value = await verb.run(invocation);
    print(invocation.context.output, value, () => verb.text(value, invocation));
  });
}

/** Between two looks of --watch: as often as a page of people changes, and no load on the console. */
const WATCH_SECONDS = '2';

/** A verb that only looks: `--watch` looks again and again, on a terminal in place. */
export function look<T, O extends object = object>(parent: Command, usage: string, verb: Declared<T, O>): Command {
  const command = declared(parent, usage, verb).option(
    '--watch [seconds]',
    `look again every so many seconds (${WATCH_SECONDS} when none are given) until Ctrl-C`,
  );
  return command.action(async () => {
    const invocation = await invocationOf<O & { watch?: string | true }>(command);
    const { watch } = invocation.options;
    if (watch === undefined) return once(verb, invocation);
    const seconds = Number(watch === true ? WATCH_SECONDS : watch);
    if (!(seconds >= 1 && seconds <= 3_600)) throw new AppError('bad-request', '--watch: 1 to 3600 seconds');
    for (;;) {
      await once(verb, { ...invocation, now: invocation.context.clock.now() }, process.stdout.isTTY);
      await invocation.context.clock.sleep(seconds * 1_000);
    }
  });
}

const CLEAR = '\u001b[H\u001b[2J\u001b[3J';

async function once<T, O>(verb: Declared<T, O>, invocation: Invocation<O>, isInPlace = false): Promise<void> {
  const value = await verb.run(invocation);
  const { output } = invocation.context;
  if (isInPlace && !output.isJson) output.write(CLEAR);
  print(output, value, () => verb.text(value, invocation));
}

/** Parses an option as a whole number within bounds; the error names both. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max)
      throw new InvalidArgumentError(`a whole number from ${min} to ${max}`);
    return value;
  };

/** For options that may be given several times. */
export const collected = (value: string, former: readonly string[] | undefined): string[] => [...(former ?? []), value];

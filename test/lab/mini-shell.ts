// The few shell commands a simulated device knows, without a process: enough for technicians' commands in tests.
import type { Clock } from '#shared/base/clock.ts';
import type { ExecOutput } from './exec-output.ts';
import type { SimulatedMachine } from './machine.ts';

interface ShellContext {
  machine: SimulatedMachine;
  clock: Clock;
  output: ExecOutput;
}

interface Redirect {
  path: string;
  isAppend: boolean;
}

/** One simple command; `when` says how it hangs on the one before. */
interface Step {
  when: 'always' | 'success' | 'failure';
  words: string[];
  redirect?: Redirect;
  toStderr: boolean;
}

/** A script of a technician, not a program: more steps than this are a mistake of the test. */
const MAX_STEPS = 10_000;
/** Lines of `seq` per write: few large writes keep thousands of devices cheap. */
const SEQ_LINES = 4_096;

// Words, quoted words, operators and line ends; a comment runs to the end of its line.
const TOKEN =
  /\\\n|#[^\n]*|&&|\|\||>>|>&2|>|;|\n|(?:'[^']*'|"[^"]*"|\\.|[^\s;&|>'"\\#])(?:'[^']*'|"[^"]*"|\\.|[^\s;&|>'"\\])*/g;

const unquote = (word: string): string =>
  word.replaceAll(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, single?: string, double?: string, escaped?: string) =>
    String(single ?? double ?? escaped ?? ''),
  );

const SEPARATORS: Readonly<Record<string, Step['when']>> = {
  '\n': 'always',
  ';': 'always',
  '&&': 'success',
  '||': 'failure',
};

/** The steps of a script. */
export function parseScript(script: string): Step[] {
  const steps: Step[] = [];
  let step: Step = { when: 'always', words: [], toStderr: false };
  let pending: '>' | '>>' | undefined;
  for (const [token] of script.matchAll(TOKEN)) {
    const when = SEPARATORS[token];
    if (when !== undefined) {
      if (step.words.length > 0) steps.push(step);
      else if (token === '\n' && step.when !== 'always') continue; // a line may end after && or ||
      step = { when, words: [], toStderr: false };
    } else if (token.startsWith('#') || token === '\\\n') continue;
    else if (token === '>' || token === '>>') pending = token;
    else if (token === '>&2') step.toStderr = true;
    else if (pending !== undefined) {
      step.redirect = { path: unquote(token), isAppend: pending === '>>' };
      pending = undefined;
    } else step.words.push(unquote(token));
  }
  if (step.words.length > 0) steps.push(step);
  return steps.slice(0, MAX_STEPS);
}

type Print = (text: string) => Promise<void>;

async function seq(args: string[], print: Print): Promise<number> {
  const [first, second] = args.map(Number);
  if (first === undefined || Number.isNaN(first) || Number.isNaN(second ?? 0)) return 1;
  const [from, to] = second === undefined ? [1, first] : [first, second];
  for (let start = from; start <= to; start += SEQ_LINES) {
    const length = Math.min(SEQ_LINES, to - start + 1);
    await print(`${Array.from({ length }, (_, i) => start + i).join('\n')}\n`);
  }
  return 0;
}

async function cat(paths: string[], { machine, output }: ShellContext, print: Print): Promise<number> {
  let code = 0;
  for (const path of paths) {
    const content = machine.files.get(path);
    if (content !== undefined) await print(content.toString('utf8'));
    else {
      await output.stderr(`cat: ${path}: No such file or directory\n`);
      code = 1;
    }
  }
  return code;
}

const uname = (machine: SimulatedMachine, flag: string | undefined): string =>
  flag === '-a'
    ? `Linux ${machine.hostname} ${machine.model.kernel} #1 SMP PREEMPT_DYNAMIC Debian x86_64 GNU/Linux`
    : flag === '-r'
      ? machine.model.kernel
      : 'Linux';

async function runCommand(words: string[], context: ShellContext, print: Print): Promise<number> {
  const [name = '', ...args] = words;
  const { machine, clock, output } = context;
  switch (name) {
    case 'true':
    case ':':
      return 0;
    case 'false':
      return 1;
    case 'echo':
      await print(`${args.join(' ')}\n`);
      return 0;
    case 'sleep':
      await clock.sleep(Number(args[0] ?? 0) * 1000, output.signal);
      return 0;
    case 'seq':
      return seq(args, print);
    case 'cat':
      return cat(args, context, print);
    case 'hostname':
      await print(`${machine.hostname}\n`);
      return 0;
    case 'uname':
      await print(`${uname(machine, args[0])}\n`);
      return 0;
    case 'date':
      await print(
        args[0] === '+%s' ? `${Math.floor(machine.wallMs / 1000)}\n` : `${new Date(machine.wallMs).toUTCString()}\n`,
      );
      return 0;
    default:
      await output.stderr(`/bin/sh: 1: ${name}: not found\n`);
      return 127; // what a POSIX shell answers for a command it does not find
  }
}

function printer(step: Step, { machine, output }: ShellContext): Print {
  const { redirect } = step;
  if (redirect === undefined) return (text) => (step.toStderr ? output.stderr(text) : output.stdout(text));
  if (!redirect.isAppend && redirect.path !== '/dev/null') machine.files.set(redirect.path, Buffer.alloc(0));
  return async (text) => {
    if (redirect.path !== '/dev/null' && !machine.files.append(redirect.path, text))
      await output.stderr(`/bin/sh: 1: ${redirect.path}: No space left on device\n`);
  };
}

/** Runs a script on the machine and returns its exit code; rejects when the output's signal aborts. */
export async function runScript(script: string, context: ShellContext): Promise<number> {
  let code = 0;
  for (const step of parseScript(script)) {
    context.output.signal.throwIfAborted();
    if ((step.when === 'success' && code !== 0) || (step.when === 'failure' && code === 0)) continue;
    if (step.words[0] === 'exit') return Number(step.words[1] ?? code) & 0xff;
    code = await runCommand(step.words, context, printer(step, context));
  }
  return code;
}

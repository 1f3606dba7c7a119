// Commands where values are asked for: five hundred per kind of parameter, through a real shell and the literals of PowerShell.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { posixScript, powershellScript } from '#relay/execute/actions/action-script.ts';
import { scriptFor } from '#relay/execute/actions/scripts-of.ts';
import { quoteForShell } from '#relay/transport/script-wrap.ts';
import { powershellBlock } from '#relay/transport/winrm/powershell.ts';
import { systemClock } from '#shared/base/clock.ts';
import { CATALOGUE, CATALOGUE_NAMES } from '#shared/model/actions/catalogue.ts';
import type { CatalogueAction } from '#shared/model/actions/catalogue-actions.ts';
import { PARAMETER_TYPES, type ParameterType } from '#shared/model/actions/parameter-types.ts';
import { Action } from '#shared/model/manifest.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { GOOD, injectionTexts } from './injection-texts.ts';
import { onlyLiteral } from './powershell-literal.ts';
import type { Attack } from './security.ts';

/** One shell for so many values: what breaks out of one is seen all the same. */
const PER_SHELL = 100;
/** Real scripts of actions with values that their schema takes; each is a shell of its own. */
const SCRIPTS_RUN = { quick: 25, full: 400 };
/** Nobody: what a script would really do is not what is looked at. */
const NOBODY = 65_534;
const TYPES = Object.keys(PARAMETER_TYPES) as ParameterType[]; // of the literal
const SHELLS = ['/bin/sh', '/bin/bash', '/bin/mksh'] as const;

const runShell = (shell: string, text: string) => {
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  return spawnSync(shell, ['-s'], { input: text, ...asNobody, timeout: 20_000, maxBuffer: 64 * 1024 * 1024, cwd: '/' });
};

/** A transport's wrapping holds the whole script as one word more; the rest of it ends what outlives its connection. */
const asSent = (script: string): string => `eval ${quoteForShell(script)}\n`;

interface Tally {
  texts: number;
  taken: number;
  posix: number;
  powershell: number;
  escapes: number;
  scripts: number;
}

/** The value that a real shell has after our line, for each text; a marker file is an act of one. */
function throughShell(shell: string, texts: readonly string[]): number {
  let wrong = 0;
  for (let from = 0; from < texts.length; from += PER_SHELL) {
    const part = texts.slice(from, from + PER_SHELL);
    const script = part.map((value) => posixScript({ value }, `printf '%s\\000' "$value"\n`)).join('');
    const { stdout } = runShell(shell, asSent(script));
    const said = stdout.toString().split('\0').slice(0, -1);
    wrong += part.filter((value, n) => said[n] !== value).length + Math.max(0, said.length - part.length);
  }
  return wrong;
}

/** Our line is one literal and nothing else, and so is the block that all of it is put into. */
function throughPowerShell(texts: readonly string[]): number {
  const block = powershellBlock('');
  const [head = '', tail = ''] = block.split("''");
  return texts.filter((value) => {
    const script = powershellScript({ value }, 'Get-Date\n');
    const isValue = onlyLiteral(script, '$value=', '\nGet-Date\n') === value;
    return !isValue || onlyLiteral(powershellBlock(script), head, tail) !== script;
  }).length;
}

/** Every order of an action with one of its values replaced, as far as its schema takes it. */
function ordersWith(type: ParameterType, text: string): CatalogueAction[] {
  return CATALOGUE_NAMES.filter((name) => name !== 'powershell.run').flatMap((name) => {
    const { parameters } = CATALOGUE[name];
    return parameters
      .filter((one) => one.type === type)
      .flatMap((attacked) => {
        const values = parameters.map((one) => {
          const value = one === attacked ? text : GOOD[one.type];
          return [one.name, one.type === 'days' || one.type === 'process-id' ? Number(value) : value] as const;
        });
        const action = Action.safeParse({ name, arguments: Object.fromEntries(values) });
        return action.success ? [action.data as CatalogueAction] : []; // named by the catalogue
      });
  });
}

const naive = (texts: readonly string[], folder: string): number => {
  for (const value of texts) runShell('/bin/sh', `printf '%s' "${value}"\n`);
  return readdirSync(folder).length;
};

export const attackCmdInjection: Attack = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  await using folder = makeTempFolder('rmm-injection');
  chmodSync(folder.path, 0o755);
  const place = (name: string) => {
    const at = path.join(folder.path, name);
    mkdirSync(at);
    chmodSync(at, 0o777);
    return at;
  };
  const tally: Tally = { texts: 0, taken: 0, posix: 0, powershell: 0, escapes: 0, scripts: 0 };
  const marks = place('marks');
  const shells = SHELLS.filter((shell) => existsSync(shell)).slice(0, isQuick ? 1 : SHELLS.length);
  const wanted: string[] = [];
  for (const type of TYPES) {
    const texts = injectionTexts(type, (n) => `: >${marks}/${type}-${n}`);
    tally.texts += texts.length;
    tally.taken += texts.filter((text) => PARAMETER_TYPES[type].safeParse(text).success).length;
    for (const shell of shells) {
      tally.posix += texts.length;
      tally.escapes += throughShell(shell, texts);
    }
    tally.powershell += texts.length;
    tally.escapes += throughPowerShell(texts);
    for (const text of [GOOD[type], ...texts])
      for (const order of ordersWith(type, text)) {
        const script = scriptFor(order, 'linux');
        if (script !== undefined) wanted.push(script);
      }
    say(`${type}: ${texts.length} texts`);
  }
  // Those that a schema takes, through the whole script: a value that it uses without quotes would act here.
  const isSafe = process.getuid?.() === 0; // then all of it runs as nobody, who may do nothing
  for (const script of isSafe ? wanted.slice(0, isQuick ? SCRIPTS_RUN.quick : SCRIPTS_RUN.full) : []) {
    runShell('/bin/sh', asSent(script));
    tally.scripts += 1;
  }
  tally.escapes += readdirSync(marks).length;
  const careless = place('careless');
  const sample = injectionTexts('service', (n) => `: >${careless}/${n}`).slice(0, isQuick ? 60 : 500);
  const acted = naive(sample, careless);
  const brokenLiterals = sample.filter((value) => onlyLiteral(`'${value}'`, '', '') !== value).length;
  return {
    name: 'security cmd-injection',
    figures: { types: TYPES.length, ...tally, careless: acted, brokenLiterals },
    durationMs: systemClock.monotonic() - begin,
  };
};

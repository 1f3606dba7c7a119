// What pages order: a command or any action of the catalogue, as it is filled in, what is missing in it, and the command that orders the same.
import { rmm } from '#console/web/src/signing/command-text.ts';
import type { Parameter } from '#shared/model/actions/action-facts.ts';
import { CATALOGUE, CATALOGUE_NAMES, isCatalogueName } from '#shared/model/actions/catalogue.ts';
import type { CatalogueAction, CatalogueName } from '#shared/model/actions/catalogue-actions.ts';
import type { ParameterType } from '#shared/model/actions/parameter-types.ts';
import { Action, type Manifest } from '#shared/model/manifest.ts';
import { PARAMETER_TEXTS, type ParameterFault } from './parameter-texts.ts';

export type CommandRun = Extract<Action, { name: 'command.run' }>;
/** The others are made where they belong, such as a rebuilt machine's on the command line. */
export type Orderable = CommandRun | CatalogueAction;
export type OrderableName = Orderable['name'];

/** What is asked for most stands first. */
export const ORDERABLE_NAMES: readonly OrderableName[] = ['command.run', ...CATALOGUE_NAMES];

/** Where a field begins; most begin empty, and say so when nobody fills them in. */
const BEGINS: Partial<Readonly<Record<ParameterType, string | number>>> = { days: 30, 'registry-kind': 'string' };

/** A form of it that nobody has filled in. */
export function emptyOf(name: OrderableName): Orderable {
  if (name === 'command.run') return { name, arguments: { command: '' } };
  const asked = CATALOGUE[name].parameters.filter(({ isOptional }) => isOptional !== true);
  const given = Object.fromEntries(asked.map((one) => [one.name, BEGINS[one.type] ?? '']));
  return { name, arguments: given } as Orderable; // of the parameters that this name has; what they hold is judged by faultOf
}

export const isOrderable = (action: Action): action is Orderable =>
  action.name === 'command.run' || isCatalogueName(action.name);

const NUMBERS: ReadonlySet<ParameterType> = new Set(['days', 'process-id']);
export const isNumeric = ({ type }: Parameter): boolean => NUMBERS.has(type);

/** As it stands in its field; a number that is none stands nowhere. */
export function givenText(action: CatalogueAction, name: string): string {
  const value = (action.arguments as Readonly<Record<string, unknown>>)[name]; // read as what it is: text, a number or nothing
  return value === undefined || Number.isNaN(value) ? '' : String(value);
}

/** With what was typed into the field of `parameter`; an optional one that is empty is not given. */
export function withGiven(action: CatalogueAction, parameter: Parameter, text: string): Orderable {
  const { [parameter.name]: _, ...rest } = action.arguments as Readonly<Record<string, unknown>>;
  if (text === '' && parameter.isOptional === true) return { name: action.name, arguments: rest } as Orderable;
  const value = !isNumeric(parameter) ? text : text === '' ? Number.NaN : Number(text);
  // Judged by faultOf before anybody signs it.
  return { name: action.name, arguments: { ...rest, [parameter.name]: value } } as Orderable;
}

export interface ActionFault {
  parameter: string;
  /** A text of the catalogue of texts. */
  text: 'noCommand' | ParameterFault;
}

/** The first thing that is missing or wrong; undefined when the action can be ordered. */
export function faultOf(action: Orderable): ActionFault | undefined {
  if (action.name === 'command.run')
    return action.arguments.command.trim() === '' ? { parameter: 'command', text: 'noCommand' } : undefined;
  const read = Action.safeParse(action);
  if (read.success) return undefined;
  const { parameters } = CATALOGUE[action.name];
  // What is wrong with several together is said at the last of them.
  const path = read.error.issues[0]?.path[1];
  const parameter = parameters.find(({ name }) => name === path) ?? parameters.at(-1);
  return parameter === undefined
    ? undefined
    : { parameter: parameter.name, text: PARAMETER_TEXTS[parameter.type].fault };
}

/** Longest run on one device, when nobody says: a minute for a command, the catalogue's word for an action. */
const COMMAND_MS = 60_000;
export const usualTimeoutMs = (name: OrderableName): number =>
  name === 'command.run' ? COMMAND_MS : CATALOGUE[name].timeoutS * 1_000;

/** Their order says nothing: what is signed is the same however they were ticked. */
export const withVariables = ({ arguments: { command } }: CommandRun, names: readonly string[]): CommandRun => ({
  name: 'command.run',
  arguments: names.length === 0 ? { command } : { command, vars: names.toSorted() },
});

export interface Ordered {
  action: Orderable;
  reason: string;
  timeoutMs: number;
  validForMs: number;
  /** More care than the charter asks for; absent: as it says. */
  canary?: number | undefined;
  haltPercent?: number | undefined;
}

/** As a manifest asks for it; undefined when it asks for nothing. */
export function rolloutAsked({ canary, haltPercent }: Pick<Ordered, 'canary' | 'haltPercent'>): Manifest['rollout'] {
  if (canary === undefined && haltPercent === undefined) return undefined;
  return { ...(canary === undefined ? {} : { canary }), ...(haltPercent === undefined ? {} : { haltPercent }) };
}

export const varFlags = ({ arguments: { vars = [] } }: CommandRun) => vars.flatMap((name) => ['--var', name]);

const paramFlags = (action: CatalogueAction) =>
  CATALOGUE[action.name satisfies CatalogueName].parameters.flatMap(({ name }) => {
    const text = givenText(action, name);
    return name in action.arguments ? ['--param', `${name}=${text}`] : [];
  });

/** The same order by the command line, which reads it by itself. */
export function commandOf(
  { action, reason, timeoutMs, validForMs, canary, haltPercent }: Ordered,
  devices: readonly string[],
): string {
  const shared = [
    ...(reason === '' ? [] : ['--reason', reason]),
    ...['--timeout', String(timeoutMs / 1_000), '--wait', String(validForMs / 1_000)],
    ...(canary === undefined ? [] : ['--canary', String(canary)]),
    ...(haltPercent === undefined ? [] : ['--halt-percent', String(haltPercent)]),
  ];
  if (action.name === 'command.run')
    return rmm('run', ...shared, ...varFlags(action), ...devices, '--', action.arguments.command);
  return rmm('do', action.name, ...paramFlags(action), ...shared, '--device', ...devices);
}

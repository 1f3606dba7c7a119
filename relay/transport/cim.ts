// Typed questions to a Windows machine's CIM repository: what is asked is a plain value, what comes back is checked.
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';

/**
 * How a property is read. `big` is a bigint (uint64 does not fit a number), `time` milliseconds UTC of a CIM datetime
 * (DSP0004, 5.5.1). A value that is NULL, missing or unreadable is undefined, never zero and never an empty text.
 */
export type CimKind = 'text' | 'integer' | 'big' | 'real' | 'boolean' | 'time' | 'texts' | 'integers';

interface CimTypes {
  text: string;
  integer: number;
  big: bigint;
  real: number;
  boolean: boolean;
  time: number;
  texts: readonly string[];
  integers: readonly number[];
}

export type CimProperties = Readonly<Record<string, CimKind>>;

export type CimInstance<P extends CimProperties> = { readonly [Name in keyof P]: CimTypes[P[Name]] | undefined };

export interface CimQuery<P extends CimProperties = CimProperties> {
  /** Such as "root/cimv2", which is the default. */
  namespace?: string;
  /** Name of a class: letters, digits, underscore. */
  from: string;
  /** What is selected, and how each is read. */
  select: P;
  /** The condition as WQL; every literal in it stands in `wqlText` or is a number. */
  where?: string;
}

export interface CimLimits {
  timeoutMs: number;
  /** More instances end in `too-large`. */
  maxInstances: number;
  /** Bytes of all answers together. */
  maxBytes: number;
}

/**
 * Instances as they come; the generator's return value says how it ended. A class or namespace the machine does not have is
 * `unsupported`, one it does not show to this login `denied`: neither is "no instances". Leaving the loop early releases the
 * enumeration on the machine.
 */
export interface CimSource {
  instances<P extends CimProperties>(
    query: CimQuery<P>,
    limits: CimLimits,
    signal: AbortSignal,
  ): AsyncGenerator<CimInstance<P>, Outcome<void>>;
}

/** A text literal of WQL: single quotes and backslashes escaped (MS-WMI, WQL). */
export const wqlText = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const CLASS_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,255}$/;

/** The query as WQL. Throws for a name that is none: names are code, never data of a device. */
export function wqlOf({ from, select, where }: CimQuery): string {
  const names = Object.keys(select);
  const bad = [from, ...names].find((name) => !CLASS_NAME.test(name));
  if (bad !== undefined || names.length === 0) throw new TypeError(`${bad ?? from}: not a name of WQL`);
  const condition = where === undefined ? '' : ` WHERE ${where}`;
  return `SELECT ${names.join(',')} FROM ${from}${condition}`;
}

/** All instances of one question. */
export async function allInstances<P extends CimProperties>(
  source: CimSource,
  query: CimQuery<P>,
  limits: CimLimits,
  signal: AbortSignal,
): Promise<Outcome<CimInstance<P>[]>> {
  const found: CimInstance<P>[] = [];
  const instances = source.instances(query, limits, signal);
  for (;;) {
    const next = await instances.next();
    if (next.done === true) return next.value.ok ? succeed(found) : next.value;
    found.push(next.value);
    if (found.length > limits.maxInstances) {
      await instances.return(succeed(undefined));
      return fail('too-large', `${query.from}: more than ${limits.maxInstances} instances`);
    }
  }
}

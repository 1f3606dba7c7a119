// The fake host's CIM repository: classes by namespace, what this login may not see, and the answer to a WQL query as written items.
import { type CimClass, type CimRow, type CimValue, writeFragment, writeInstance } from './cim-value.ts';
import { parseWql, type WqlQuery } from './wql.ts';
import { FAULTS } from './wsman-fault.ts';

export interface CimLimitsOfHost {
  /** Lower-case names of classes that this login may not read. */
  deniedClasses: readonly string[];
  /** Lower-case names of classes that this machine lacks. */
  missingClasses: readonly string[];
  /** Lower-case namespaces that this login may not open. */
  deniedNamespaces: readonly string[];
}

const NOTHING: CimLimitsOfHost = { deniedClasses: [], missingClasses: [], deniedNamespaces: [] };

/** A class whose rows are plain objects; a property that a row leaves out is NULL. */
export function cimClass(
  namespace: string,
  name: string,
  properties: string,
  rows: () => ReadonlyArray<Readonly<Record<string, CimValue>>>,
): CimClass {
  const names = properties.trim().split(/\s+/);
  const known = new Set(names);
  const toRow = (plain: Readonly<Record<string, CimValue>>): CimRow => {
    const stray = Object.keys(plain).find((key) => !known.has(key));
    if (stray !== undefined) throw new Error(`${name} has no property ${stray}`);
    return new Map(Object.entries(plain).map(([key, value]) => [key.toLowerCase(), value]));
  };
  return { namespace: namespace.toLowerCase(), name, properties: names, rows: () => rows().map(toRow) };
}

export class CimRepository {
  readonly #classes = new Map<string, CimClass>();
  readonly #namespaces = new Set<string>();

  constructor(classes: readonly CimClass[]) {
    for (const one of classes) {
      this.#classes.set(`${one.namespace}:${one.name.toLowerCase()}`, one);
      this.#namespaces.add(one.namespace);
    }
  }

  /** The items of a query, each ready for the wire; throws the fault that WMI would. */
  items(namespace: string, text: string, limits: CimLimitsOfHost = NOTHING): string[] {
    const { found, names, rows, isAll } = this.#answer(namespace, text, limits);
    return rows.map((row) => (isAll ? writeInstance(found, row) : writeFragment(row, names)));
  }

  /** The same as values; names are spelt as the class spells them. */
  select(namespace: string, text: string, limits: CimLimitsOfHost = NOTHING): Pick<Answered, 'names' | 'rows'> {
    return this.#answer(namespace, text, limits);
  }

  #answer(namespace: string, text: string, limits: CimLimitsOfHost): Answered {
    const place = namespace.replaceAll('\\', '/').toLowerCase();
    if (limits.deniedNamespaces.includes(place)) throw FAULTS.deniedNamespace(namespace);
    if (!this.#namespaces.has(place)) throw FAULTS.noNamespace(namespace);
    const query = parsed(text);
    const name = query.from.toLowerCase();
    const found = limits.missingClasses.includes(name) ? undefined : this.#classes.get(`${place}:${name}`);
    if (found === undefined) throw FAULTS.noClass(query.from, namespace);
    if (limits.deniedClasses.includes(name)) throw FAULTS.accessDenied();
    return answer(found, query);
  }
}

function parsed(text: string): WqlQuery {
  try {
    return parseWql(text);
  } catch (error) {
    throw FAULTS.badQuery(error instanceof Error ? error.message : text);
  }
}

interface Answered {
  found: CimClass;
  names: readonly string[];
  rows: readonly CimRow[];
  isAll: boolean;
}

function answer(found: CimClass, { select, reads, matches }: WqlQuery): Answered {
  const spelt = new Map(found.properties.map((name) => [name.toLowerCase(), name]));
  const stray = [...(select ?? []), ...reads].find((name) => !spelt.has(name.toLowerCase()));
  if (stray !== undefined) throw FAULTS.badQuery(`${found.name} has no property ${stray}`);
  const names = select?.map((name) => spelt.get(name.toLowerCase()) ?? name) ?? found.properties;
  return { found, names, rows: found.rows().filter(matches), isAll: select === undefined };
}

// The series that scripts have named, with their units: what polls carried since the start, or when the last hours were read back.
import type { Series } from '#shared/model/metric-catalogue.ts';
import { readScriptColumn } from '#shared/model/script-series.ts';

/** A relay may invent names; beyond this they are kept and drawn for their device, and listed no more. */
const MAX_NAMES = 5_000;

export class ScriptNames {
  readonly #units = new Map<string, string>();
  /** Lists of columns that were looked at: a device keeps its list from poll to poll. */
  readonly #seen = new WeakSet<readonly Series[]>();

  note(series: readonly Series[]): void {
    if (this.#seen.has(series)) return;
    this.#seen.add(series);
    for (const one of series) {
      const said = readScriptColumn(one);
      if (said === undefined || (this.#units.size >= MAX_NAMES && !this.#units.has(said.name))) continue;
      this.#units.set(said.name, said.unit);
    }
  }

  /** Undefined for a name that no script has said. */
  unitOf(name: string): string | undefined {
    return this.#units.get(name);
  }

  all(): Array<{ name: string; unit: string }> {
    return [...this.#units].map(([name, unit]) => ({ name, unit }));
  }
}

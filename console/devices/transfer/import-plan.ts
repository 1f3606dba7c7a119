// Turns the rows of a file into the steps of an import, in slices; reading them twice gives the same as long as nothing has changed.
import type { SiteId } from '#shared/base/id.ts';
import type { ImportFault, ImportKind } from '#shared/contract/import-contract.ts';
import { DEVICE_COLUMNS, rowReader, SITE_COLUMNS } from './columns.ts';
import { DevicePlanner, type DeviceStep } from './device-plan.ts';
import { readDeviceRow } from './device-row.ts';
import { type Estate, EstateNames } from './estate.ts';
import type { FileRows } from './file-process.ts';
import type { Pace } from './pace.ts';
import { FileFault } from './sheet.ts';
import { placeName } from './site-places.ts';
import { SitePlanner, type SiteStep } from './site-plan.ts';

export type Step = ({ of: 'devices' } & DeviceStep) | ({ of: 'sites' } & SiteStep);

export interface Plan {
  rows: number;
  steps: Step[];
  faults: ImportFault[];
  /** "Customer / Site", or a customer alone. */
  newSites: string[];
}

/** Each new site gets its charter: so many are signed within seconds. */
const MAX_NEW_SITES = 1_000;

export interface PlanInput {
  kind: ImportKind;
  file: FileRows;
  estate: Estate;
  within: SiteId | undefined;
}

export async function planImport(input: PlanInput, pace: Pace): Promise<Plan> {
  const faults: ImportFault[] = [];
  try {
    const plan = await (input.kind === 'devices' ? planDevices(input, faults, pace) : planSites(input, faults, pace));
    if (plan.newSites.length > MAX_NEW_SITES)
      faults.push({
        row: 1,
        column: 'site',
        message: `would make more than ${MAX_NEW_SITES} sites: import them in parts`,
      });
    return plan;
  } catch (error) {
    if (error instanceof FileFault) return { rows: 0, steps: [], faults: [error.fault], newSites: [] };
    throw error;
  }
}

async function planDevices({ file, estate, within }: PlanInput, faults: ImportFault[], pace: Pace): Promise<Plan> {
  const names = new EstateNames(estate);
  await pace.breathe();
  const read = rowReader(file, DEVICE_COLUMNS, 'devices');
  const planner = new DevicePlanner({ names, within, faults });
  const steps: Step[] = [];
  let rows = 0;
  for (const [index, cells] of file.rows.entries()) {
    const row = read(cells, index);
    if (row === undefined) continue;
    rows += 1;
    const known = faults.length;
    const wish = readDeviceRow(row, faults);
    const step = faults.length === known ? planner.plan(wish) : undefined;
    if (step !== undefined) steps.push({ of: 'devices', ...step });
    await pace.breathe();
  }
  const customers = new Set([...planner.fresh.values()].map(({ customer }) => customer));
  const newCustomers = [...customers].filter((customer) => !estate.customers.has(customer));
  return { rows, steps, faults, newSites: [...newCustomers, ...[...planner.fresh.values()].map(placeName)] };
}

async function planSites({ file, estate }: PlanInput, faults: ImportFault[], pace: Pace): Promise<Plan> {
  const planner = new SitePlanner({ names: new EstateNames(estate), customers: estate.customers.keys(), faults });
  const read = rowReader(file, SITE_COLUMNS, 'sites');
  const steps: Step[] = [];
  let rows = 0;
  for (const [index, cells] of file.rows.entries()) {
    const row = read(cells, index);
    if (row === undefined) continue;
    rows += 1;
    const step = planner.plan(row);
    if (step !== undefined) steps.push({ of: 'sites', ...step });
    await pace.breathe();
  }
  return { rows, steps, faults, newSites: [...planner.fresh.keys()] };
}

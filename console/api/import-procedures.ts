// Import and export of devices and sites.
import type { Guarded } from './guard.ts';
import { notBuilt } from './not-built.ts';
import type { ApiServices } from './services.ts';

export function importProcedures(os: Guarded, _services: ApiServices) {
  return {
    plan: os.imports.plan.handler(notBuilt),
    show: os.imports.show.handler(notBuilt),
    apply: os.imports.apply.handler(notBuilt),
  };
}

export function exportProcedures(os: Guarded, _services: ApiServices) {
  return {
    devices: os.exports.devices.handler(notBuilt),
    sites: os.exports.sites.handler(notBuilt),
  };
}

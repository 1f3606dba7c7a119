// Import and export of devices and sites.
import { exportDevices, exportSites } from '#console/devices/transfer/exports.ts';
import { AppError } from '#shared/base/errors.ts';
import { MAX_IMPORT_BYTES } from '#shared/contract/import-contract.ts';
import { fleetColumns } from './fleet-export-columns.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function importProcedures(os: Guarded, { imports, fleet }: ApiServices) {
  return {
    plan: os.imports.plan.handler(({ input, context }) => {
      const { content, ...wish } = input;
      const bytes = Buffer.from(content, 'base64');
      if (bytes.length > MAX_IMPORT_BYTES)
        throw new AppError('too-large', `a file is at most ${MAX_IMPORT_BYTES / 1024 / 1024} MiB`);
      return imports.plan(context, context.scope, { ...wish, bytes });
    }),
    show: os.imports.show.handler(async ({ input, context }) => {
      const state = imports.show(context, input.id);
      // Whoever reads "done" finds the devices in every list.
      if (state.state === 'done') await fleet.settled();
      return state;
    }),
    apply: os.imports.apply.handler(({ input, context }) => imports.apply(context, context.scope, input.id)),
  };
}

export function exportProcedures(os: Guarded, services: ApiServices) {
  const { fleet } = services;
  return {
    devices: os.exports.devices.handler(({ input, context }) => {
      const { format, q, columns } = input;
      return exportDevices(services, context.scope, {
        format,
        ids: q === undefined ? undefined : fleet.match(context.scope, q),
        columns: columns?.split(',').map((name) => name.trim()),
        extra: columns === undefined ? undefined : fleetColumns(fleet.columns(context.scope)),
      });
    }),
    sites: os.exports.sites.handler(({ input, context }) => exportSites(services, context.scope, input.format)),
  };
}

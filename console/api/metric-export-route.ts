// GET /api/metrics/export: past the handler, because it is written as it is read, and read as fast as somebody takes it.
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Scope } from '#console/access/scope.ts';
import { type ExportDevice, exportText } from '#console/metrics/export-rows.ts';
import { checkSpan } from '#console/metrics/metric-query.ts';
import { AppError } from '#shared/base/errors.ts';
import { METRIC_EXPORT_TYPES, MetricExportInput, metricContract } from '#shared/contract/metric-contract.ts';
import type { ApiContext } from './api-context.ts';
import { fieldFaultsOf } from './field-faults.ts';
import { permitted } from './guard.ts';
import { problemResponse, wrongField } from './problems.ts';
import { selected } from './selected-devices.ts';
import type { ApiServices } from './services.ts';

const { meta, route } = metricContract.export['~orpc'];
/** Below the API's prefix. */
export const METRIC_EXPORT_PATH = route.path ?? '/metrics/export';

type ExportContext = Context<{ Bindings: HttpBindings }>;

/** The same contract row, the same right, the same errors as every operation. */
export async function metricExportResponse(
  c: ExportContext,
  context: ApiContext,
  services: ApiServices,
): Promise<Response> {
  const scope = await permitted(services, context.actor, meta);
  const asked = MetricExportInput.safeParse(c.req.query());
  if (!asked.success) {
    const [fault] = fieldFaultsOf(asked.error.issues);
    return problemResponse(wrongField(fault?.field ?? 'the query', fault?.message ?? 'does not fit'));
  }
  const { names, from, to, format } = asked.data;
  checkSpan({ from, to });
  const devices = await devicesOf(services, scope, asked.data);
  const wanted = names?.split(',').filter((name) => name !== '');
  const pieces = exportText(services.metrics, { devices, names: wanted, from, to, format }, c.req.raw.signal);
  const headers = {
    'content-type': METRIC_EXPORT_TYPES[format],
    'content-disposition': `attachment; filename="metrics.${format}"`,
    'cache-control': 'no-store',
  };
  return new Response(streamOf(pieces), { headers });
}

async function devicesOf(
  services: ApiServices,
  scope: Scope,
  { devices, over }: MetricExportInput,
): Promise<ExportDevice[]> {
  if ((devices === undefined) === (over === undefined))
    throw new AppError(
      'bad-request',
      'say whose metrics: devices=<ids> or over=fleet, site:ID, group:ID or customer:ID',
    );
  const some =
    over === undefined
      ? (devices ?? '')
          .split(',')
          .filter((id) => id !== '')
          .map((id) => {
            const device = services.fleet.selectOne(scope, id);
            if (device === undefined) throw new AppError('not-found', `no device ${id.slice(0, 60)}`);
            return device;
          })
      : (await selected(services, scope, over)).devices;
  const relays = await services.relays.idsBySite();
  return some.map((device) => ({ ...device, relays: relays.get(device.siteId) ?? [] }));
}

/** The next piece is read when the former one was taken: a slow reader costs nothing. */
function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const piece = await pieces.next();
        if (piece.done === true) controller.close();
        else controller.enqueue(encoder.encode(piece.value));
      },
      cancel: async () => {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

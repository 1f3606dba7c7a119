// The two doors that need no certificate: enrolment with a token, and the renewal of an expired certificate. JSON over HTTPS.
import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import { AppError, describeError, type ErrorCode } from '#shared/base/errors.ts';
import { passedBound } from '#shared/base/json-shape.ts';
import { PROBLEM_TYPE, problemType } from '#shared/contract/problem.ts';
import {
  ENROL_PATH,
  EnrolRequest,
  MAX_ENROLMENT_BYTES,
  RENEW_PATH,
  RenewRequest,
} from '#shared/crypto/enrolment-messages.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { AttemptLimiter } from './attempt-limiter.ts';
import type { EnrolmentDesk } from './enrolment-desk.ts';

/** Reading 32 KB takes no longer on any line that can carry a relay. */
const BODY_MS = 15_000;
/** What a machine says of itself has four levels and some fifty members. */
const SHAPE = { maxDepth: 8, maxMembers: 1_000 };

const STATUS: Partial<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'signature-invalid': 403,
  'token-unknown': 401,
  'token-used': 403,
  'token-expired': 403,
  'certificate-unknown': 401,
  'certificate-revoked': 403,
  'certificate-expired': 403,
  'clock-skew': 403,
  conflict: 409,
  'too-large': 413,
  'timed-out': 408,
  'rate-limited': 429,
  'charter-invalid': 503,
  unavailable: 503,
};

export interface EnrolmentEndpointDeps {
  desk: EnrolmentDesk;
  limiter: AttemptLimiter;
  store: Pick<Store, 'transaction'>;
  audit: Audit;
  log: Logger;
  /** The peer's address; "unknown" when the server cannot tell. */
  addressOf: (context: Context) => string;
  /** A lock-out of everybody: people must hear of it. */
  onAlarm: (detail: string) => void;
}

type Door = { verb: string; open: (body: unknown, address: string) => Promise<unknown> };

/** To be mounted at the root of the browsers' server. */
export function enrolmentEndpoint(deps: EnrolmentEndpointDeps): Hono {
  const enrol: Door = {
    verb: 'relay.enrol',
    open: (body, address) => deps.desk.enrol(parse(EnrolRequest, body), address),
  };
  const renew: Door = { verb: 'relay.renew', open: (body) => deps.desk.renew(parse(RenewRequest, body)) };
  const app = new Hono();
  app.post(ENROL_PATH, (context) => pass(deps, enrol, context));
  app.post(RENEW_PATH, (context) => pass(deps, renew, context));
  return app;
}

async function pass(deps: EnrolmentEndpointDeps, door: Door, context: Context): Promise<Response> {
  const address = deps.addressOf(context);
  try {
    deps.limiter.assertOpen(address);
    const answer = await door.open(await readJson(context.req.raw), address);
    return context.json(answer as object, 200, { 'cache-control': 'no-store' }); // both doors answer with an object
  } catch (error) {
    return await refuse(deps, door, context, error);
  }
}

async function refuse(deps: EnrolmentEndpointDeps, door: Door, context: Context, error: unknown): Promise<Response> {
  const { code, message } = describeError(error);
  const address = deps.addressOf(context);
  if (!(error instanceof AppError)) {
    deps.log.error({ address, verb: door.verb, error: message }, 'an enrolment failed');
    return refusal('internal', 'the console failed; its log says why', 500);
  }
  if (code !== 'rate-limited') await noteFailure(deps, door.verb, address, { code, message });
  return refusal(code, message, STATUS[code] ?? 400);
}

/** A problem as everywhere else; `message` is what a relay reads. */
function refusal(code: ErrorCode, message: string, status: number): Response {
  const title = 'Enrolment refused';
  const problem = { type: problemType(code), title, status, detail: message, code, message };
  return Response.json(problem, { status, headers: { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' } });
}

/** At most five hundred rows in ten minutes: then the door is locked, and a locked door writes nothing. */
async function noteFailure(
  deps: EnrolmentEndpointDeps,
  verb: string,
  address: string,
  { code, message }: { code: ErrorCode; message: string },
): Promise<void> {
  const effect = deps.limiter.failed(address);
  deps.log.warn({ address, verb, code }, `enrolment refused: ${message}`);
  const row = { actor: 'anonymous', address, resource: 'system:enrolment', outcome: 'refused' as const };
  await deps.store.transaction(async (tx) => {
    await deps.audit.append(tx, { ...row, verb, detail: { code, message } });
    if (effect !== 'counted')
      await deps.audit.append(tx, { ...row, actor: 'system:gateway', verb: 'enrolment.lock-out', detail: { effect } });
  });
  if (effect === 'address-locked') deps.onAlarm(`enrolment is closed to ${address}: too many failed attempts`);
  if (effect === 'all-locked') deps.onAlarm('enrolment is closed to everybody: too many failed attempts');
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  // The value itself stays out of the message: it may be a secret in the wrong field.
  throw new AppError(
    'bad-request',
    `${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'not as it should be'}`,
  );
}

/** The body, counted while it comes: a length header may lie. */
async function readJson(request: Request): Promise<unknown> {
  const reader = request.body?.getReader();
  const signal = AbortSignal.timeout(BODY_MS);
  // A cancelled reader says that it is done.
  const onLate = () => void reader?.cancel().catch(() => undefined);
  signal.addEventListener('abort', onLate, { once: true });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (signal.aborted) throw new AppError('timed-out', `the body did not come within ${BODY_MS / 1_000} s`);
    if (done) break;
    size += value.length;
    if (size > MAX_ENROLMENT_BYTES) {
      await reader?.cancel();
      throw new AppError('too-large', `a body of more than ${MAX_ENROLMENT_BYTES} bytes`);
    }
    chunks.push(value);
  }
  signal.removeEventListener('abort', onLate);
  const bytes = Buffer.concat(chunks);
  if (passedBound(bytes, SHAPE) !== undefined) throw new AppError('bad-request', 'the body is too deep or too full');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new AppError('bad-request', 'the body is not JSON');
  }
}

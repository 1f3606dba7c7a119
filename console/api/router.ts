// Every operation of the contract with its implementation.
import { actionProcedures } from './action-procedures.ts';
import { deviceProcedures } from './device-procedures.ts';
import { guarded } from './guard.ts';
import type { ApiServices } from './services.ts';
import { sessionProcedures } from './session-procedures.ts';
import { relayProcedures, siteProcedures } from './site-procedures.ts';
import { auditProcedures, systemProcedures } from './system-procedures.ts';

export function apiRouter(services: ApiServices) {
  const os = guarded(services.log);
  return os.router({
    session: sessionProcedures(os, services),
    devices: deviceProcedures(os, services),
    sites: siteProcedures(os, services),
    relays: relayProcedures(os, services),
    actions: actionProcedures(os, services),
    audit: auditProcedures(os, services),
    system: systemProcedures(os, services),
  });
}

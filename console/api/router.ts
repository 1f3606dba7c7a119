// Every operation of the contract with its implementation.
import { actionProcedures } from './action-procedures.ts';
import { alertProcedures, incidentProcedures } from './alert-procedures.ts';
import { auditProcedures } from './audit-procedures.ts';
import { checkProcedures } from './check-procedures.ts';
import { credentialProcedures } from './credential-procedures.ts';
import { deviceListProcedures } from './device-list-procedures.ts';
import { deviceReadProcedures } from './device-read-procedures.ts';
import { deviceWriteProcedures } from './device-write-procedures.ts';
import { expositionProcedures } from './exposition-procedures.ts';
import { groupProcedures, tagProcedures, viewProcedures } from './group-procedures.ts';
import { guarded } from './guard.ts';
import { healthProcedures } from './health-procedures.ts';
import { exportProcedures, importProcedures } from './import-procedures.ts';
import { maintenanceProcedures } from './maintenance-procedures.ts';
import { metricProcedures } from './metric-procedures.ts';
import {
  ackProcedures,
  channelProcedures,
  entryProcedures,
  notificationProcedures,
  onCallProcedures,
} from './notify-procedures.ts';
import { peopleProcedures, roleProcedures } from './people-procedures.ts';
import { policyProcedures } from './policy-procedures.ts';
import { profileProcedures } from './profile-procedures.ts';
import { relayProcedures } from './relay-procedures.ts';
import { scriptProcedures } from './script-procedures.ts';
import type { ApiServices } from './services.ts';
import { sessionProcedures } from './session-procedures.ts';
import { customerProcedures, siteProcedures } from './site-procedures.ts';
import { standingProcedures } from './standing-procedures.ts';
import { systemProcedures } from './system-procedures.ts';
import { tokenProcedures } from './token-procedures.ts';
import { variableProcedures } from './variable-procedures.ts';

export function apiRouter(services: ApiServices) {
  const os = guarded(services);
  return os.router({
    session: sessionProcedures(os, services),
    profile: profileProcedures(os, services),
    tokens: tokenProcedures(os, services),
    people: peopleProcedures(os, services),
    roles: roleProcedures(os),
    devices: {
      ...deviceListProcedures(os, services),
      ...deviceReadProcedures(os, services),
      ...deviceWriteProcedures(os, services),
    },
    customers: customerProcedures(os, services),
    sites: siteProcedures(os, services),
    relays: relayProcedures(os, services),
    credentials: credentialProcedures(os, services),
    variables: variableProcedures(os, services),
    metrics: metricProcedures(os, services),
    checks: checkProcedures(os, services),
    groups: groupProcedures(os, services),
    tags: tagProcedures(os, services),
    views: viewProcedures(os, services),
    health: healthProcedures(os, services),
    imports: importProcedures(os, services),
    exports: exportProcedures(os, services),
    actions: actionProcedures(os, services),
    scripts: scriptProcedures(os, services),
    standing: standingProcedures(os, services),
    alerts: alertProcedures(os, services),
    incidents: incidentProcedures(os, services),
    policies: policyProcedures(os, services),
    channels: channelProcedures(os, services),
    ...entryProcedures(os, services),
    onCall: onCallProcedures(os, services),
    notifications: notificationProcedures(os, services),
    acknowledge: ackProcedures(os, services),
    audit: auditProcedures(os, services),
    maintenance: maintenanceProcedures(os, services),
    exposition: expositionProcedures(os),
    system: systemProcedures(os, services),
  });
}

// The whole API: one table from which come validation, rights, audit, the OpenAPI document and the typed clients.
import { actionContract } from './action-contract.ts';
import { alertContract, incidentContract } from './alert-contract.ts';
import { auditContract } from './audit-contract.ts';
import { checkContract } from './check-contract.ts';
import { credentialContract } from './credential-contract.ts';
import { deviceContract } from './device-contract.ts';
import { expositionContract } from './exposition-contract.ts';
import { groupContract, tagContract, viewContract } from './group-contract.ts';
import { healthContract } from './health-contract.ts';
import { exportContract, importContract } from './import-contract.ts';
import { maintenanceContract } from './maintenance-contract.ts';
import { metricContract } from './metric-contract.ts';
import {
  ackContract,
  channelContract,
  contactContract,
  escalationContract,
  notificationContract,
  onCallContract,
  routeContract,
} from './notify-contract.ts';
import { peopleContract, roleContract } from './people-contract.ts';
import { policyContract } from './policy-contract.ts';
import { profileContract } from './profile-contract.ts';
import { relayContract } from './relay-contract.ts';
import { scriptContract } from './script-contract.ts';
import { sessionContract } from './session-contract.ts';
import { customerContract, siteContract } from './site-contract.ts';
import { standingContract } from './standing-contract.ts';
import { systemContract } from './system-contract.ts';
import { tokenContract } from './token-contract.ts';
import { variableContract } from './variable-contract.ts';

export const contract = {
  session: sessionContract,
  profile: profileContract,
  tokens: tokenContract,
  people: peopleContract,
  roles: roleContract,
  devices: deviceContract,
  customers: customerContract,
  sites: siteContract,
  relays: relayContract,
  credentials: credentialContract,
  variables: variableContract,
  metrics: metricContract,
  checks: checkContract,
  groups: groupContract,
  tags: tagContract,
  views: viewContract,
  health: healthContract,
  imports: importContract,
  exports: exportContract,
  actions: actionContract,
  scripts: scriptContract,
  standing: standingContract,
  alerts: alertContract,
  incidents: incidentContract,
  policies: policyContract,
  channels: channelContract,
  contacts: contactContract,
  routes: routeContract,
  escalations: escalationContract,
  onCall: onCallContract,
  notifications: notificationContract,
  acknowledge: ackContract,
  audit: auditContract,
  maintenance: maintenanceContract,
  exposition: expositionContract,
  system: systemContract,
};

/** Where the API hangs below the console's origin. */
export const API_PREFIX = '/api';

// Every noun of the administrator's command line, in the order of its help.
import type { Command } from 'commander';
import { addAcceptCommand, addActionCommands } from './action-commands.ts';
import { addAuditCommands } from './audit-commands.ts';
import { addFreezeCommand, addThawCommand } from './brake-commands.ts';
import { addCharterCommands } from './charter-commands.ts';
import { addCompletionCommand } from './completion-command.ts';
import { addCredentialCommands } from './credential-commands.ts';
import { addCustomerCommands } from './customer-commands.ts';
import { addDeviceCommands } from './device-commands.ts';
import { addDeviceWriteCommands } from './device-write-commands.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addGroupCommands, addTagCommands, addViewCommands } from './group-commands.ts';
import { addOwnerCommands, addSignerCommands } from './key-commands.ts';
import { addProfileCommands } from './profile-commands.ts';
import { addRelayAdminCommands } from './relay-admin-commands.ts';
import { addRunCommand } from './run-command.ts';
import { addServiceCommands } from './service-command.ts';
import { addSessionCommands, addTokenCommands } from './sign-in-commands.ts';
import { addSiteCommands } from './site-commands.ts';
import { addStandingCommands } from './standing-commands.ts';
import { addSystemCommands } from './system-commands.ts';
import { addTopCommand } from './top/top-command.ts';
import { addTransferCommands } from './transfer-commands.ts';
import { addVariableCommands } from './variable-commands.ts';

/** `relay` holds the relay's own verbs already. */
export function addNouns(program: Command, relay: Command): void {
  addTopCommand(program);
  addSystemCommands(program);
  addAuditCommands(program);
  const device = addDeviceCommands(program);
  addDeviceWriteCommands(device);
  addAcceptCommand(device);
  addTransferCommands(device, 'devices');
  addRunCommand(program);
  addServiceCommands(program);
  addActionCommands(program);
  addStandingCommands(program);
  addTransferCommands(addSiteCommands(program), 'sites');
  addCustomerCommands(program);
  addRelayAdminCommands(relay);
  addGroupCommands(program);
  addTagCommands(program);
  addViewCommands(program);
  addCharterCommands(program);
  addCredentialCommands(program);
  addVariableCommands(program);
  addOwnerCommands(program);
  addSignerCommands(program);
  addFreezeCommand(program);
  addThawCommand(program);
  addDoctorCommand(program);
  addSessionCommands(program);
  addTokenCommands(program);
  addProfileCommands(program);
  addCompletionCommand(program);
}

// What a relay asks about what is installed on a Windows machine and what it starts. Programs of installers stand in the registry: the script reads them.
import { question } from './ask-cim.ts';

export const SOFTWARE = {
  system: question({
    from: 'Win32_OperatingSystem',
    select: {
      Caption: 'text',
      Version: 'text',
      BuildNumber: 'text',
      OSArchitecture: 'text',
      OperatingSystemSKU: 'integer',
      ProductType: 'integer',
      InstallDate: 'time',
      LocalDateTime: 'time',
      CSName: 'text',
      OSLanguage: 'integer',
      SystemDirectory: 'text',
    },
  }),
  zone: question({ from: 'Win32_TimeZone', select: { StandardName: 'text', Bias: 'integer' } }),
  /** InstalledOn is a text in the machine's own way of writing dates. */
  hotfixes: question({
    from: 'Win32_QuickFixEngineering',
    select: { HotFixID: 'text', Description: 'text', InstalledOn: 'text', InstalledBy: 'text' },
  }),
  /** Programs of the store, for whoever installed them. Win32_Product is never asked: it repairs what it lists. */
  storeApps: question({
    from: 'Win32_InstalledStoreProgram',
    select: { Name: 'text', Version: 'text', Vendor: 'text', Architecture: 'text' },
  }),
  services: question({
    from: 'Win32_Service',
    select: {
      Name: 'text',
      DisplayName: 'text',
      State: 'text',
      StartMode: 'text',
      StartName: 'text',
      PathName: 'text',
      ExitCode: 'integer',
    },
  }),
  startup: question({
    from: 'Win32_StartupCommand',
    select: { Name: 'text', Command: 'text', Location: 'text', User: 'text' },
  }),
  tasks: question({
    namespace: 'root/microsoft/windows/taskscheduler',
    from: 'MSFT_ScheduledTask',
    select: { TaskName: 'text', TaskPath: 'text', State: 'integer', Author: 'text' },
  }),
  users: question({
    from: 'Win32_UserAccount',
    select: {
      Name: 'text',
      FullName: 'text',
      SID: 'text',
      Disabled: 'boolean',
      Lockout: 'boolean',
      PasswordRequired: 'boolean',
      PasswordExpires: 'boolean',
    },
    // A domain's hundred thousand are not this machine's.
    where: 'LocalAccount=TRUE',
  }),
} as const;

// Software of a simulated Windows machine: its system, services, fixes, programs, tasks and accounts.
import { cimClass } from './cim-repository.ts';
import type { CimClass } from './cim-value.ts';
import type { MachineView } from './windows-machine.ts';

const V2 = 'root/cimv2';

interface Service {
  name: string;
  display: string;
  mode: 'Auto' | 'Manual' | 'Disabled';
  isRunning: boolean;
  path: string;
}

const SVCHOST = 'C:\\Windows\\system32\\svchost.exe -k netsvcs -p';
/** name, display name, start mode, state at the start. */
const SERVICES: ReadonlyArray<readonly [string, string, Service['mode'], boolean]> = [
  ['BFE', 'Base Filtering Engine', 'Auto', true],
  ['BITS', 'Background Intelligent Transfer Service', 'Manual', false],
  ['CryptSvc', 'Cryptographic Services', 'Auto', true],
  ['Dhcp', 'DHCP Client', 'Auto', true],
  ['Dnscache', 'DNS Client', 'Auto', true],
  ['EventLog', 'Windows Event Log', 'Auto', true],
  ['LanmanServer', 'Server', 'Auto', true],
  ['LanmanWorkstation', 'Workstation', 'Auto', true],
  ['MpsSvc', 'Windows Defender Firewall', 'Auto', true],
  ['Netlogon', 'Netlogon', 'Manual', false],
  ['RemoteRegistry', 'Remote Registry', 'Disabled', false],
  ['Schedule', 'Task Scheduler', 'Auto', true],
  ['Spooler', 'Print Spooler', 'Auto', true],
  ['sppsvc', 'Software Protection', 'Auto', false],
  ['TermService', 'Remote Desktop Services', 'Manual', true],
  ['W32Time', 'Windows Time', 'Auto', true],
  ['WinDefend', 'Windows Defender Antivirus Service', 'Auto', true],
  ['WinRM', 'Windows Remote Management (WS-Management)', 'Auto', true],
  ['Winmgmt', 'Windows Management Instrumentation', 'Auto', true],
  ['wuauserv', 'Windows Update', 'Manual', false],
];

export function servicesOf(machine: MachineView): Service[] {
  return SERVICES.map(([name, display, mode, isRunning]) => ({
    name,
    display,
    mode,
    // One machine in seventeen has a printer queue that died.
    isRunning:
      isRunning && !machine.stopped.has(name.toLowerCase()) && !(name === 'Spooler' && machine.base.failedServices > 0),
    path: name === 'Spooler' ? 'C:\\Windows\\System32\\spoolsv.exe' : SVCHOST,
  }));
}

const serviceRows = (machine: MachineView) =>
  servicesOf(machine).map(({ name, display, mode, isRunning, path }, i) => ({
    Name: name,
    DisplayName: display,
    State: isRunning ? 'Running' : 'Stopped',
    StartMode: mode,
    StartName: name === 'Dnscache' ? 'NT AUTHORITY\\NetworkService' : 'LocalSystem',
    PathName: path,
    ExitCode: isRunning || name === 'sppsvc' ? 0 : 1_077,
    ProcessId: isRunning ? 600 + i * 4 : 0,
    Status: 'OK',
    Description: null,
  }));

function systemRows(machine: MachineView) {
  const { memory, processes } = machine.reading();
  const { base, isServer, name } = machine;
  return [
    {
      Caption: isServer ? 'Microsoft Windows Server 2019 Standard (simulated)' : 'Microsoft Windows 10 Pro (simulated)',
      Version: isServer ? '10.0.17763' : '10.0.19045',
      BuildNumber: isServer ? '17763' : '19045',
      OSArchitecture: '64-bit',
      OperatingSystemSKU: isServer ? 7 : 48,
      ProductType: isServer ? 3 : 1,
      InstallDate: { at: Date.UTC(2023, 4, 2, 9, 30) },
      LastBootUpTime: { at: machine.bootedAt },
      LocalDateTime: { at: machine.now() },
      CSName: name,
      OSLanguage: 1_033,
      SystemDirectory: 'C:\\Windows\\system32',
      SystemDrive: 'C:',
      SerialNumber: '00000-00000-00000-SIMUL',
      NumberOfProcesses: processes.total,
      NumberOfUsers: 2,
      TotalVisibleMemorySize: BigInt(memory.totalKb),
      FreePhysicalMemory: BigInt(memory.availableKb),
      TotalVirtualMemorySize: BigInt(memory.totalKb + base.swapKb),
      FreeVirtualMemory: BigInt(memory.availableKb + memory.swapFreeKb),
      SizeStoredInPagingFiles: BigInt(base.swapKb),
      FreeSpaceInPagingFiles: BigInt(memory.swapFreeKb),
      Status: 'OK',
    },
  ];
}

const FIXES: ReadonlyArray<readonly [string, string, string]> = [
  ['KB5034768', 'Security Update', '2/14/2024'],
  ['KB5034624', 'Update', '2/14/2024'],
  ['KB4577586', 'Update', '10/17/2023'],
];

const TASKS: ReadonlyArray<readonly [string, string, number]> = [
  ['ScheduledDefrag', '\\Microsoft\\Windows\\Defrag\\', 3],
  ['SilentCleanup', '\\Microsoft\\Windows\\DiskCleanup\\', 3],
  ['Nightly Backup', '\\', 3],
  ['Old Report', '\\', 1],
];

function accountRows(machine: MachineView) {
  const sid = (rid: number) => `S-1-5-21-1000-2000-${3_000 + machine.base.index}-${rid}`;
  const account = (Name: string, rid: number, Disabled: boolean) => ({
    Name,
    FullName: '',
    SID: sid(rid),
    Domain: machine.name,
    LocalAccount: true,
    Disabled,
    Lockout: false,
    PasswordRequired: Name !== 'Guest',
    PasswordExpires: Name === 'monitor',
  });
  return [
    account('Administrator', 500, true),
    account('Guest', 501, true),
    account('DefaultAccount', 503, true),
    account('monitor', 1_001, false),
  ];
}

const installedClasses = (machine: MachineView): CimClass[] => [
  cimClass(
    V2,
    'Win32_OperatingSystem',
    'Caption Version BuildNumber OSArchitecture OperatingSystemSKU ProductType InstallDate LastBootUpTime LocalDateTime CSName OSLanguage SystemDirectory SystemDrive SerialNumber NumberOfProcesses NumberOfUsers TotalVisibleMemorySize FreePhysicalMemory TotalVirtualMemorySize FreeVirtualMemory SizeStoredInPagingFiles FreeSpaceInPagingFiles Status',
    () => systemRows(machine),
  ),
  cimClass(V2, 'Win32_TimeZone', 'StandardName Bias Caption', () => [
    { StandardName: 'W. Europe Standard Time', Bias: 60, Caption: '(UTC+01:00) Amsterdam, Berlin' },
  ]),
  cimClass(
    V2,
    'Win32_Service',
    'Name DisplayName State StartMode StartName PathName ExitCode ProcessId Status Description',
    () => serviceRows(machine),
  ),
  cimClass(V2, 'Win32_QuickFixEngineering', 'HotFixID Description InstalledOn InstalledBy Caption', () =>
    FIXES.map(([HotFixID, Description, InstalledOn]) => ({
      HotFixID,
      Description,
      InstalledOn,
      InstalledBy: 'NT AUTHORITY\\SYSTEM',
    })),
  ),
  cimClass(V2, 'Win32_InstalledStoreProgram', 'Name Version Vendor Architecture ProgramId Language', () =>
    machine.isServer
      ? []
      : [
          {
            Name: 'Microsoft.WindowsCalculator',
            Version: '11.2311.0.0',
            Vendor: 'CN=Microsoft Corporation',
            Architecture: 'x64',
            ProgramId: '0000a1',
            Language: '65535',
          },
        ],
  ),
  cimClass(V2, 'Win32_StartupCommand', 'Name Command Location User Caption', () => [
    {
      Name: 'SecurityHealth',
      Command: '%windir%\\system32\\SecurityHealthSystray.exe',
      Location: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run',
      User: 'Public',
      Caption: 'SecurityHealth',
    },
  ]),
];

const activeClasses = (machine: MachineView): CimClass[] => [
  cimClass('root/microsoft/windows/taskscheduler', 'MSFT_ScheduledTask', 'TaskName TaskPath State Author URI', () =>
    TASKS.map(([TaskName, TaskPath, State]) => ({
      TaskName,
      TaskPath,
      State,
      Author: 'Simulated',
      URI: `${TaskPath}${TaskName}`,
    })),
  ),
  cimClass(
    V2,
    'Win32_UserAccount',
    'Name FullName SID Domain LocalAccount Disabled Lockout PasswordRequired PasswordExpires',
    () => accountRows(machine),
  ),
  cimClass(V2, 'Win32_Process', 'ProcessId Name ParentProcessId WorkingSetSize CreationDate CommandLine', () => [
    { ProcessId: 0, Name: 'System Idle Process' },
    { ProcessId: 4, Name: 'System' },
    ...servicesOf(machine)
      .map((service, i) => ({ service, ProcessId: 600 + i * 4 }))
      .filter(({ service }) => service.isRunning)
      .map(({ service, ProcessId }) => ({
        ProcessId,
        Name: service.path.includes('spoolsv') ? 'spoolsv.exe' : 'svchost.exe',
        ParentProcessId: 4,
        CreationDate: { at: machine.bootedAt + 5_000 },
      })),
  ]),
];

export const windowsSoftware = (machine: MachineView): CimClass[] => [
  ...installedClasses(machine),
  ...activeClasses(machine),
];

// How a simulated Windows machine is guarded: Defender, security centre, firewall profiles, BitLocker, TPM.
import { cimClass } from './cim-repository.ts';
import type { CimClass } from './cim-value.ts';
import type { MachineView } from './windows-machine.ts';

const DAY_MS = 86_400_000;

function defenderRow(machine: MachineView) {
  return {
    AMServiceEnabled: true,
    AntivirusEnabled: true,
    AntispywareEnabled: true,
    RealTimeProtectionEnabled: true,
    IsTamperProtected: !machine.isServer,
    AMRunningMode: 'Normal',
    AMProductVersion: '4.18.24010.12',
    AMEngineVersion: '1.1.24010.10',
    AntivirusSignatureVersion: '1.405.61.0',
    // A few machines have definitions that nobody renewed for three weeks.
    AntivirusSignatureLastUpdated: { at: machine.now() - (machine.base.index % 13 === 5 ? 21 : 0.4) * DAY_MS },
    QuickScanEndTime: { at: machine.now() - 1.2 * DAY_MS },
    FullScanEndTime: null,
  };
}

const guardClasses = (machine: MachineView): CimClass[] => [
  cimClass(
    'root/microsoft/windows/defender',
    'MSFT_MpComputerStatus',
    'AMServiceEnabled AntivirusEnabled AntispywareEnabled RealTimeProtectionEnabled IsTamperProtected AMRunningMode AMProductVersion AMEngineVersion AntivirusSignatureVersion AntivirusSignatureLastUpdated QuickScanEndTime FullScanEndTime',
    () => [defenderRow(machine)],
  ),
  // Servers have no security centre: the namespace itself is missing there.
  ...(machine.isServer
    ? []
    : [
        cimClass(
          'root/securitycenter2',
          'AntiVirusProduct',
          'displayName instanceGuid productState pathToSignedProductExe pathToSignedReportingExe timestamp',
          () => [
            {
              displayName: 'Windows Defender',
              instanceGuid: '{D68DDC3A-831F-4fae-9E44-DA132C1ACF46}',
              productState: 397_568, // on, definitions up to date
              pathToSignedProductExe: 'windowsdefender://',
              pathToSignedReportingExe: '%ProgramFiles%\\Windows Defender\\MsMpeng.exe',
              timestamp: 'Mon, 01 Jan 2024 00:00:00 GMT',
            },
          ],
        ),
      ]),
  cimClass(
    'root/standardcimv2',
    'MSFT_NetFirewallProfile',
    'Name Enabled DefaultInboundAction DefaultOutboundAction InstanceID',
    () =>
      ['Domain', 'Private', 'Public'].map((Name) => ({
        Name,
        Enabled: 1,
        DefaultInboundAction: 0, // not configured, which blocks
        DefaultOutboundAction: 0,
        InstanceID: `MSFT|FW|FirewallProfile|${Name}`,
      })),
  ),
];

const encryptionClasses = (machine: MachineView): CimClass[] => [
  cimClass(
    'root/cimv2',
    'Win32_NTEventlogFile',
    'LogfileName Name FileSize MaxFileSize NumberOfRecords OverWritePolicy',
    () =>
      ['System', 'Application', 'Security'].map((LogfileName) => ({
        LogfileName,
        Name: `C:\\Windows\\System32\\Winevt\\Logs\\${LogfileName}.evtx`,
        FileSize: 20_975_616n,
        MaxFileSize: 20_971_520n,
        NumberOfRecords: 31_000,
        OverWritePolicy: 'WhenNeeded',
      })),
  ),
  cimClass(
    'root/cimv2/security/microsoftvolumeencryption',
    'Win32_EncryptableVolume',
    'DriveLetter DeviceID VolumeType ProtectionStatus ConversionStatus EncryptionMethod',
    () =>
      machine.base.disks.map((_, i) => ({
        DriveLetter: machine.letters[i] ?? null,
        DeviceID: `\\\\?\\Volume{${machine.base.smbiosUuid.slice(0, -1)}${i}}\\`,
        VolumeType: i === 0 ? 0 : 1,
        ProtectionStatus: machine.isServer ? 0 : 1,
        ConversionStatus: machine.isServer ? 0 : 1,
        EncryptionMethod: machine.isServer ? 0 : 7, // XTS-AES 256
      })),
  ),
  cimClass(
    'root/cimv2/security/microsofttpm',
    'Win32_Tpm',
    'IsEnabled_InitialValue IsActivated_InitialValue IsOwned_InitialValue SpecVersion ManufacturerIdTxt ManufacturerVersion',
    () =>
      machine.isServer
        ? []
        : [
            {
              IsEnabled_InitialValue: true,
              IsActivated_InitialValue: true,
              IsOwned_InitialValue: true,
              SpecVersion: '2.0, 0, 1.38',
              ManufacturerIdTxt: 'SIM',
              ManufacturerVersion: '7.2.1.0',
            },
          ],
  ),
];

export const windowsSecurity = (machine: MachineView): CimClass[] => [
  ...guardClasses(machine),
  ...encryptionClasses(machine),
];

// What a relay asks about how a Windows machine is guarded. Local administrators and policies have no class: the script reads them.
import { question } from './ask-cim.ts';

export const SECURITY = {
  defender: question({
    namespace: 'root/microsoft/windows/defender',
    from: 'MSFT_MpComputerStatus',
    select: {
      AMServiceEnabled: 'boolean',
      AntivirusEnabled: 'boolean',
      RealTimeProtectionEnabled: 'boolean',
      IsTamperProtected: 'boolean',
      AMRunningMode: 'text',
      AMProductVersion: 'text',
      AMEngineVersion: 'text',
      AntivirusSignatureVersion: 'text',
      AntivirusSignatureLastUpdated: 'time',
      QuickScanEndTime: 'time',
      FullScanEndTime: 'time',
    },
  }),
  /** What stands in Windows' security centre; servers have none. */
  antivirus: question({
    namespace: 'root/securitycenter2',
    from: 'AntiVirusProduct',
    select: { displayName: 'text', productState: 'integer', pathToSignedReportingExe: 'text' },
  }),
  firewall: question({
    namespace: 'root/standardcimv2',
    from: 'MSFT_NetFirewallProfile',
    select: { Name: 'text', Enabled: 'integer', DefaultInboundAction: 'integer', DefaultOutboundAction: 'integer' },
  }),
  bitlocker: question({
    namespace: 'root/cimv2/security/microsoftvolumeencryption',
    from: 'Win32_EncryptableVolume',
    select: {
      DriveLetter: 'text',
      VolumeType: 'integer',
      ProtectionStatus: 'integer',
      ConversionStatus: 'integer',
      EncryptionMethod: 'integer',
    },
  }),
  tpm: question({
    namespace: 'root/cimv2/security/microsofttpm',
    from: 'Win32_Tpm',
    select: {
      IsEnabled_InitialValue: 'boolean',
      IsActivated_InitialValue: 'boolean',
      IsOwned_InitialValue: 'boolean',
      SpecVersion: 'text',
      ManufacturerIdTxt: 'text',
      ManufacturerVersion: 'text',
    },
  }),
  /** How much the security log holds before it forgets. */
  eventLogs: question({
    from: 'Win32_NTEventlogFile',
    select: {
      LogfileName: 'text',
      FileSize: 'big',
      MaxFileSize: 'big',
      NumberOfRecords: 'integer',
      OverWritePolicy: 'text',
    },
    where: "LogfileName='Security'",
  }),
} as const;

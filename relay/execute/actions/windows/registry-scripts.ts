// Sets and removes one value of the Windows registry; what stood there is read first and told, for whoever takes it back.
import { windowsScript } from './windows-prelude.ts';

/**
 * The registry is opened by .NET: the paths of PowerShell would read wildcards, and brackets in a key's name. The former value goes
 * out as base64 of UTF-8, so that no text of it can be taken for a line of ours.
 */
const OPEN = `
$at = $key.IndexOf([char]92)
$hives = @{ HKLM = [Microsoft.Win32.Registry]::LocalMachine; HKU = [Microsoft.Win32.Registry]::Users
  HKCR = [Microsoft.Win32.Registry]::ClassesRoot }
$hive = $hives[$key.Substring(0, $at)]
$path = $key.Substring($at + 1)
$kinds = @{ DWord = 'dword'; QWord = 'qword'; String = 'string'; ExpandString = 'expand' }
function Read-Value($open) {
  if ($null -eq $open -or -not ($open.GetValueNames() -contains $value)) { return 'none' }
  $kind = $kinds["$($open.GetValueKind($value))"]
  if ($null -eq $kind) { return 'other' }
  $data = $open.GetValue($value, $null, 'DoNotExpandEnvironmentNames')
  if ($kind -eq 'dword') { $data = [BitConverter]::ToUInt32([BitConverter]::GetBytes([int]$data), 0) }
  if ($kind -eq 'qword') { $data = [BitConverter]::ToUInt64([BitConverter]::GetBytes([long]$data), 0) }
  "$kind $([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("$data")))"
}
`;
const TELL = `[Console]::Out.Write("former $former" + [char]10)`;

export const windowsRegistrySet = windowsScript(
  'registry.set',
  `${OPEN}
$open = $hive.OpenSubKey($path, $true)
$former = Read-Value $open
${TELL}
if ($null -eq $open) { $open = $hive.CreateSubKey($path) }
switch ($kind) {
  'dword' { $open.SetValue($value, [BitConverter]::ToInt32([BitConverter]::GetBytes([uint32]$data), 0), 'DWord') }
  'qword' { $open.SetValue($value, [BitConverter]::ToInt64([BitConverter]::GetBytes([uint64]$data), 0), 'QWord') }
  'string' { $open.SetValue($value, $data, 'String') }
  'expand' { $open.SetValue($value, $data, 'ExpandString') }
}
$wanted = "$kind $([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($data)))"
if ($kind -eq 'dword') { $wanted = "$kind $([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("$([uint32]$data)")))" }
if ($kind -eq 'qword') { $wanted = "$kind $([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("$([uint64]$data)")))" }
if ((Read-Value $open) -cne $wanted) { exit 103 }
if ($former -eq 'none') { Said 'set; it was not there before' } else { Said 'set; what stood there is kept' }`,
  ({ key, value, kind, data }) => ({ key, value, kind, data }),
);

export const windowsRegistryRemove = windowsScript(
  'registry.remove',
  `${OPEN}
$open = $hive.OpenSubKey($path, $true)
$former = Read-Value $open
${TELL}
if ($former -eq 'none') { Said 'it was not there'; exit 0 }
$open.DeleteValue($value)
if ((Read-Value $open) -ne 'none') { exit 103 }
Said 'removed; what stood there is kept'`,
  ({ key, value }) => ({ key, value }),
);

// The one PowerShell script that asks a Windows machine who it is, for ways without a CIM repository and for its MachineGuid, which no class holds.

/**
 * Prints the lines that the POSIX script prints. `Say` keeps each value on one line, so that a value cannot forge another member.
 * The registry is read as 64-bit text wherever PowerShell itself is 32-bit.
 */
export const windowsIdentityScript = (nonce: string): string => `\
# rmm identity windows 1
$ErrorActionPreference = 'SilentlyContinue'
$n = '${nonce}'
function Say($k, $v) {
  $t = ("$v" -replace '[\\x00-\\x1f]', ' ').Trim()
  if ($t) { "$k $t" }
}
"$n begin 1"
'system Windows'
$c = Get-CimInstance -Query 'SELECT Name,DNSHostName FROM Win32_ComputerSystem'
if ($c.DNSHostName) { Say hostname $c.DNSHostName } else { Say hostname $c.Name }
$p = Get-CimInstance -Query 'SELECT UUID,IdentifyingNumber FROM Win32_ComputerSystemProduct'
Say smbios-uuid $p.UUID
Say serial $p.IdentifyingNumber
$b = Get-CimInstance -Query 'SELECT SerialNumber FROM Win32_BaseBoard'
Say board-serial $b.SerialNumber
$view = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')
$key = $view.OpenSubKey('SOFTWARE\\Microsoft\\Cryptography')
if ($key) { Say machine-id $key.GetValue('MachineGuid') }
Get-CimInstance -Query 'SELECT MACAddress,PNPDeviceID FROM Win32_NetworkAdapter WHERE PhysicalAdapter=TRUE' | ForEach-Object {
  if ($_.PNPDeviceID -notmatch '^(ROOT|SWD|BTH|\\{)') { Say mac $_.MACAddress }
}
"$n end"
exit 0
`;

// Asks Windows to reboot or to go down, after it has answered; whether it did is seen from outside.
import { windowsScript } from './windows-prelude.ts';

/** Seconds of UTC at which it began: a clock that is set moves it by seconds, a boot by far more. */
export const WINDOWS_BOOT = `$boot = (Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToUniversalTime()
[Console]::Out.Write("boot $([long]($boot - [datetime]'1970-01-01').TotalSeconds)" + [char]10)
`;

/** 5 s: the answer is on its way. `/d p:0:0` is told to the log as planned. */
const power = (how: string): string => `
& shutdown.exe ${how} /t 5 /f /d p:0:0
if ($LASTEXITCODE -eq 5) { exit 101 }
if ($LASTEXITCODE -ne 0) { exit 104 }
Said 'asked'
`;

export const windowsReboot = windowsScript('device.reboot', power('/r'));
export const windowsShutdown = windowsScript('device.shutdown', power('/s'));

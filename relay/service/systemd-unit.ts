// The systemd unit of a relay: its own user, nothing it does not need, restarted when it dies.

export interface UnitOptions {
  /** Absolute path of the launcher. */
  program: string;
  /** Absolute path of the relay's data folder, the only place it may write. */
  data: string;
  user: string;
  /** Its keys lie encrypted in systemd's store, bound to this machine or its TPM, and not in the data folder. */
  hasSystemCredentials?: boolean | undefined;
}

/** Where systemd keeps encrypted credentials; decrypted into memory that this service alone sees. */
const CREDENTIALS = ['rmm-relay-identity', 'rmm-relay-sealing']
  .map((name) => `LoadCredentialEncrypted=${name}:/etc/credstore.encrypted/${name}\n`)
  .join('');

/** Paths stand in a unit unquoted; systemd would read a blank or a percent sign as something else. */
const PLAIN_PATH = /^\/[A-Za-z0-9._/-]+$/;

export const isPlainPath = (text: string): boolean => PLAIN_PATH.test(text) && !text.includes('..');

export function systemdUnit({ program, data, user, hasSystemCredentials = false }: UnitOptions): string {
  return `[Unit]
Description=RMM relay
After=network-online.target
Wants=network-online.target
# A relay that cannot start is tried for ever: the site has no other eyes.
StartLimitIntervalSec=0

[Service]
Type=simple
User=${user}
Group=${user}
ExecStart=${program} relay run --data ${data}
Restart=always
RestartSec=5
TimeoutStopSec=20
KillMode=mixed
UMask=0077
${hasSystemCredentials ? CREDENTIALS : ''}# 500 devices with a full cache take below 400 MB.
MemoryMax=1G
TasksMax=256
LimitNOFILE=8192
LimitCORE=0

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadWritePaths=${data}
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

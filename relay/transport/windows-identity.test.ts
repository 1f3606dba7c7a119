// A Windows machine is told apart by its firmware; junk is nobody's mark, and a refusal is no identity.
import { expect, test } from 'vitest';
import { type Outcome, succeed } from '#shared/base/outcome.ts';
import { type ComposedClasses, composedCim } from '#test/fixtures/composed-cim.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import type { RunRequest, RunResult } from './transport.ts';
import { readWindowsFacts } from './windows-identity.ts';

const UUID = '4C4C4544-0046-3510-8052-B4C04F4A3032';
const GUID = '0e4fd9a5-1a2b-4c3d-8e9f-112233445566';
const CLASSES: ComposedClasses = {
  Win32_ComputerSystem: [{ Name: 'FS01', DNSHostName: 'fs01' }],
  Win32_ComputerSystemProduct: [{ UUID, IdentifyingNumber: '5F5RJ02' }],
  Win32_BaseBoard: [{ SerialNumber: '/5F5RJ02/CNFCP0099/' }],
  Win32_NetworkAdapter: [
    { MACAddress: 'D0:8E:79:00:00:01', PNPDeviceID: 'PCI\\VEN_8086&DEV_15BE' },
    { MACAddress: '00:15:5D:00:00:02', PNPDeviceID: 'ROOT\\VMS_MP\\0000' },
    { MACAddress: undefined, PNPDeviceID: 'PCI\\VEN_8086&DEV_2723' },
  ],
};

/** Answers as the script prints: `lines` between the markers of the nonce in the request. */
function scripted(lines: readonly string[], asked: RunRequest[] = []) {
  return (request: RunRequest): Promise<Outcome<RunResult>> => {
    asked.push(request);
    const nonce = /\$n = '([^']+)'/.exec(request.script)?.[1] ?? '';
    const text = [`${nonce} begin 1`, ...lines, `${nonce} end`, ''].join('\r\n');
    const end = { kind: 'exit', code: 0 } as const;
    const stdout = new TextEncoder().encode(text);
    return Promise.resolve(
      succeed({ end, stdout, stderr: new Uint8Array(), isTruncated: false, hasOpenChild: false, durationMs: 1 }),
    );
  };
}

const { signal } = new AbortController();
const noRun = () => Promise.reject(new Error('no script is needed'));
const read = (more: ComposedClasses, run = noRun as ReturnType<typeof scripted>) =>
  readWindowsFacts(composedCim({ ...CLASSES, ...more }), run, signal, undefined, seededBytes(1));

test('firmware, serial and real interfaces are its marks, without a process on the machine', async () => {
  expect(await read({})).toEqual(
    succeed({
      identity: {
        smbiosUuid: UUID.toLowerCase(),
        serial: '5f5rj02',
        macs: ['d0:8e:79:00:00:01'],
      },
      system: 'windows',
      hostname: 'fs01',
      isGroupLeader: false,
      hasSetsid: false,
    }),
  );
});

test('firmware that tells nothing: the board speaks for the serial, Windows for itself', async () => {
  const junk = [{ UUID: '03000200-0400-0500-0006-000700080009', IdentifyingNumber: 'To be filled by O.E.M.' }];
  const asked: RunRequest[] = [];
  const facts = await read({ Win32_ComputerSystemProduct: junk }, scripted([`machine-id ${GUID}`], asked));
  expect(facts).toMatchObject({ value: { identity: { machineId: GUID, serial: '/5f5rj02/cnfcp0099/' } } });
  expect(facts.ok && facts.value.identity.smbiosUuid).toBeUndefined();
  expect(asked).toHaveLength(1);
});

test('a class that is not there is a mark less, a refusal of all is no identity, a broken line is no answer', async () => {
  expect(await read({ Win32_NetworkAdapter: 'denied', Win32_BaseBoard: 'unsupported' })).toMatchObject({
    value: { identity: { macs: [] } },
  });
  expect(await read({ Win32_ComputerSystem: 'denied' })).toMatchObject({ ok: false, reason: 'denied' });
  expect(await read({ Win32_ComputerSystemProduct: 'lost' })).toMatchObject({ ok: false, reason: 'lost' });
});

test('without a repository one script tells all of it, and half an answer is none', async () => {
  const lines = [
    'system Windows',
    'hostname ws-7',
    `smbios-uuid ${UUID}`,
    `machine-id ${GUID}`,
    'mac D0:8E:79:00:00:03',
  ];
  const facts = await readWindowsFacts(undefined, scripted(lines), signal, undefined, seededBytes(2));
  expect(facts).toMatchObject({
    value: { system: 'windows', hostname: 'ws-7', identity: { smbiosUuid: UUID.toLowerCase(), machineId: GUID } },
  });
  const cut = async (request: RunRequest) => {
    const answer = await scripted(lines)(request);
    return answer.ok ? succeed({ ...answer.value, stdout: answer.value.stdout.subarray(0, 60) }) : answer;
  };
  expect(await readWindowsFacts(undefined, cut, signal)).toMatchObject({ ok: false, reason: 'malformed' });
});

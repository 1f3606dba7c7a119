// Which relay of a site polls a new device when nobody chose one.

interface Relay {
  id: string;
  kind: 'site' | 'leaf';
  isConnected: boolean;
}

/** The chosen one, else the site's default, else the only one; among several the first that is linked. A leaf watches its own machine only. */
export function relayFor<R extends Relay>(
  relays: readonly R[],
  chosen: string,
  usual: string | undefined,
): R | undefined {
  const byId = (id: string | undefined) => relays.find((relay) => relay.id === id);
  const ofSite = relays.filter(({ kind }) => kind === 'site');
  return byId(chosen) ?? byId(usual) ?? ofSite.find(({ isConnected }) => isConnected) ?? ofSite[0] ?? relays[0];
}

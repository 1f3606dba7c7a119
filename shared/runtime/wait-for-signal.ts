// Waits until the process is asked to end: SIGINT, SIGTERM, or the parent that started it going away.

/** Resolves with the reason. With `withParent`, a closed IPC channel counts too, so that no child outlives `rmm up`. */
export function waitForSignal(options: { withParent: boolean }): Promise<string> {
  return new Promise((resolve) => {
    const finish = (reason: string) => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
      process.off('disconnect', onDisconnect);
      // A second Ctrl-C while we stop must not kill us half-way: the stop has its own deadline.
      process.on('SIGINT', () => undefined);
      process.on('SIGTERM', () => undefined);
      resolve(reason);
    };
    const onInterrupt = () => finish('SIGINT');
    const onTerminate = () => finish('SIGTERM');
    const onDisconnect = () => finish('parent gone');
    process.on('SIGINT', onInterrupt);
    process.on('SIGTERM', onTerminate);
    if (options.withParent && process.connected) process.on('disconnect', onDisconnect);
  });
}

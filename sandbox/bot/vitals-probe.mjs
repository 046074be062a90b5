// Loaded into a bot before its own code (node --import), with --expose-gc: tells its parent how it is, when it is asked.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const NANOSECONDS = 1e6;
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

process.on('message', () => {
  const delayMs = delay.percentile(99) / NANOSECONDS;
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const handles = process.getActiveResourcesInfo();
  const sockets = handles.filter((name) => name.startsWith('TCPSocket') || name.startsWith('TLS'));
  process.send?.({
    heapBytes: heapUsed,
    residentBytes: rss,
    handles: handles.length,
    sockets: sockets.length,
    delayMs,
  });
  // The collection has stopped it for a while.
  delay.reset();
});
process.once('disconnect', () => process.exit(0));

import { startApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { SkippingClock } from '../skipping-clock.ts';
import type { FromObservedBot, ToObservedBot } from './observed-bot-process.ts';
import { ObservedStorage } from './observed-storage.ts';

/**
 * The real bot, with two things more than in production: its store has a window, and its clock can be put forward. It is a process of its own, so that it can
 * be killed, and tells what becomes of attempts over the channel to its parent.
 */
const config = parseConfig(process.env);
const log = createLog(config.logLevel);
const tell = (message: FromObservedBot) => process.send?.(message);

const clock = new SkippingClock(Number(process.env.SANDBOX_CLOCK_AHEAD_MS ?? 0));
let isReadOnly = false;
let storage: ObservedStorage | undefined;
process.on('message', (message: ToObservedBot) => {
  isReadOnly = message.isReadOnly;
  if (message.aheadMs > clock.aheadMs) clock.skip(message.aheadMs - clock.aheadMs);
  if (storage) storage.isReadOnly = isReadOnly;
});

const app = await startApp(config, log, {
  clock,
  async openStorage(options) {
    storage = new ObservedStorage(await openStorage(options), {
      namespace: 'people',
      changed: (key, record) => tell({ kind: 'changed', key, record }),
      removed: (prefix) => tell({ kind: 'removed', prefix }),
    });
    return storage;
  },
});
// What the store needs to begin with is written now; from here on a full disk is what people would meet.
if (storage) storage.isReadOnly = isReadOnly;

process.once('SIGTERM', () => void app.stop().then(() => process.exit(0)));
process.once('disconnect', () => process.exit(0));
log.fatal({ error: await app.ended }, 'the bot cannot go on');
process.exit(1);

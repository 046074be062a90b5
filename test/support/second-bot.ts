import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type App, startApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import type { Tuning } from '../../src/create-services.ts';
import { MY_ADMIN } from '../../src/helpdesk/my-admin.ts';
import { createLog } from '../../src/log.ts';
import type { Conversation } from './conversation.ts';

/** Another bot with the token of the first one. */
export interface SecondBot {
  readonly app: App;
  readonly logged: string[];
}

/** Starts a second bot with the token of a conversation, and a store of its own unless `tuning` opens another. It stops with the test. */
export async function startSecondBot(
  { world, clock, folder }: Conversation,
  env: Readonly<Record<string, string>> = {},
  tuning: Tuning = {},
): Promise<SecondBot> {
  const logged: string[] = [];
  const settings = { ...world.settings, STORAGE_URL: `sqlite:${join(folder, 'second.sqlite')}`, ...env };
  const log = createLog('trace', (line) => {
    logged.push(line);
    world.activity.note('the second bot wrote a line to its log');
  });
  const app = await startApp(parseConfig(settings), log, {
    clock,
    helpdesk: MY_ADMIN,
    queue: { retryDelaysMs: [], breakForMs: 600_000 },
    discordTimeoutMs: 120_000,
    mailTimeoutMs: 120_000,
    deliveryRetryMs: 0,
    ...tuning,
  });
  onTestFinished(() => app.stop());
  await world.activity.settled(app.ready, 'the connection of the second bot');
  return { app, logged };
}

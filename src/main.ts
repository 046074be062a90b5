import { type App, startApp } from './app.ts';
import { HELPDESK } from './chosen-helpdesk.ts';
import { HELP, parseStartRequest } from './command-line.ts';
import { ConfigError, parseConfig } from './config.ts';
import { explainEnvFile } from './env-file.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { HealthPortError, startHealthServer } from './health/health-server.ts';
import { createLog } from './log.ts';
import { createLogOutput } from './log-output.ts';
import { addProcessMetrics } from './metrics.ts';
import { readableLine } from './readable-line.ts';
import { StorageError } from './storage/record-store.ts';
import { readVersion } from './version.ts';

/** The process: arguments → environment → config → app → signals. EXIT says what it ends with. */
async function main(): Promise<void> {
  const request = parseStartRequest(process.argv.slice(2));
  switch (request.kind) {
    case 'run':
      return run();
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'version':
      process.stdout.write(`${readVersion()}\n`);
      return;
    case 'unknown':
      process.stderr.write(`There is no argument ${request.argument}. npm start -- --help says which there are.\n`);
      process.exitCode = EXIT.usage;
  }
}

async function run(): Promise<void> {
  const config = parseConfig(process.env, HELPDESK.takesAddress);
  const output = createLogOutput(process.stdout.isTTY ? { format: readableLine } : {});
  const log = createLog(config.logLevel, (line) => output.write(line));
  process.on('unhandledRejection', (error) => log.error({ error }, 'a promise was rejected without anybody looking'));
  // Node itself would print all properties of the error, which can be tokens and texts.
  process.on('uncaughtException', (error) => {
    log.fatal({ error }, 'a bug ended the bot');
    process.exit(EXIT.failed);
  });

  // A full disk or a reader that has gone must not end the bot, nor keep it from ending.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

  let app: App | undefined;
  const stopBecauseOf = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping');
    // During the start nothing has begun yet that could be cut off. And discord.js may be in the middle of a reconnect,
    // which nothing but the exit ends.
    (app?.stop() ?? Promise.resolve()).then(
      () => process.exit(EXIT.stopped),
      (error: unknown) => {
        log.fatal({ error }, 'the stop failed');
        process.exit(EXIT.failed);
      },
    );
  };
  process.once('SIGTERM', stopBecauseOf);
  process.once('SIGINT', stopBecauseOf);

  app = await startApp(config, log);
  const { metrics, notReady, ended } = app;
  addProcessMetrics(metrics, () => output.dropped);
  const { healthHost: host, healthPort: port } = config;
  if (port !== undefined) {
    await startHealthServer({ host, port, registry: metrics.registry, reasons: notReady, log });
  }
  const reason = await ended;
  log.fatal({ reason: reason.message }, 'the bot cannot go on');
  await app.stop();
  process.exit(exitCodeOf(reason));
}

main().catch((thrown: unknown) => {
  const error = thrown instanceof ConfigError ? explainEnvFile(thrown) : thrown;
  // What the operator can mend is one message without a stack; anything else is a bug and wants one.
  const isExpected = [ConfigError, StorageError, HealthPortError].some((kind) => error instanceof kind);
  process.stderr.write(`${error instanceof Error ? (isExpected ? error.message : error.stack) : String(error)}\n`);
  process.exit(exitCodeOf(error));
});

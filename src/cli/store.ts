import { runStoreCommand } from './store-command.ts';

/** The process of `npm run store`. Ctrl+C ends it at once; what it has not finished goes, or is done anew by the same command. */
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => process.exit(code));
}
process.exit(
  await runStoreCommand(process.argv.slice(2), process.env, {
    write: (line) => process.stdout.write(`${line}\n`),
  }),
);

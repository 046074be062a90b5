/** What the bot is asked for when it is started. */
export type StartRequest =
  | { readonly kind: 'run' | 'help' | 'version' }
  | { readonly kind: 'unknown'; readonly argument: string };

/** @param args What stands behind the program, as in `npm start -- --help`. */
export function parseStartRequest(args: readonly string[]): StartRequest {
  for (const argument of args) {
    if (argument === '--help' || argument === '-h') return { kind: 'help' };
    if (argument === '--version' || argument === '-v') return { kind: 'version' };
    return { kind: 'unknown', argument };
  }
  return { kind: 'run' };
}

/** What `npm start -- --help` shows. */
export const HELP = `discord-openticket opens helpdesk tickets from Discord.

  npm start                 starts the bot
  npm start -- --version    prints the version
  npm start -- --help       prints this
  npm run doctor            tries the settings and everything that they name
  npm run store -- --help   backs up, restores, moves, rekeys and checks the records

The settings come from the environment and from the file .env in this folder. .env.example explains each of them;
"install -m 600 .env.example .env" begins with a copy that only you can read. docs/operations.md tells how to run,
watch and update the bot.

It ends with 0 after SIGTERM or SIGINT, with 64 when it does not know an argument, with 78 when a setting has to be
changed before another start can work, and with 1 when anything else keeps it from running.
`;

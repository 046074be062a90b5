import { type Check, ok, warn } from '../check.ts';

/** Settings that the bot takes, and that are not for a bot in use. */
export function settingValuesCheck({ verification }: { verification: 'email' | 'moderator' | 'none' }): Check {
  return {
    name: 'Settings',
    lookedAt: 'the settings',
    async run() {
      return verification === 'none'
        ? warn(
            'LINK_VERIFICATION=none is unsafe: everybody can open tickets in the name of any address.',
            'Use it for trying things out alone; otherwise email or moderator.',
          )
        : ok('All are there and have the right form.');
    },
  };
}

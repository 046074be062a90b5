import { type REST, Routes } from 'discord.js';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { readableName } from './readable-name.ts';

/** Milliseconds after which a name is looked up once more: servers are renamed. */
const FRESH_FOR_MS = 24 * 3_600_000;
/** Milliseconds until a look-up that failed is tried again. */
const TRY_AGAIN_AFTER_MS = 10 * 60_000;

const server = z.object({ id: z.string(), name: z.string() });
const servers = z.array(server);

/** What is known of a server's name. `at`: clock.elapsed() of its last look-up. */
interface Known {
  readonly name: string | undefined;
  readonly at: number;
}

/**
 * The names of the servers that the bot is in. Interactions bring only a server's ID, and without intents the gateway tells
 * no name either. Nobody waits for a name: what is not known yet is looked up beside, for the next time.
 */
export class ServerNames {
  readonly #known = new Map<string, Known>();
  readonly #deps: { readonly rest: REST; readonly clock: Clock; readonly log: Log };

  constructor(deps: { rest: REST; clock: Clock; log: Log }) {
    this.#deps = deps;
  }

  /** Learns the names of the first 200 servers with one request. Never rejects. */
  async load(): Promise<void> {
    const { rest, log } = this.#deps;
    try {
      for (const { id, name } of servers.parse(await rest.get(Routes.userGuilds()))) this.#note(id, name);
    } catch (error) {
      log.debug({ error }, 'Discord did not say how the servers are called; they are looked up one by one');
    }
  }

  /** @returns The name, or undefined while it is not known. */
  find(guildId: string): string | undefined {
    const known = this.#known.get(guildId);
    const { clock } = this.#deps;
    const freshForMs = known?.name === undefined ? TRY_AGAIN_AFTER_MS : FRESH_FOR_MS;
    if (!known || clock.elapsed() - known.at >= freshForMs) {
      // Noted first, so that a hundred interactions at once make one look-up.
      this.#note(guildId, known?.name);
      void this.#lookUp(guildId);
    }
    return known?.name;
  }

  async #lookUp(guildId: string): Promise<void> {
    const { rest, log } = this.#deps;
    try {
      this.#note(guildId, server.parse(await rest.get(Routes.guild(guildId))).name);
    } catch (error) {
      log.debug({ error, guildId }, 'Discord did not say how a server is called');
    }
  }

  #note(guildId: string, name: string | undefined): void {
    this.#known.set(guildId, { name: name && readableName(name), at: this.#deps.clock.elapsed() });
  }
}

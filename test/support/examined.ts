import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Channel } from '../../sandbox/discord/world/discord-world.ts';
import type { Guild } from '../../sandbox/discord/world/guild.ts';
import { startWorld, type World, type WorldOptions } from '../../sandbox/world.ts';
import { examine } from '../../src/cli/examine.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { storeSecret } from '../../src/storage/store-secret.ts';
import { buildBot } from './build.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface Examined {
  readonly world: World;
  readonly guild: Guild;
  readonly audit: Channel;
  /** Empty, and for the doctor alone. */
  readonly folder: string;
  readonly storeFile: string;
  /** What the settings are in `.env`; it is not made. */
  readonly envFile: string;
  /** What the doctor says and its exit code. @param env Settings over those of the world. */
  examine(env?: Record<string, string>): Promise<Said>;
  /** The same as JSON. */
  examineAsJson(env?: Record<string, string>): Promise<{ code: number; report: JsonReport }>;
  /** The same of the compiled doctor, a process of its own. */
  examineAsProcess(env?: Record<string, string>, args?: readonly string[]): Promise<Said>;
}

export interface Said {
  readonly code: number;
  readonly said: string;
}

export interface JsonReport {
  readonly ok: boolean;
  readonly invite: string | null;
  readonly checks: readonly {
    readonly name: string;
    readonly lookedAt: string;
    readonly kind: 'ok' | 'warn' | 'fail' | 'skipped';
    readonly message: string;
    readonly remedy?: string;
  }[];
}

/** A world in which nothing is wrong: a server with the bot and its audit channel, and a store that a bot has used. */
export async function startExamined(options: WorldOptions = {}): Promise<Examined> {
  const [world, folder] = await Promise.all([startWorld(options), temporaryFolder()]);
  onTestFinished(() => world.close());
  const guild = world.discord.createGuild({ name: 'Example Hosting' });
  const audit = guild.createChannel({ name: 'mod-log' });
  const storeFile = join(folder, 'openticket.sqlite');
  const envFile = join(folder, '.env');
  await useStore({ url: `sqlite:${storeFile}` });
  const settings = { ...world.settings, AUDIT_CHANNEL_ID: audit.id, STORAGE_URL: `sqlite:${storeFile}` };
  const run = async (env: Record<string, string>, json: boolean): Promise<Said> => {
    let said = '';
    const write = (text: string) => {
      said += text;
    };
    const code = await examine({ ...settings, ...env }, write, { envFile, json });
    return { code, said };
  };
  return {
    world,
    guild,
    audit,
    folder,
    storeFile,
    envFile,
    examine: (env = {}) => run(env, false),
    async examineAsJson(env = {}) {
      const { code, said } = await run(env, true);
      return { code, report: JSON.parse(said) as JsonReport };
    },
    examineAsProcess(env = {}, args = []) {
      buildBot();
      return new Promise((resolve) => {
        execFile(
          process.execPath,
          ['dist/src/cli/doctor.js', ...args],
          { env: { PATH: process.env.PATH, ...settings, ...env } },
          (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }),
        );
      });
    },
  };
}

/** Makes a store, or opens it once more, as a bot does that starts and stops. */
export async function useStore({ url, keys = [] }: { url: string; keys?: Buffer[] }): Promise<void> {
  const storage = await openStorage({ url, keys });
  try {
    await storeSecret(storage);
  } finally {
    await storage.close();
  }
}

export const newKey = (): Buffer => randomBytes(32);

import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { BotProcess, type BotProgram } from './bot-process.ts';

/** What the bot's process tells about its ledger. */
export type FromObservedBot =
  | { readonly kind: 'changed'; readonly key: string; readonly record: unknown }
  | { readonly kind: 'removed'; readonly prefix: string };

export interface ToObservedBot {
  readonly isReadOnly: boolean;
}

/** One record of the ledger, and the stages that it went through as far as they were seen. */
export interface LedgerEntry {
  readonly key: string;
  readonly submission: z.infer<typeof submission>;
  readonly stages: readonly string[];
}

const submission = z.object({
  id: z.string(),
  submitterId: z.string(),
  draftId: z.string(),
  stage: z.string(),
  reference: z.string().optional(),
  reason: z.string().optional(),
  savedAt: z.number(),
  stageAt: z.number(),
  told: z.boolean(),
});

const fromObservedBot = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('changed'), key: z.string(), record: submission }),
  z.object({ kind: z.literal('removed'), prefix: z.string() }),
]);

/** TypeScript, run by tsx as everything of the sandbox. */
const OBSERVED_BOT: BotProgram = {
  args: [
    '--import',
    pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
    fileURLToPath(new URL('./observed-bot.ts', import.meta.url)),
  ],
  hasChannel: true,
};

/** The real bot as a process of its own, whose ledger can be looked at and whose store can be made read-only. */
export class ObservedBotProcess extends BotProcess {
  /** The ledger, as the process last wrote it; the oldest first. */
  readonly ledger = new Map<string, LedgerEntry>();
  #isReadOnly = false;

  /** @param onLedger Told after each change of the ledger. */
  constructor(settings: Readonly<Record<string, string>>, onLedger: () => void) {
    super(settings, OBSERVED_BOT);
    this.events.on('message', (message) => {
      const parsed = fromObservedBot.parse(message);
      if (parsed.kind === 'changed') this.#note(parsed.key, parsed.record);
      else this.#remove(parsed.prefix);
      onLedger();
    });
  }

  get isReadOnly(): boolean {
    return this.#isReadOnly;
  }

  set isReadOnly(isReadOnly: boolean) {
    this.#isReadOnly = isReadOnly;
    this.send({ isReadOnly } satisfies ToObservedBot);
  }

  override start(settings: Readonly<Record<string, string>> = {}): void {
    super.start(settings);
    this.isReadOnly = this.#isReadOnly;
  }

  #remove(prefix: string): void {
    for (const key of this.ledger.keys()) {
      if (key === prefix || (prefix.endsWith('/') && key.startsWith(prefix))) this.ledger.delete(key);
    }
  }

  #note(key: string, record: LedgerEntry['submission']): void {
    const before = this.ledger.get(key)?.stages ?? [];
    const stages = before.at(-1) === record.stage ? before : [...before, record.stage];
    this.ledger.set(key, { key, submission: record, stages });
  }
}

import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { BotProcess, type BotProgram } from './bot-process.ts';

/** What the bot's process tells about the records of people. */
export type FromObservedBot =
  | { readonly kind: 'changed'; readonly key: string; readonly record: unknown }
  | { readonly kind: 'removed'; readonly prefix: string };

export interface ToObservedBot {
  readonly isReadOnly: boolean;
  /** How far its clock is ahead of the machine's. */
  readonly aheadMs: number;
}

/** One attempt, and the stages that it went through as far as they were seen. */
export interface KnownAttempt {
  readonly submitterId: string;
  readonly id: string;
  /** As "opened" or "not-sent: paused". */
  readonly stages: readonly string[];
  readonly reference: string | undefined;
  readonly isDelivered: boolean;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

const attempt = z.object({
  id: z.string(),
  receivedAt: z.number(),
  stage: z.object({
    kind: z.string(),
    reference: z.string().optional(),
    reason: z.union([z.string(), z.object({ kind: z.string() })]).optional(),
  }),
  delivery: z.string(),
});
const person = z.object({ requests: z.array(z.object({ attempts: z.array(attempt) })) });

const fromObservedBot = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('changed'), key: z.string(), record: person }),
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

/** The real bot as a process of its own, whose attempts can be looked at, whose store can be made read-only, and whose clock can be put forward. */
export class ObservedBotProcess extends BotProcess {
  /** The attempts, as the process last wrote them; the oldest first. */
  readonly attempts = new Map<string, KnownAttempt>();
  #isReadOnly = false;
  #aheadMs = 0;

  /** @param onAttempts Told after each change of the attempts. */
  constructor(settings: Readonly<Record<string, string>>, onAttempts: () => void) {
    super(settings, OBSERVED_BOT);
    this.events.on('message', (message) => {
      const parsed = fromObservedBot.parse(message);
      if (parsed.kind === 'changed') this.#note(parsed.key, parsed.record);
      else this.#remove(parsed.prefix);
      onAttempts();
    });
  }

  get isReadOnly(): boolean {
    return this.#isReadOnly;
  }

  set isReadOnly(isReadOnly: boolean) {
    this.#isReadOnly = isReadOnly;
    this.#tell();
  }

  override start(settings: Readonly<Record<string, string>> = {}): void {
    // It begins with this clock: a store does not like a time that goes back.
    super.start({ SANDBOX_CLOCK_AHEAD_MS: String(this.#aheadMs), ...settings });
    this.#tell();
  }

  /** Puts its clock forward. */
  skip(ms: number): void {
    this.#aheadMs += ms;
    this.#tell();
  }

  #tell(): void {
    this.send({ isReadOnly: this.#isReadOnly, aheadMs: this.#aheadMs } satisfies ToObservedBot);
  }

  #remove(userId: string): void {
    for (const [id, known] of this.attempts) if (known.submitterId === userId) this.attempts.delete(id);
  }

  #note(submitterId: string, { requests }: z.infer<typeof person>): void {
    const found = requests.flatMap(({ attempts }) => attempts);
    for (const [id, known] of this.attempts) {
      const isGone = known.submitterId === submitterId && !found.some((one) => one.id === id);
      if (isGone) this.attempts.delete(id);
    }
    for (const { id, receivedAt, stage, delivery } of found) {
      const before = this.attempts.get(id)?.stages ?? [];
      const label = typeof stage.reason === 'object' ? `${stage.kind}: ${stage.reason.kind}` : stage.kind;
      const stages = before.at(-1) === label ? before : [...before, label];
      const isDelivered = delivery === 'delivered';
      this.attempts.set(id, { submitterId, id, stages, reference: stage.reference, isDelivered, receivedAt });
    }
  }
}

import type { APIModalInteractionResponseCallbackData } from 'discord.js';
import type { Reply } from '../../src/discord/replies/reply.ts';
import type { SampleWords } from './sample-words.ts';

/** One message as people get it. */
export interface Sample {
  /** When it is shown. */
  readonly when: string;
  /** The exported functions whose words it has: a function that no sample names fails a test. */
  readonly by: readonly string[];
  readonly shows:
    | Reply
    | APIModalInteractionResponseCallbackData
    | { readonly text: string; readonly buttons?: readonly string[] };
}

/** Messages that are met at one place. */
export interface SampleGroup {
  readonly heading: string;
  samples(words: SampleWords): readonly Sample[];
}

/** Milliseconds at which Discord's IDs begin to count: the first second of 2015. */
const DISCORD_EPOCH_MS = 1_420_070_400_000n;

/**
 * Makes unique IDs that carry their time of birth. They have 17 to 19 digits, like real ones: discord.js tells IDs
 * from words by their length, and would pour shorter ones into one shared rate-limit bucket.
 */
export function createSnowflakes(now: () => number): () => string {
  let count = 0n;
  return () => {
    count += 1n;
    return (((BigInt(Math.trunc(now())) - DISCORD_EPOCH_MS) << 22n) | (count & 0x3fffffn)).toString();
  };
}

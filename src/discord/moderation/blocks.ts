import { blockWords } from './block-words.ts';
import { moderationCard } from './moderation-card.ts';
import type { Subcommand } from './subcommand.ts';

/** UTF-16 units of the list. Discord takes 4,000 in a card; the rest is for the title and the end. */
const LIST_LENGTH = 3600;

export const blocks: Subcommand = {
  name: 'blocks',
  describe: (subcommand) => subcommand.setDescription("Who can't open tickets here, why and until when"),

  async run(_interaction, { tickets: { controls } }, guildId) {
    const found = await controls.blocksIn(guildId);
    if (found.length === 0) return moderationCard('🟢 Nobody is blocked here');
    const shown: string[] = [];
    let length = 0;
    for (const { userId, ...block } of found.toSorted((a, b) => b.at - a.at)) {
      const line = `- <@${userId}> ${blockWords(block)}`;
      length += line.length + 1;
      if (length > LIST_LENGTH) break;
      shown.push(line);
    }
    const left = found.length - shown.length;
    const title = found.length === 1 ? '⛔ 1 member is blocked here' : `⛔ ${found.length} members are blocked here`;
    return moderationCard(title, [
      ...shown,
      left > 0 && `-# ${left} more, older ones. \`/helpdesk who\` tells about one member.`,
    ]);
  },
};

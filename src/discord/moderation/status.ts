import type { Recent } from '../../recent-counter.ts';
import type { Pause } from '../../tickets/desk-controls.ts';
import { helpdeskProblem } from '../helpdesk-probe.ts';
import { noticeQuote } from '../replies/closed-reply.ts';
import { atStart, inSentence } from '../replies/helpdesk-words.ts';
import { lines, timestamp } from '../replies/reply.ts';
import type { HelpdeskState } from './helpdesk-history.ts';
import { moderationCard } from './moderation-card.ts';
import type { Subcommand } from './subcommand.ts';

export const status: Subcommand = {
  name: 'status',
  describe: (subcommand) =>
    subcommand.setDescription('Is the helpdesk reachable, are tickets open, and what happened in the last 24 hours?'),

  async run(_interaction, { version, config, helpdesk, helpdeskHistory, clock, tickets, metrics, audit }, guildId) {
    const { queue, controls } = tickets;
    const [problem, pause] = await Promise.all([helpdeskProblem(helpdesk, clock), controls.pausedAt({ guildId })]);
    const name = atStart(config.helpdesk);
    const title = problem ? `🔴 ${name} can't be used right now` : `🟢 ${name} is reachable`;
    return moderationCard(title, [
      problem && `**Why:** ${problem}.`,
      sinceWords(problem === undefined, helpdeskHistory.state),
      problem && "If this goes on, tell the people who run the bot: `npm run doctor` on the bot's machine says more.",
      queue.down && '💤 Several tickets in a row failed, so the bot is giving it a break.',
      pauseWords(pause),
      queueWords(queue.waiting),
      ...recentWords(metrics.submissions.recent(), audit.channelId, inSentence(config.helpdesk)),
      `-# discord-openticket ${version}`,
    ]);
  },
};

function sinceWords(works: boolean, state: HelpdeskState | undefined): string | undefined {
  // A look that took too long has told nothing yet.
  if (!state || state.works !== works) return undefined;
  if (!works) return `Failing since ${timestamp(state.since, 'R')}.`;
  return state.isFirst
    ? `No failure since the bot started ${timestamp(state.since, 'R')}.`
    : `Reachable since ${timestamp(state.since, 'R')}.`;
}

function pauseWords(pause: Pause | undefined): string {
  if (!pause) return '🟢 **Tickets are open** here.';
  return lines(
    `⏸️ **Tickets are paused** here by <@${pause.moderatorId}> ${timestamp(pause.at, 'R')}:`,
    noticeQuote(pause.notice),
  );
}

function queueWords(waiting: number): string {
  if (waiting === 0) return '📥 **Queue:** empty';
  return `📥 **Queue:** ${waiting} ${waiting === 1 ? 'ticket' : 'tickets'} waiting`;
}

/** What a moderator calls the outcomes, by what the metrics call them. All others were not sent. */
const COUNTED = [
  ['opened', (times: number) => `✅ ${times} opened`],
  ['refused', (times: number) => `❌ ${times} refused`],
  ['unconfirmed', (times: number) => `⚠️ ${times} unclear`],
  ['unreachable', (times: number) => `💤 ${times} not sent (helpdesk unreachable)`],
] as const;

function recentWords(
  { since, isWholeDay, counts }: Recent,
  auditChannelId: string | undefined,
  name: string,
): string[] {
  const named = COUNTED.flatMap(([outcome, words]) => {
    const times = counts.get(outcome) ?? 0;
    return times > 0 ? [words(times)] : [];
  });
  const names: readonly string[] = COUNTED.map(([outcome]) => outcome);
  const others = [...counts].reduce((sum, [outcome, times]) => (names.includes(outcome) ? sum : sum + times), 0);
  if (others > 0) named.push(`${others} not sent (limits, pauses, blocks, repeats …)`);
  const unclear = counts.get('unconfirmed') ?? 0;
  return [
    `📊 **Last 24 hours:** ${named.join(' · ') || 'no tickets'}`,
    ...(unclear > 0 ? [unclearWords(unclear, auditChannelId, name)] : []),
    isWholeDay
      ? '-# Counted by this bot on all its servers.'
      : `-# Counted on all servers of this bot, and only since it started ${timestamp(since, 'R')}.`,
  ];
}

function unclearWords(unclear: number, auditChannelId: string | undefined, name: string): string {
  const what = unclear === 1 ? 'The unclear ticket' : 'Unclear tickets';
  const where = auditChannelId ? ` Look for who sent them in <#${auditChannelId}>.` : '';
  return `⚠️ ${what} may or may not be open: please check at ${name}.${where}`;
}

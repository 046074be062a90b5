import { auditChannelProblem } from '../../discord/channel-access.ts';
import type { DiscordProbe } from '../../discord/discord-probe.ts';
import { type Check, fail, ok, warn } from '../check.ts';
import { knownBotCheck } from './discord-login-check.ts';

/** Writes one line into the audit channel and removes it again. */
export function auditChannelCheck(probe: DiscordProbe, channelId: string): Check {
  return knownBotCheck(probe, {
    name: 'Audit channel',
    lookedAt: `the channel ${channelId} (AUDIT_CHANNEL_ID)`,
    async look() {
      const access = await probe.tryChannel(channelId);
      const name = await probe.channelName(channelId);
      const problem = auditChannelProblem(access);
      if (!problem) return ok(name === undefined ? 'The channel takes entries.' : `#${name} takes entries.`);
      const result = access.kind === 'unreachable' ? warn : fail;
      return result(name === undefined ? problem.message : `${problem.message} It is #${name}.`, problem.remedy);
    },
  });
}

import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  type ButtonInteraction,
  ButtonStyle,
  ContextMenuCommandBuilder,
  InteractionContextType,
  type MessageContextMenuCommandInteraction,
  ModalBuilder,
} from 'discord.js';
import { lookUpDeadline } from '../src/discord/acknowledge.ts';
import { moderatorPermission } from '../src/discord/authority.ts';
import type { CommandParts, MessageCommand } from '../src/discord/command.ts';
import { customId } from '../src/discord/custom-id.ts';
import { tellNoticesFirst } from '../src/discord/delivery/notices-first.ts';
import { behalfOptions } from '../src/discord/forms/behalf-options.ts';
import { escalatedText } from '../src/discord/forms/escalated-text.ts';
import { ticketModal } from '../src/discord/forms/ticket-modal.ts';
import { targetMessageOf } from '../src/discord/messages/target-message.ts';
import { hindranceReply } from '../src/discord/replies/hindrance-reply.ts';
import { noAccountReply } from '../src/discord/replies/no-account-reply.ts';
import { button, privately, type Reply, row } from '../src/discord/replies/reply.ts';
import { ticketReply } from '../src/discord/replies/ticket-reply.ts';
import { newDraft } from '../src/discord/submit-ticket.ts';
import type { StandBack } from '../src/tickets/earlier-submissions.ts';
import type { TicketDraft } from '../src/tickets/records/ticket-drafts.ts';

const NOT_MODERATOR =
  'Only moderators of this server escalate messages. Nothing was done. With `/ticket` you can ask for help yourself.';
const FOR_MODERATORS = { for: 'moderators', refusal: NOT_MODERATOR } as const;

const escalate: MessageCommand = {
  kind: 'message',
  ...FOR_MODERATORS,
  data: (config) =>
    new ContextMenuCommandBuilder()
      .setName('Escalate to ticket')
      .setType(ApplicationCommandType.Message)
      .setContexts(InteractionContextType.Guild)
      // Never by way of somebody's own installation, which works in servers that have not let the bot in.
      .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
      .setDefaultMemberPermissions(moderatorPermission(config))
      .toJSON(),

  async execute(interaction, parts) {
    const inTime = lookUpDeadline(parts.clock);
    const { targetId: messageId, channelId, guildId } = interaction;
    const escalated = escalatedText(targetMessageOf(interaction), { messageId, channelId, guildId });
    const draft: TicketDraft = { ...newDraft(interaction, parts, EMPTY), ...escalated };
    // Written down before the form is shown: the submit carries the draft's ID alone.
    const next = await inTime(parts.drafts.save(draft).then(() => lookAhead(draft, parts)));
    const onward = button('Escalate', ButtonStyle.Primary, customId('escalate-onward', draft.id));
    if (await tellNoticesFirst(interaction, parts, { onward, inTime })) return;
    await show(interaction, next);
  },

  buttons: {
    'escalate-onward': {
      ...FOR_MODERATORS,
      labels: ['Escalate', 'Write it anyway', 'Look again'],
      handle: (interaction, parts, [draftId = '', known = '']) =>
        carryOn(interaction, parts, { draftId, evenIfDown: known === KNOWN_TO_BE_DOWN }),
    },
    'escalate-again': {
      ...FOR_MODERATORS,
      labels: ['Escalate again'],
      handle: (interaction, parts, [draftId = '', despite = '']) => carryOn(interaction, parts, { draftId, despite }),
    },
  },
};

export default escalate;

const EMPTY = { subject: '', product: '', body: '' };
const EXPIRED: Reply = {
  content: 'This has expired. Nothing was done; escalate the message again.',
  components: [],
};

/** In the custom ID of the button that a moderator presses after reading that the helpdesk is down. */
const KNOWN_TO_BE_DOWN = 'down';

/** What a moderator sees next: the form, or what stands against it. */
async function lookAhead(
  draft: TicketDraft,
  parts: CommandParts,
  { evenIfDown = false } = {},
): Promise<Reply | ModalBuilder> {
  const [hindrance, earlier, options] = await Promise.all([
    parts.desk.hindrance(draft.submitter.id, draft.place),
    parts.desk.earlier.ofMessage(draft),
    behalfOptions(draft, parts),
  ]);
  if (hindrance?.kind === 'helpdesk-down') {
    const anyway = customId('escalate-onward', draft.id, KNOWN_TO_BE_DOWN);
    const components = [row(button('Write it anyway', ButtonStyle.Primary, anyway))];
    if (!evenIfDown) return { ...hindranceReply(hindrance), components };
  } else if (hindrance) {
    return hindranceReply(hindrance);
  }
  if (earlier) return earlierReply(earlier, draft, parts);
  const [first] = options;
  if (!first) return noAccountReply();
  return ticketModal(draft.id, parts.config.tickets.products, draft.fields, { options, chosen: first.behalf });
}

/** What a moderator reads about a message that was escalated before, with the way to escalate it again. */
function earlierReply(earlier: StandBack, draft: TicketDraft, { config }: CommandParts): Reply {
  if (earlier.kind === 'in-progress') {
    // Not the Try again of the desk: nobody has seen this draft yet, so nothing may be sent of it.
    const again = customId('escalate-onward', draft.id);
    return {
      content: 'This message is being escalated at this moment, by you or by another moderator. Nothing was done now.',
      components: [row(button('Look again', ButtonStyle.Primary, again))],
    };
  }
  const context = {
    draftId: draft.id,
    submitterId: draft.submitter.id,
    isEscalation: true,
    isUnwritten: true,
  } as const;
  const again = customId('escalate-again', draft.id, earlier.submissionId);
  return {
    ...ticketReply(earlier, { ...context, ticketUrl: config.tickets.ticketUrl }),
    components: [row(button('Escalate again', ButtonStyle.Danger, again))],
  };
}

async function carryOn(
  interaction: ButtonInteraction,
  parts: CommandParts,
  { draftId, despite, evenIfDown }: { draftId: string; despite?: string; evenIfDown?: boolean },
): Promise<void> {
  const inTime = lookUpDeadline(parts.clock);
  const next = await inTime(
    parts.drafts.find(interaction.user.id, draftId).then(async (draft) => {
      if (!draft) return EXPIRED;
      if (draft.place.guildId !== interaction.guildId) return { content: NOT_MODERATOR, components: [] };
      const known = despite ? { ...draft, sendDespite: [...draft.sendDespite, despite] } : draft;
      if (despite) await parts.drafts.renew(known);
      return lookAhead(known, parts, { evenIfDown });
    }),
  );
  await show(interaction, next);
}

async function show(
  interaction: MessageContextMenuCommandInteraction | ButtonInteraction,
  next: Reply | ModalBuilder,
): Promise<void> {
  if (next instanceof ModalBuilder) await interaction.showModal(next);
  else await interaction.reply(privately(next));
}

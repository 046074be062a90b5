import {
  ApplicationIntegrationType,
  type ButtonInteraction,
  InteractionContextType,
  type ModalSubmitInteraction,
  SlashCommandBuilder,
} from 'discord.js';
import { maskEmailAddress } from '../src/accounts/email-address.ts';
import { deferUpdate, lookUpDeadline } from '../src/discord/acknowledge.ts';
import type { Services, SlashCommand } from '../src/discord/command.ts';
import { linkEntry, linkRequestEntry, moderationEntry } from '../src/discord/delivery/audit-entries.ts';
import { deferLinkCard } from '../src/discord/delivery/link-card.ts';
import { tellPendingFirst } from '../src/discord/delivery/tell-pending.ts';
import { codeModal, linkModal, readTextField } from '../src/discord/forms/link-modal.ts';
import { withoutArticle } from '../src/discord/replies/helpdesk-words.ts';
import {
  codeEnteredReply,
  codeRequestedReply,
  decidedOtherwiseReply,
  decisionNotShownReply,
  linkedReply,
  linkRequestedReply,
  linkRequestLimitedReply,
  linkRequestUndeliveredReply,
} from '../src/discord/replies/link-reply.ts';
import { asMessage, card, ephemeral, linkButton, type Reply } from '../src/discord/replies/reply.ts';
import { onlyModeratorsReply } from '../src/discord/replies/router-reply.ts';

const NOT_MODERATOR = 'Only moderators of this server can decide about links. Nothing has changed.';

const link: SlashCommand = {
  kind: 'slash',
  for: 'everybody',
  acknowledge: 'handler',
  data: (config) =>
    new SlashCommandBuilder()
      .setName('link')
      .setDescription(`Link your ${withoutArticle(config.helpdesk)} account`)
      .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM)
      .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
      .toJSON(),

  async execute(interaction, services) {
    if (await tellPendingFirst(interaction, services, { onward: linkButton(), inTime: lookUpDeadline(services.clock) }))
      return;
    await interaction.showModal(linkModal(services.config.helpdesk));
  },

  buttons: {
    link: {
      for: 'everybody',
      acknowledge: 'handler',
      labels: ['Link account', 'Link another account', 'Change'],
      handle: async (interaction, { config }) => {
        await interaction.showModal(linkModal(config.helpdesk));
      },
    },
    'link-edit': {
      for: 'everybody',
      acknowledge: 'handler',
      labels: ['Edit address'],
      handle: async (interaction, { config, accounts }) => {
        await interaction.showModal(linkModal(config.helpdesk, accounts.typedAddresses.find(interaction.user.id)));
      },
    },
    'link-enter-code': {
      for: 'everybody',
      acknowledge: 'handler',
      labels: ['Enter code'],
      handle: async (interaction) => interaction.showModal(codeModal()).then(() => undefined),
    },
    'link-send-again': { for: 'everybody', acknowledge: 'update', labels: ['Send again'], handle: sendAgain },
    'link-approve': {
      for: 'moderators',
      acknowledge: 'handler',
      refusal: NOT_MODERATOR,
      labels: ['Approve'],
      handle: (interaction, services, [userId = '', requestId = '']) =>
        decide(interaction, services, { userId, requestId, approved: true }),
    },
    'link-refuse': {
      for: 'moderators',
      acknowledge: 'handler',
      refusal: NOT_MODERATOR,
      labels: ['Refuse'],
      handle: (interaction, services, [userId = '', requestId = '']) =>
        decide(interaction, services, { userId, requestId, approved: false }),
    },
  },

  modals: {
    link: { for: 'everybody', acknowledge: 'handler', handle: submitAddress },
    'link-code': { for: 'everybody', acknowledge: 'handler', handle: submitCode },
  },
};

export default link;

type LinkServices = Pick<Services, 'config' | 'accounts' | 'audit' | 'metrics' | 'interactionLog'>;

async function submitAddress(interaction: ModalSubmitInteraction, services: LinkServices): Promise<void> {
  await deferLinkCard(interaction);
  const typed = readTextField(interaction, 'email');
  const { typedAddresses } = services.accounts;
  typedAddresses.save(interaction.user.id, typed);
  const reply = await linkReply(interaction, services, typed);
  if (reply.kind === 'linked') typedAddresses.remove(interaction.user.id);
  await interaction.editReply(asMessage(reply));
}

/** What follows from an address, by the proof that is asked for. */
async function linkReply(
  interaction: ModalSubmitInteraction,
  { config, accounts, audit, metrics, interactionLog }: LinkServices,
  typed: string,
): Promise<Reply> {
  const { links, linkRequests, linkRequestLimit, verification } = accounts;
  const person = { id: interaction.user.id, name: interaction.user.username };
  const log = (outcome: string, reason?: string) => interactionLog.link(interaction, { outcome, reason });
  switch (config.links.verification) {
    case 'email': {
      const result = await verification.request(person, typed);
      metrics.mails.inc({ result: result.kind });
      interactionLog.codeRequested(interaction, result);
      return codeRequestedReply(result, config.helpdesk);
    }
    case 'moderator': {
      const email = accounts.readAddress(typed);
      if (!email) {
        log('refused', 'invalid-email');
        return codeRequestedReply({ kind: 'invalid-email' }, config.helpdesk);
      }
      const allowed = await linkRequestLimit.take(person.id);
      if (allowed.kind === 'limited') {
        log('refused', 'limited');
        return linkRequestLimitedReply(allowed);
      }
      const request = await linkRequests.open(person.id, email);
      const { entry, components } = linkRequestEntry(request, maskEmailAddress(email));
      const isAsked = await audit.write(entry, components);
      if (isAsked) log('moderators-asked');
      else log('refused', 'audit-channel');
      if (isAsked) return linkRequestedReply(email);
      await linkRequests.forget(person.id);
      // Nobody was asked.
      await linkRequestLimit.giveBack(allowed);
      return linkRequestUndeliveredReply();
    }
    case 'none': {
      const email = accounts.readAddress(typed);
      if (!email) {
        log('refused', 'invalid-email');
        return codeRequestedReply({ kind: 'invalid-email' }, config.helpdesk);
      }
      await links.save(person.id, email, 'none');
      log('linked', 'without-proof');
      await audit.write(linkEntry(person.id, 'linked without proof'));
      return linkedReply(email);
    }
  }
}

async function sendAgain(
  interaction: ButtonInteraction,
  { config, accounts, metrics, interactionLog }: Pick<Services, 'config' | 'accounts' | 'metrics' | 'interactionLog'>,
): Promise<void> {
  const person = { id: interaction.user.id, name: interaction.user.username };
  const result = await accounts.verification.requestAgain(person);
  metrics.mails.inc({ result: result.kind });
  interactionLog.codeRequested(interaction, result);
  await interaction.editReply(asMessage(codeRequestedReply(result, config.helpdesk)));
}

async function submitCode(
  interaction: ModalSubmitInteraction,
  { accounts, audit, interactionLog }: Pick<Services, 'accounts' | 'audit' | 'interactionLog'>,
): Promise<void> {
  await deferLinkCard(interaction);
  const result = await accounts.verification.confirm(interaction.user.id, readTextField(interaction, 'code'));
  interactionLog.codeEntered(interaction, result);
  // First what moderators have to know: it holds whether or not Discord takes the reply.
  if (result.kind === 'linked') {
    accounts.typedAddresses.remove(interaction.user.id);
    await audit.write(linkEntry(interaction.user.id, 'linked by mailed code'));
  }
  await interaction.editReply(asMessage(codeEnteredReply(result)));
}

/** A moderator's word on a request, given in the audit channel and nowhere else. */
async function decide(
  interaction: ButtonInteraction,
  {
    accounts,
    tickets,
    audit,
    log,
    interactionLog,
  }: Pick<Services, 'accounts' | 'tickets' | 'audit' | 'log' | 'interactionLog'>,
  { userId, requestId, approved }: { userId: string; requestId: string; approved: boolean },
): Promise<void> {
  const { links, linkRequests } = accounts;
  const note = (outcome: string, reason?: string) =>
    interactionLog.moderation(interaction, { outcome, reason, targetUserId: userId });
  // Elsewhere is another server, whose moderators have no say here.
  if (interaction.channelId !== audit.channelId) {
    note('refused', 'not-moderator');
    await interaction.reply(ephemeral(onlyModeratorsReply(NOT_MODERATOR)));
    return;
  }
  if (interaction.user.id === userId) {
    note('refused', 'own-request');
    await interaction.reply(
      ephemeral(
        card('declined', '⛔ This is your own request', ['Another moderator has to decide. Nothing has changed.']),
      ),
    );
    return;
  }
  await deferUpdate(interaction);
  if (!links.accepts('moderator')) {
    note('refused', 'other-proof-wanted');
    // Approving would replace an address that was proved by one that does not count.
    await interaction.editReply({
      content: `${interaction.message.content}\nClosed: links are proved by a mailed code now, not by moderators. Nothing has changed.`,
      components: [],
      allowedMentions: { parse: [] },
    });
    return;
  }
  const wanted = approved ? 'approved' : 'refused';
  const request = await linkRequests.decide(userId, requestId, wanted);
  if (request && request.decision !== wanted) {
    note('refused', 'decided-otherwise');
    await interaction.followUp(ephemeral(decidedOtherwiseReply(request.decision)));
    return;
  }
  if (request && approved) await links.save(userId, request.email, 'moderator');
  // Closed last: until then the buttons carry on what a failing store has cut off. Of two moderators one closes it.
  if (!request || !(await linkRequests.close(userId, requestId))) {
    note('refused', 'closed-before');
    await interaction.editReply({
      content: `${interaction.message.content}\nClosed: decided, replaced or expired.`,
      components: [],
    });
    return;
  }
  note(approved ? 'link-approved' : 'link-refused');
  // It holds by now: what fails from here on must not keep it from the audit channel.
  await tickets.notifications.add(userId, requestId, { kind: 'link-decided', approved }).catch((error: unknown) => {
    log.error({ error, interactionId: interaction.id, userId, approved }, 'a decision will not be told to its person');
  });
  const decision = moderationEntry(
    interaction.user.id,
    approved ? `approved the link of <@${userId}>` : `refused the link of <@${userId}>`,
  );
  try {
    await interaction.editReply({ content: decision, components: [], allowedMentions: { parse: [] } });
  } catch (error) {
    // The request cannot be turned into the entry about the decision, which holds all the same.
    const { id: interactionId, user } = interaction;
    log.warn(
      { error, interactionId, moderatorId: user.id, userId, approved },
      'a decision could not be written over its request',
    );
    const isNoted = (await audit.write(decision)) !== undefined;
    await interaction.followUp(ephemeral(decisionNotShownReply(userId, { approved, isNoted })));
  }
}

import {
  Client,
  Events,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { createClientAsync } from 'soap';

/**
 * What somebody writes in an afternoon with bare discord.js and bare `soap`: the same form, the same ticket, and none of the
 * promises. It keeps nothing, checks nothing and survives nothing. The benchmark measures the bot beside it.
 */
const { DISCORD_TOKEN = '', DISCORD_API_URL = '', HELPDESK_URL = '' } = process.env;
const { HELPDESK_USERNAME: username, HELPDESK_PASSWORD: password } = process.env;

const helpdesk = await createClientAsync(`${HELPDESK_URL}?wsdl`);
const [{ return: sid }] = await helpdesk.api_loginAsync({ username, password });

const client = new Client({ intents: [], rest: { api: DISCORD_API_URL } });
client.rest.options.globalRequestsPerSecond = 1000;

client.once(Events.ClientReady, async ({ application }) => {
  await application.commands.set([
    new SlashCommandBuilder().setName('ticket').setDescription('Ask the support team for help').toJSON(),
  ]);
});

function field(customId: string, label: string, style: TextInputStyle): LabelBuilder {
  const input = new TextInputBuilder().setCustomId(customId).setStyle(style);
  return new LabelBuilder().setLabel(label).setTextInputComponent(input.setRequired(customId !== 'product'));
}

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isChatInputCommand()) {
    const modal = new ModalBuilder().setCustomId('ticket').setTitle('Open a helpdesk ticket');
    await interaction.showModal(
      modal.addLabelComponents(
        field('subject', 'Subject', TextInputStyle.Short),
        field('product', 'Product', TextInputStyle.Short),
        field('body', 'What do you need help with?', TextInputStyle.Paragraph),
      ),
    );
  } else if (interaction.isModalSubmit()) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const [answer] = await helpdesk.api_openTicketAsync({
      sid,
      user_email: `${interaction.user.username}@example.org`,
      user_ip: '127.0.0.1',
      subject: interaction.fields.getTextInputValue('subject'),
      product: interaction.fields.getTextInputValue('product'),
      body: interaction.fields.getTextInputValue('body'),
      box_auth_value: '',
    });
    await interaction.editReply(`Ticket ${answer.return.ticket_reference_id} is open.`);
  }
});

await client.login(DISCORD_TOKEN);

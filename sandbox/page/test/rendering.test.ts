import { expect, test } from 'vitest';
import { describeInBrowser, openPage, useBrowser } from './page-under-test.ts';

/** Bytes of the page's own files. */
const MAX_ASSET_BYTES = 150_000;

/** A message of the second component generation, with all that the page shows of it. */
const COMPONENTS_V2 = [
  {
    type: 17,
    id: 1,
    accent_color: 0x22763e,
    components: [
      { type: 10, id: 2, content: '## A container' },
      { type: 14, id: 3, divider: true, spacing: 1 },
      {
        type: 9,
        id: 4,
        components: [{ type: 10, id: 5, content: 'A section with a **button**' }],
        accessory: { type: 2, id: 6, style: 3, label: 'Fine', custom_id: 'unknown-to-the-bot' },
      },
    ],
  },
];

describeInBrowser('what Discord shows, the page shows', () => {
  useBrowser();

  test('embeds, files, markdown, times, mentions and components of both generations', async () => {
    const { fixture, message } = await openPage();
    const { world } = fixture.world.discord;
    const ada = fixture.cast[0]?.user;
    const channel = ada?.messages[0] && world.channels.get(ada.messages[0].channelId);
    if (!channel || !ada) throw new Error('The fixture is empty');
    const seconds = Math.floor(Date.now() / 1000) - 3 * 3600;
    world.post({
      channel,
      author: world.bot,
      content: `**bold** *italic* __under__ ~~struck~~ \`code\` <@${ada.id}> <t:${seconds}:R> \\*plain\\*\n> quoted\n- item\n-# small\n[a link](<https://example.org/a>)`,
      embeds: [
        { title: 'An embed', description: 'with *words*', color: 0xc2313a, fields: [{ name: 'Field', value: 'v' }] },
      ],
    });
    const shown = message('bold');
    await shown.waitFor();
    for (const [tag, text] of [
      ['strong', 'bold'],
      ['em', 'italic'],
      ['u', 'under'],
      ['s', 'struck'],
      ['code', 'code'],
      ['.mention', '@ada'],
      ['time', '3 hours ago'],
      ['blockquote', 'quoted'],
      ['.item', 'item'],
      ['.small', 'small'],
      ['a', 'a link'],
    ]) {
      expect(
        await shown
          .locator(String(tag))
          .filter({ hasText: String(text) })
          .count(),
        `${tag}`,
      ).toBe(1);
    }
    expect(await shown.textContent()).toContain('*plain*');
    expect(await shown.getByRole('region', { name: 'An embed' }).textContent()).toContain('with words');

    world.post({ channel, author: world.bot, components: COMPONENTS_V2 as never, flags: 32768 });
    const container = message('A container');
    await container.getByRole('button', { name: 'Fine' }).click();
    // The bot does not know this button, and says so.
    await message('older version of the bot').waitFor();
  });

  test('pictures, files, polls, stickers, and messages inside of others', async () => {
    const { fixture, message } = await openPage();
    const { world } = fixture.world.discord;
    const ada = fixture.cast[0]?.user;
    const channel = ada?.messages[0] && world.channels.get(ada.messages[0].channelId);
    if (!channel || !ada) throw new Error('The fixture is empty');
    const url = 'https://cdn.example.com/x.png';
    const components = [
      { type: 10, id: 1, content: 'Node 7 is down' },
      { type: 12, id: 2, items: [{ media: { url }, description: 'A graph' }] },
      { type: 13, id: 3, name: 'dmesg.txt', file: { url }, size: 5 },
      {
        type: 9,
        id: 4,
        components: [{ type: 10, id: 5, content: 'Disk' }],
        accessory: { type: 11, id: 6, media: { url }, description: 'A full disk' },
      },
      { type: 1, id: 7, components: [{ type: 5, id: 8, custom_id: 'who', placeholder: 'Whom to tell?' }] },
    ];
    const monitor = world.createAccount({ name: 'monitor', bot: true });
    const alert = world.post({ channel, author: monitor, components: components as never, flags: 32768 });
    const shown = message('Node 7 is down');
    for (const name of ['A graph', 'dmesg.txt', 'A full disk']) {
      expect(await shown.getByRole('link', { name }).getAttribute('href')).toBe(url);
    }
    expect(await shown.getByRole('combobox', { name: 'Whom to tell?' }).isDisabled()).toBe(true);

    const place = ada.in(channel);
    await place.forward(alert);
    const forwarded = message('Forwarded').getByRole('region', { name: 'Forwarded' });
    expect(await forwarded.textContent()).toContain('Node 7 is down');

    const answers = ['Small', 'Big'].map((text, i) => ({ answer_id: i + 1, poll_media: { text } }));
    const sticker_items = [{ id: '1', name: 'Facepalm', format_type: 1 }];
    await place.say('What now?', { wire: { poll: { question: { text: 'Which VPS?' }, answers }, sticker_items } });
    const said = await message('What now?').textContent();
    for (const words of ['Which VPS?', 'Small', 'Big', 'Facepalm']) expect(said).toContain(words);

    world.post({ channel, author: monitor, embeds: [{ title: 'CPU', image: { url } }] });
    expect(await message('CPU').getByRole('link', { name: 'Picture' }).getAttribute('href')).toBe(url);
  });

  test('a choice in a select menu of a message reaches the bot', async () => {
    const { fixture, message } = await openPage();
    const { discord } = fixture.world;
    const { world } = discord;
    const ada = fixture.cast[0]?.user;
    const channel = ada?.messages[0] && world.channels.get(ada.messages[0].channelId);
    if (!channel) throw new Error('The fixture is empty');
    const options = ['VPS', 'Domains'].map((label) => ({ label, value: label.toLowerCase() }));
    const menu = { type: 3, id: 2, custom_id: 'unknown-to-the-bot', placeholder: 'Which one?', options };
    world.post({
      channel,
      author: world.bot,
      content: 'A menu',
      components: [{ type: 1, id: 1, components: [menu] }] as never,
    });
    const select = message('A menu').getByRole('combobox', { name: 'Which one?' });
    await select.waitFor();
    expect(await select.getByRole('option').allTextContents()).toEqual(['Which one?', 'VPS', 'Domains']);
    await select.selectOption('Domains');
    // The bot does not know this menu, and says so.
    await message('older version of the bot').waitFor();
    expect(discord.interactions.at(-1)).toMatchObject({ name: 'unknown-to-the-bot', person: { name: 'ada' } });
  });

  test('markup in messages, names and tickets is shown as text', async () => {
    const { page, box, message } = await openPage();
    const attack = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    await box.fill(attack);
    await box.press('Enter');
    await message(attack).waitFor();
    expect(await page.title()).toBe('Sandbox of discord-openticket');
    expect(await page.locator('.messages img, .messages script').count()).toBe(0);
  });

  test('a person sees what is theirs: private replies, channels and commands', async () => {
    const { page, be, command, message, box } = await openPage();
    await command('account');
    await message('No account is linked').waitFor();
    await be('ben');
    await message('Good morning').waitFor();
    expect(await page.getByText('No account is linked').count()).toBe(0);
    await box.fill('/');
    expect(await page.locator('.commands').textContent()).not.toContain('/helpdesk');
    await be('mia');
    await page.getByRole('button', { name: 'mod-log' }).waitFor();
    await box.fill('/helpdesk');
    await page.locator('.commands').getByText('/helpdesk status').waitFor();
    await be('zoe');
    await message('Hello from another server.').waitFor();
    expect(await page.getByRole('button', { name: 'help', exact: true }).count()).toBe(0);
  });

  test('a command with options asks for them, and a moderator pauses tickets with it', async () => {
    const { page, be, command, message } = await openPage();
    await be('mia');
    await command('helpdesk pause');
    const options = page.getByRole('form', { name: '/helpdesk pause' });
    await options.getByRole('textbox', { name: /^notice/ }).fill('We are moving');
    await options.getByRole('button', { name: 'Send' }).click();
    await message('Tickets are paused').waitFor();
    await be('ada');
    await command('ticket');
    await message('We are moving').waitFor();
  });

  test('a moderator chooses a channel for a panel, and others open tickets from it', async () => {
    const { page, be, command, message } = await openPage();
    await be('mia');
    await command('helpdesk panel');
    const options = page.getByRole('form', { name: '/helpdesk panel' });
    await options.getByRole('combobox', { name: /^channel/ }).selectOption('help');
    await options.getByRole('button', { name: 'Send' }).click();
    await message('The panel is in').waitFor();
    await be('ada');
    await message('Need help?').getByRole('button', { name: 'My account' }).click();
    await message('No account is linked').waitFor();
  });

  test('what a private reply says can be dismissed, and what was written elsewhere is marked', async () => {
    const { page, be, command, message, fixture } = await openPage();
    await command('account');
    const reply = message('No account is linked');
    await reply.getByRole('button', { name: 'Dismiss message' }).click();
    await reply.waitFor({ state: 'detached' });
    const ada = fixture.cast[0]?.user;
    if (!ada) throw new Error('The fixture is empty');
    const { world } = fixture.world.discord;
    world.post({ channel: world.directChannel(ada.account), author: world.bot, content: 'A word in private' });
    await page.getByRole('button', { name: 'Direct messages, unread' }).click();
    await message('A word in private').waitFor();
    await page.getByRole('button', { name: 'Direct messages, unread' }).waitFor({ state: 'detached' });
    await be('ben');
    expect(await page.getByText('A word in private').count()).toBe(0);
  });

  test('all files of the page are small, and come from this host', async () => {
    const { page, fetched } = await openPage();
    await page.waitForLoadState('load');
    const own = fetched.filter((response) => /\.(js|css|svg)$|\/$/.test(response.url()));
    expect(own.length).toBeGreaterThan(30);
    const bodies = await Promise.all(own.map((response) => response.body()));
    for (const body of bodies) expect(body.length).toBeGreaterThan(0);
    expect(bodies.reduce((sum, body) => sum + body.length, 0)).toBeLessThan(MAX_ASSET_BYTES);
  });
});

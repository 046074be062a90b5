import http from 'node:http';
import { WebSocket } from 'ws';

/**
 * The limit: the same form and the same ticket with nothing but a WebSocket and node:http. It resumes nothing, minds no rate
 * limit and reads an answer with a regular expression. No bot that one would run can be lighter than this.
 */
const { DISCORD_TOKEN = '', DISCORD_API_URL = '', HELPDESK_URL = '' } = process.env;
const { HELPDESK_USERNAME = '', HELPDESK_PASSWORD = '' } = process.env;
const IDENTIFY = 2;
const HEARTBEAT = 1;
const HELLO = 10;
const SLASH_COMMAND = 2;
const MODAL_SUBMIT = 5;
const EPHEMERAL = 64;

const discord = new http.Agent({ keepAlive: true });
const helpdesk = new http.Agent({ keepAlive: true });

function request(agent, url, method, headers, body) {
  return new Promise((resolve, reject) => {
    const sent = http.request(url, { agent, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const toDiscord = (method, path, body) =>
  request(
    discord,
    `${DISCORD_API_URL}/v10${path}`,
    method,
    { authorization: `Bot ${DISCORD_TOKEN}`, ...(body && { 'content-type': 'application/json' }) },
    body && JSON.stringify(body),
  );

const escaped = (text) => text.replace(/[<&]/g, (sign) => (sign === '<' ? '&lt;' : '&amp;'));

async function soap(operation, values) {
  const parts = Object.entries(values).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`);
  const body = `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><m:${operation} xmlns:m="urn:myapi">${parts.join('')}</m:${operation}></soap:Body></soap:Envelope>`;
  const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: `"urn:myapi#${operation}"` };
  return request(helpdesk, HELPDESK_URL, 'POST', headers, body);
}

const sid = />([^<>]+)<\/return>/.exec(
  await soap('api_login', { username: HELPDESK_USERNAME, password: HELPDESK_PASSWORD }),
)?.[1];

const input = (custom_id, label, style) => ({
  type: 18,
  label,
  component: { type: 4, custom_id, style, required: custom_id !== 'product' },
});
const MODAL = {
  type: 9,
  data: {
    custom_id: 'ticket',
    title: 'Open a helpdesk ticket',
    components: [
      input('subject', 'Subject', 1),
      input('product', 'Product', 1),
      input('body', 'What do you need help with?', 2),
    ],
  },
};

async function answer({ id, token, type, data, application_id, member, user }) {
  const callback = `/interactions/${id}/${token}/callback`;
  if (type === SLASH_COMMAND) await toDiscord('POST', callback, MODAL);
  else if (type === MODAL_SUBMIT) {
    await toDiscord('POST', callback, { type: 5, data: { flags: EPHEMERAL } });
    const values = Object.fromEntries(data.components.map(({ component }) => [component.custom_id, component.value]));
    const { subject, product, body } = values;
    const user_email = `${(member?.user ?? user).username}@example.org`;
    const ticket = { sid, user_email, user_ip: '127.0.0.1', subject, product, body, box_auth_value: '' };
    const reference = /<ticket_reference_id[^>]*>([^<]*)</.exec(await soap('api_openTicket', ticket))?.[1];
    const path = `/webhooks/${application_id}/${token}/messages/@original`;
    await toDiscord('PATCH', path, { content: `Ticket ${reference} is open.` });
  } else await toDiscord('POST', callback, { type: 4, data: { content: 'Hello', flags: EPHEMERAL } });
}

const { url } = JSON.parse(await toDiscord('GET', '/gateway/bot'));
const gateway = new WebSocket(`${url}/?v=10&encoding=json`);
let sequence = null;
gateway.on('message', (bytes) => {
  const { op, t, s, d } = JSON.parse(String(bytes));
  sequence = s ?? sequence;
  if (op === HELLO) {
    setInterval(() => gateway.send(JSON.stringify({ op: HEARTBEAT, d: sequence })), d.heartbeat_interval);
    const properties = { os: 'linux', browser: 'raw', device: 'raw' };
    gateway.send(JSON.stringify({ op: IDENTIFY, d: { token: DISCORD_TOKEN, intents: 0, properties } }));
  } else if (t === 'READY') {
    void toDiscord('PUT', `/applications/${d.application.id}/commands`, [
      { name: 'ticket', description: 'Ask the support team for help', type: 1 },
    ]);
  } else if (t === 'INTERACTION_CREATE') void answer(d);
});

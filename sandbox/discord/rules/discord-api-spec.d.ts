/** The package ships its zod schemas as JavaScript without declarations; only what is read here is declared. */
declare module 'discord-api-spec/zod' {
  interface SpecIssue {
    code: string;
    path: (string | number)[];
    message: string;
    errors?: SpecIssue[][];
    origin?: string;
    minimum?: number;
    maximum?: number;
    values?: unknown[];
    format?: string;
  }
  interface SpecSchema {
    safeParse(body: unknown): { success: true; data: unknown } | { success: false; error: { issues: SpecIssue[] } };
  }
  export const ApplicationCommandUpdateRequestSchema: SpecSchema;
  export const CreateMessageInteractionCallbackRequestSchema: SpecSchema;
  export const UpdateMessageInteractionCallbackRequestSchema: SpecSchema;
  export const ModalInteractionCallbackRequestSchema: SpecSchema;
  export const IncomingWebhookRequestPartialSchema: SpecSchema;
  export const IncomingWebhookUpdateRequestPartialSchema: SpecSchema;
  export const MessageCreateRequestSchema: SpecSchema;
  export const MessageEditRequestPartialSchema: SpecSchema;
  export const CreatePrivateChannelRequestSchema: SpecSchema;
}

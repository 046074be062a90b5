import { type APILabelComponent, ComponentType } from 'discord.js';

export type LabelledInput = APILabelComponent['component'];

/** A field of a form, with what stands above it. */
export function label(text: string, component: LabelledInput, description?: string): APILabelComponent {
  return { type: ComponentType.Label, label: text, ...(description !== undefined && { description }), component };
}

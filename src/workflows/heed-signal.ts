import { getCurrentDetails, log, type SignalDefinition, setCurrentDetails, setHandler } from '@temporalio/workflow';

export interface Heeding<Content> {
  /** Whether the content, as it came over the wire, is what the handler expects. */
  readonly fits: (content: unknown) => boolean;
  readonly handle: (content: Content) => void;
  readonly description: string;
  readonly ignored?: () => void;
}

/**
 * Handles a signal of the right shape. A signal cannot be refused, and a handler that throws fails the workflow task for
 * ever; so one of another shape is ignored, and the log and the Web UI's details say so.
 */
export function heedSignal<Arguments extends [unknown?]>(
  signal: SignalDefinition<Arguments>,
  { fits, handle, description, ignored }: Heeding<Arguments[0]>,
): void {
  setHandler(
    signal,
    (...[content]) => {
      if (fits(content)) return handle(content);
      log.warn('SIGNAL_IGNORED', { signal: signal.name });
      const sentence = `Ignored a signal \`${signal.name}\` whose content does not have the right shape.`;
      const details = getCurrentDetails();
      if (!details.endsWith(sentence))
        setCurrentDetails([details, sentence].filter((part) => part !== '').join('\n\n'));
      ignored?.();
    },
    { description },
  );
}

/**
 * What upstream calls an Error: it ends the scheduling cycle, whatever the other nodes are like. The message is the plugin's
 * own, without the words that the framework puts before it.
 */
export class CycleFailure extends Error {
  /** The plugin, where the framework has noted it. */
  readonly plugin: string | undefined;

  constructor(message: string, plugin?: string) {
    super(message);
    this.plugin = plugin;
  }

  override readonly name = "CycleFailure";
}
